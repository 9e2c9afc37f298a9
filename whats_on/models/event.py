"""Events: drop-ins, forum meetings, online meetings; on one or more dates."""

from typing import Any, ClassVar

from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils import timezone
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PageChooserPanel,
    TabbedInterface,
)
from wagtail.fields import RichTextField, StreamField
from wagtail.search import index

from centres.models import AccessFeature
from core.blocks import TEXT_FEATURES, BodyBlock
from core.dates import DatePrecision, describe_date
from core.editorial_rules.validators import FieldErrors
from core.fields import PostcodeField, TickListField, https_validator
from core.models import BasePage, BodyMixin
from core.notification_choice import notification_panels
from core.visibility import is_public
from whats_on.choices import Attendance, EventKind
from whats_on.forms import EventPageForm

# More would only make the page heavier; those who want all dates take the calendar.
MOST_DATES = 12

# How schema.org says how people take part.
ATTENDANCE_MODES = {
    Attendance.IN_PERSON: "https://schema.org/OfflineEventAttendanceMode",
    Attendance.ONLINE: "https://schema.org/OnlineEventAttendanceMode",
    Attendance.BOTH: "https://schema.org/MixedEventAttendanceMode",
}


class EventPage(BodyMixin, BasePage):
    """One event, which may have several dates. A cancelled event stays up and says so.

    Its template shows `whats_on.content.event_content`.
    """

    kind = models.CharField(
        max_length=16,
        choices=EventKind.choices,
        default=EventKind.DROP_IN,
        help_text="People can narrow the list of events by it.",
    )
    is_cancelled = models.BooleanField(
        "all of it is cancelled",
        default=False,
        help_text="Tick this to cancel every date. The page stays up and says so. To cancel one date, do it there.",
    )
    cancelled_note = models.CharField(
        "why it is cancelled", max_length=300, blank=True, help_text="Shown at the top of the page."
    )
    rough_date = models.DateField(
        "when, if the day is not known",
        null=True,
        blank=True,
        db_index=True,
        help_text="Only while there are no dates above: any day of that month, season or year.",
    )
    rough_date_precision = models.CharField(
        "what we know of it",
        max_length=12,
        choices=[each for each in DatePrecision.choices if each[0] != DatePrecision.DAY],
        default=DatePrecision.MONTH,
        help_text="Residents see no more than you know: “spring 2016” rather than a day.",
    )
    attendance = models.CharField(
        "how people take part",
        max_length=10,
        choices=Attendance.choices,
        default=Attendance.IN_PERSON,
        help_text="In a place, online, or both.",
    )
    centre = models.ForeignKey(
        "centres.CentrePage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="events",
        help_text="The centre it is at or about, if any. It shows on the centre’s page. If you leave the place, the "
        "address and the postcode empty, residents read that it is at the centre.",
    )
    forum = models.ForeignKey(
        "news.ForumPage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="events",
        help_text="The forum that holds it, if any. It shows on the forum’s page and on those of its centres.",
    )
    place = models.CharField(max_length=150, blank=True, help_text="The name of the place. For example: Village hall")
    address = models.TextField(
        validators=[MaxLengthValidator(300)], blank=True, help_text="Line by line, without the postcode."
    )
    postcode = PostcodeField(blank=True, help_text="For example: RM19 1SX")
    joining_link = models.URLField(
        "link to join online",
        max_length=500,
        blank=True,
        validators=[https_validator],
        help_text="The address of the online meeting. It must begin with https://",
    )
    show_joining_link = models.BooleanField(
        "show the link to everyone",
        default=False,
        help_text="Anyone can then join. While it is not ticked, residents do not see the link.",
    )
    booking = RichTextField(
        "how to book", features=TEXT_FEATURES, blank=True, help_text="Or that there is no need to book."
    )
    booking_link = models.URLField(
        "address to book at", blank=True, validators=[https_validator], help_text="It must begin with https://"
    )
    access_features = TickListField(
        "access", ticks=AccessFeature.choices, help_text="Tick only what you know of this place."
    )
    access_notes = models.TextField(
        validators=[MaxLengthValidator(1000)],
        blank=True,
        help_text="Anything else people need to know about getting in, hearing, seeing and joining in.",
    )
    bring = RichTextField("what to bring", features=TEXT_FEATURES, blank=True, help_text="Leave it empty if nothing.")
    recap = StreamField(
        BodyBlock(),
        blank=True,
        verbose_name="what happened",
        help_text="Afterwards: what was said and decided, with documents to download.",
    )

    content_panels: ClassVar[list[Any]] = [
        *BasePage.content_panels,
        *BasePage.summary_panels,
        FieldPanel("kind"),
        InlinePanel(
            "dates",
            heading="Dates",
            label="Date",
            help_text="To repeat it every week or month, save a draft, then choose “Add repeats” in the menu at the "
            "top. To call off a date that residents have seen, do not remove it: open it and choose “Cancelled”.",
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("rough_date"), FieldPanel("rough_date_precision")])],
            heading="If the day is not known",
        ),
        MultiFieldPanel([FieldPanel("is_cancelled"), FieldPanel("cancelled_note")], heading="Is it cancelled?"),
        *BodyMixin.body_panels,
        *notification_panels,
    ]
    visit_panels: ClassVar[list[Any]] = [
        FieldPanel("attendance"),
        MultiFieldPanel(
            [
                PageChooserPanel("centre", "centres.CentrePage"),
                FieldPanel("place"),
                FieldPanel("address"),
                FieldPanel("postcode"),
            ],
            heading="Where it is",
        ),
        MultiFieldPanel([FieldPanel("joining_link"), FieldPanel("show_joining_link")], heading="Online"),
        PageChooserPanel("forum", "news.ForumPage"),
        MultiFieldPanel([FieldPanel("booking"), FieldPanel("booking_link")], heading="Booking"),
        MultiFieldPanel([FieldPanel("access_features"), FieldPanel("access_notes")], heading="Access"),
        FieldPanel("bring"),
    ]
    recap_panels: ClassVar[list[Any]] = [FieldPanel("recap")]
    edit_handler = TabbedInterface(
        [
            ObjectList(content_panels, heading="What and when"),
            ObjectList(visit_panels, heading="Where and how"),
            ObjectList(recap_panels, heading="Afterwards"),
            ObjectList(BasePage.promote_panels, heading="Promote"),
            ObjectList(BasePage.settings_panels, heading="Settings"),
        ]
    )
    search_fields: ClassVar[list[Any]] = [
        *BasePage.search_fields,
        *BodyMixin.body_search_fields,
        index.SearchField("place"),
        index.SearchField("address"),
        index.SearchField("recap"),
    ]

    base_form_class = EventPageForm
    notifies_of = "a date that is added, moved, cancelled or taken out, or another place"
    page_description = "An event with one or more dates: a drop-in, a forum meeting, an online meeting."
    parent_page_types: ClassVar[list[str]] = ["events.EventsPage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "event"

    def publish_errors(self) -> FieldErrors:
        """Refuse a cancellation without a reason, and a link that cannot be.

        Whether there is a date is asked by the form, which has the rows.
        """
        found = super().publish_errors()
        if self.is_cancelled and not self.cancelled_note.strip():
            found["cancelled_note"] = ["Say why, in a few words."]
        if self.show_joining_link and not self.joining_link:
            found["joining_link"] = ["Give the link that everyone should see, or do not tick “show the link”."]
        if self.attendance == Attendance.IN_PERSON and self.joining_link:
            found["joining_link"] = ["It takes place in person only. Choose “Online” or both, or leave the link empty."]
        return found

    @property
    def rough_date_text(self) -> str:
        """When it is, as exactly as it is known, such as "spring 2016"; empty if it has dates."""
        return describe_date(self.rough_date, self.rough_date_precision)

    @property
    def is_in_person(self) -> bool:
        """Whether people can go there."""
        return self.attendance != Attendance.ONLINE

    @property
    def is_online(self) -> bool:
        """Whether people can take part from anywhere."""
        return self.attendance != Attendance.IN_PERSON

    @property
    def has_place(self) -> bool:
        """Whether it says of itself where it is; if not, it is at its centre."""
        return bool(self.place or self.address or self.postcode)

    @property
    def public_joining_link(self) -> str:
        """The link to join online, if everyone may have it."""
        return self.joining_link if self.is_online and self.show_joining_link else ""

    @property
    def access_feature_labels(self) -> list[str]:
        """What the place has, in words."""
        return [label for value, label in AccessFeature.choices if value in self.access_features]

    def where_text(self, centre_name: str) -> str:
        """Return where it is in a few words; `centre_name` is the public name of its centre, or empty."""
        place = self.place or (centre_name if not self.has_place else "")
        if self.attendance == Attendance.ONLINE:
            return "Online"
        if self.attendance == Attendance.BOTH:
            return f"{place} and online" if place else "In person and online"
        return place

    @property
    def structured_data(self) -> dict[str, Any]:
        """An event for each date to come, or for the last one; an ordinary page while no day is known."""
        page = super().structured_data
        dates = sorted(self.dates.all(), key=lambda date: date.starts_at)
        now = timezone.now()
        shown = [date for date in dates if date.ends_at > now][:MOST_DATES] or dates[-1:]
        if not shown:
            return page
        common: dict[str, Any] = {
            "name": self.heading,
            "description": self.meta_description,
            "eventAttendanceMode": ATTENDANCE_MODES[Attendance(self.attendance)],
        }
        if places := self._places_data():
            common["location"] = places if len(places) > 1 else places[0]
        events = [
            {"@type": "Event", **common, **date.structured_data(is_cancelled=self.is_cancelled)} for date in shown
        ]
        return events[0] if len(events) == 1 else {"@type": "EventSeries", **common, "subEvent": events}

    def _places_data(self) -> list[dict[str, Any]]:
        """Return where it takes place: the place, the internet, or both; nothing that is not known."""
        places: list[dict[str, Any]] = []
        centre = self.centre if self.centre and not self.has_place and is_public(self.centre) else None
        at = centre or self
        name = centre.title if centre else self.place
        if self.is_in_person and (name or at.address or at.postcode):
            place: dict[str, Any] = {"@type": "Place"}
            if name:
                place["name"] = name
            if at.address or at.postcode:
                address = {"streetAddress": ", ".join(at.address.splitlines()), "postalCode": at.postcode}
                place["address"] = {
                    "@type": "PostalAddress",
                    **{key: value for key, value in address.items() if value},
                    "addressCountry": "GB",
                }
            places.append(place)
        if self.is_online:
            link = {"url": self.public_joining_link} if self.public_joining_link else {}
            places.append({"@type": "VirtualLocation", **link})
        return places
