"""Centres: the Integrated Medical Centres and the page that lists them."""

from typing import Any, ClassVar
from uuid import UUID

from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.fields import RichTextField
from wagtail.search import index

from centres.forms import CentreCopyForm, CentrePageForm
from centres.opening_hours import special_hours, state, usual_hours
from core.blocks import TEXT_FEATURES
from core.dates import DatePrecision, describe_date, describe_day, last_day
from core.editorial_rules.validators import FieldErrors
from core.fields import PostcodeField, TickListField, validate_not_future
from core.models import AlsoKnownAsMixin, BasePage, BodyMixin
from core.notification_choice import notification_panels
from core.panels import SentencePanel
from core.telephones import TELEPHONE_LENGTH, telephone_validator

from .choices import GONE, AccessFeature, Stage, StatusInfo
from .dated_facts import CONTACT, HOURS, STAGE, DatedFactsPage, FactAge, differing
from .hours import OpeningHoursMixin
from .milestone import Milestone


class CentresPage(BodyMixin, BasePage):
    """The list of centres."""

    content_panels: ClassVar[list[Any]] = [*BasePage.content_panels, *BasePage.summary_panels, *BodyMixin.body_panels]
    search_fields: ClassVar[list[Any]] = [*BasePage.search_fields, *BodyMixin.body_search_fields]

    is_list = True
    page_description = "The list of centres. There is one on the site."
    max_count = 1
    subpage_types: ClassVar[list[str]] = ["centres.CentrePage"]

    class Meta:
        verbose_name = "list of centres"


class CentrePage(AlsoKnownAsMixin, OpeningHoursMixin, BodyMixin, DatedFactsPage):
    """One Integrated Medical Centre. What belongs to it lives beneath it in the tree.

    Its template shows `centres.queries.centre_content`.
    """

    short_name = models.CharField(
        max_length=40,
        help_text="The name people say, used in lists and in “Blood tests at …”. For example: Purfleet",
    )
    stage = models.CharField(
        max_length=16,
        choices=Stage.choices,
        default=Stage.PROPOSED,
        help_text="How far the centre is. Unless it is open, its page says so at the very top.",
    )
    expected_opening = models.DateField(
        null=True, blank=True, help_text="For less than an exact day, enter any day of that month, season or year."
    )
    expected_opening_precision = models.CharField(
        "what we know of the date",
        max_length=12,
        choices=DatePrecision.choices,
        default=DatePrecision.YEAR,
        help_text="Residents see no more than you know: “end of 2023” rather than a day.",
    )
    expected_opening_stated_on = models.DateField(
        "said on",
        null=True,
        blank=True,
        validators=[validate_not_future],
        help_text="The day on which this opening date was given.",
    )
    until_then = RichTextField(
        "where to go while it is not open",
        features=TEXT_FEATURES,
        blank=True,
        help_text="Shown at the top of the page while the centre is not open.",
    )
    address = models.TextField(
        validators=[MaxLengthValidator(300)],
        blank=True,
        help_text="Line by line, without the postcode. Leave it empty if there is none yet.",
    )
    postcode = PostcodeField(blank=True, help_text="For example: RM19 1SX")
    latitude = models.DecimalField(
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text="Position of the main door in degrees north, from any map. For example: 51.480000",
    )
    longitude = models.DecimalField(
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
        help_text="Position of the main door in degrees east. For example: 0.250000",
    )
    telephone = models.CharField(
        max_length=TELEPHONE_LENGTH,
        blank=True,
        validators=[telephone_validator],
        help_text="Used for every service here that has no number of its own.",
    )
    email = models.EmailField(
        "e-mail address", blank=True, help_text="Used for every service here that has no address of its own."
    )
    travel = RichTextField(
        "how to get there", features=TEXT_FEATURES, blank=True, help_text="By bus, train, on foot, by bicycle."
    )
    parking = RichTextField(features=TEXT_FEATURES, blank=True, help_text="Where to park, and what it costs.")
    access_features = TickListField(
        "access", ticks=AccessFeature.choices, help_text="Tick only what somebody has seen there."
    )
    access_notes = models.TextField(
        validators=[MaxLengthValidator(1000)],
        blank=True,
        help_text="Anything else people need to know about getting in and around.",
    )
    hours_note = models.CharField(
        "note about opening hours",
        max_length=200,
        blank=True,
        help_text="For example: the reception closes half an hour earlier.",
    )
    notice = models.TextField(
        validators=[MaxLengthValidator(500)],
        blank=True,
        help_text="Something people should know now. Shown at the top of the page.",
    )
    notice_ends_on = models.DateField(
        "last day of the notice", null=True, blank=True, help_text="The notice goes away by itself after this day."
    )

    content_panels: ClassVar[list[Any]] = [
        TitleFieldPanel("title", help_text="The full name. For example: Purfleet Integrated Medical Centre"),
        FieldPanel("short_name"),
        *BasePage.summary_panels,
        *AlsoKnownAsMixin.also_known_as_panels,
        MultiFieldPanel(
            [
                FieldPanel("stage"),
                FieldRowPanel([FieldPanel("expected_opening"), FieldPanel("expected_opening_precision")]),
                FieldPanel("expected_opening_stated_on"),
                FieldPanel("until_then"),
            ],
            heading="Is it open?",
        ),
        MultiFieldPanel(
            [SentencePanel("notice_schedule_text"), FieldPanel("notice"), FieldPanel("notice_ends_on")],
            heading="Notice",
        ),
        *BodyMixin.body_panels,
        *notification_panels,
    ]
    visit_panels: ClassVar[list[Any]] = [
        *OpeningHoursMixin.hours_panels,
        FieldPanel("hours_note"),
        MultiFieldPanel(
            [
                FieldPanel("address"),
                FieldPanel("postcode"),
                FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
                FieldPanel("travel"),
                FieldPanel("parking"),
            ],
            heading="Where it is",
        ),
        MultiFieldPanel([FieldPanel("telephone"), FieldPanel("email")], heading="Contact"),
        MultiFieldPanel([FieldPanel("access_features"), FieldPanel("access_notes")], heading="Access"),
    ]
    story_panels: ClassVar[list[Any]] = [
        InlinePanel("milestones", heading="Milestones", label="Milestone"),
        InlinePanel("partners", heading="Partner organisations", label="Partner"),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(content_panels, heading="Content"),
            ObjectList(visit_panels, heading="Visit and hours"),
            ObjectList(story_panels, heading="Story and partners"),
            ObjectList(BasePage.promote_panels, heading="Promote"),
            ObjectList(BasePage.settings_panels, heading="Settings"),
        ]
    )
    search_fields: ClassVar[list[Any]] = [
        *BasePage.search_fields,
        *AlsoKnownAsMixin.also_known_as_search_fields,
        index.SearchField("short_name", boost=5),
        index.SearchField("address"),
        index.SearchField("postcode"),
        *BodyMixin.body_search_fields,
    ]

    goes_with_it = "Its services there go off the site with it."
    base_form_class = CentrePageForm
    copy_form_class = CentreCopyForm
    # A copy knows nothing of another place: only its words are taken over.
    exclude_fields_in_copy: ClassVar[list[str]] = [
        *("stage", "expected_opening", "expected_opening_precision", "expected_opening_stated_on", "until_then"),
        *("address", "postcode", "latitude", "longitude", "telephone", "email", "travel", "parking"),
        *("access_features", "access_notes", "hours", "exceptions", "hours_note", "notice", "notice_ends_on"),
        *("milestones", "partners", "checked_on", "said_on"),
    ]
    notifies_of = "a new notice, a new stage, or a milestone that is new, done or has a new date"
    page_description = "An Integrated Medical Centre. Its services go beneath it."
    parent_page_types: ClassVar[list[str]] = ["centres.CentresPage"]
    subpage_types: ClassVar[list[str]] = ["centres.CentreServicePage"]

    class Meta:
        verbose_name = "centre"

    def publish_errors(self) -> FieldErrors:
        """Refuse a notice without an end and half a position."""
        found = super().publish_errors()
        if self.notice and not self.notice_ends_on:
            found["notice_ends_on"] = ["A notice needs a last day, so that it does not stay for ever."]
        if (self.latitude is None) != (self.longitude is None):
            missing = "latitude" if self.latitude is None else "longitude"
            found[missing] = ["A position needs both numbers."]
        return found

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; the milestones that residents have seen keep the dates they had."""
        if kwargs.get("update_fields") is None:
            stored = self.stored_milestones()
            for milestone in self.milestones.all():
                milestone.remember(stored.get(milestone.key), is_live=self.live)
        super().save(*args, **kwargs)

    def facts(self) -> dict[str, Any]:
        """Return what is dated: the stage, the hours, and where it is and how to reach it."""
        return {
            STAGE: self.stage,
            HOURS: (self.opening_hours, self.hours_note),
            CONTACT: (self.address, self.postcode, self.telephone, self.email),
        }

    def stored_milestones(self) -> dict[UUID, Milestone]:
        """Return the milestones as the database has them, by key; not those of the draft at hand."""
        return {milestone.key: milestone for milestone in Milestone.objects.filter(centre=self.pk)} if self.pk else {}

    def unexplained_milestones(self) -> list[Milestone]:
        """Return the milestones whose date residents have read otherwise, without a reason for the change."""
        stored = self.stored_milestones()
        return [each for each in self.milestones.all() if each.key in stored and each.is_unexplained(stored[each.key])]

    @property
    def stage_info(self) -> StatusInfo:
        """The stage as residents see it."""
        return Stage(self.stage).info

    @property
    def stage_age(self) -> FactAge | None:
        """How old the stage is."""
        return self.age_of(STAGE)

    @property
    def hours_age(self) -> FactAge | None:
        """How old the opening hours are."""
        return self.age_of(HOURS, "These times")

    @property
    def contact_age(self) -> FactAge | None:
        """How old the address, telephone number and e-mail address are."""
        return self.age_of(CONTACT, "These details")

    @property
    def state_ages(self) -> list[FactAge]:
        """How old is what its page says at the top: the stage and, while it is open, its hours."""
        if not (self.is_open_to_public and self.hours):
            return differing({"This": self.stage_age})
        return differing({"This": self.stage_age, "These times": self.hours_age})

    @property
    def is_open_to_public(self) -> bool:
        """Whether people can go there at all (on the days and hours it keeps)."""
        return self.stage == Stage.OPEN

    @property
    def is_gone(self) -> bool:
        """Whether it closed for good or will never open: its page says no longer how to get there."""
        return self.stage in GONE

    @property
    def hours_state(self) -> str:
        """Whether it is open at this moment, in a few words; empty if it is no open centre, or nobody knows."""
        return state(self.opening_hours, timezone.localtime()).text if self.is_open_to_public else ""

    @property
    def expected_opening_text(self) -> str:
        """When it should open, such as "end of 2023"; empty once it is open or will not be."""
        if self.is_open_to_public or self.is_gone:
            return ""
        return describe_date(self.expected_opening, self.expected_opening_precision)

    @property
    def is_opening_overdue(self) -> bool:
        """Whether the day by which it should have opened has passed."""
        if not self.expected_opening or not self.expected_opening_text:
            return False
        return last_day(self.expected_opening, self.expected_opening_precision) < timezone.localdate()

    @property
    def notice_schedule_text(self) -> str:
        """Until when editors read that the notice shows."""
        if not (self.notice and self.notice_ends_on):
            return ""
        if not self.current_notice:
            return f"The notice went away by itself at the end of {describe_day(self.notice_ends_on)}."
        last = describe_day(self.notice_ends_on)
        return f"Residents see the notice once the page is published. It goes away by itself at the end of {last}."

    @property
    def current_notice(self) -> str:
        """The notice, until its last day is over."""
        is_over = self.notice_ends_on is not None and self.notice_ends_on < timezone.localdate()
        return "" if is_over else self.notice

    @property
    def access_feature_labels(self) -> list[str]:
        """What the building has, in words."""
        return [label for value, label in AccessFeature.choices if value in self.access_features]

    @property
    def structured_data(self) -> dict[str, Any]:
        """A medical clinic once it is open; before that an ordinary page, so that nobody is sent there."""
        data = super().structured_data
        if not self.is_open_to_public:
            return data
        clinic: dict[str, Any] = {"@type": "MedicalClinic", "name": self.title, "description": self.summary}
        if self.telephone:
            clinic["telephone"] = self.telephone
        if self.email:
            clinic["email"] = self.email
        if self.address or self.postcode:
            clinic["address"] = {
                "@type": "PostalAddress",
                "streetAddress": ", ".join(self.address.splitlines()),
                "postalCode": self.postcode,
                "addressCountry": "GB",
            }
        if self.latitude is not None and self.longitude is not None:
            clinic["geo"] = {
                "@type": "GeoCoordinates",
                "latitude": float(self.latitude),
                "longitude": float(self.longitude),
            }
        today, hours = timezone.localdate(), self.opening_hours
        if usual := usual_hours(hours, today):
            clinic["openingHoursSpecification"] = usual
        if special := special_hours(hours, today):
            clinic["specialOpeningHoursSpecification"] = special
        return clinic
