"""Services at centres: one service at one centre, and how sure it is."""

from dataclasses import replace
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.forms import CheckboxSelectMultiple
from django.utils import timezone
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import RichTextField
from wagtail.search import index

from centres.forms import CentreServicePageForm
from centres.opening_hours import OpeningHours, special_hours, usual_hours
from core.blocks import TEXT_FEATURES
from core.dates import DatePrecision, describe_date, last_day
from core.editorial_rules.validators import FieldErrors
from core.fields import TickListField, https_validator
from core.models import BasePage
from core.notification_choice import notification_panels
from core.telephones import TELEPHONE_LENGTH, telephone_validator
from core.visibility import is_private

from .choices import NEEDS_AN_OPEN_CENTRE, UNDECIDED, Access, ServiceStatus, Stage, StatusInfo, shown_status
from .dated_facts import CONTACT, HOURS, STATUS, DatedFactsPage, FactAge, differing
from .hours import OpeningHoursMixin


class CentreServicePage(OpeningHoursMixin, DatedFactsPage):
    """One service at one centre. What it does not say it takes from its service and its centre.

    Its template shows `centres.queries.centre_service_content`.
    """

    service = models.ForeignKey(
        "centres.ServicePage",
        on_delete=models.RESTRICT,
        related_name="at_centres",
        help_text="The service as the A to Z describes it. This page takes its name from it.",
    )
    # The parent in the tree, kept here so that lists can join it; `sync_from_service` sets it and nobody edits it.
    centre = models.ForeignKey(
        "centres.CentrePage", editable=False, on_delete=models.RESTRICT, related_name="centre_services"
    )
    status = models.CharField(
        max_length=20,
        choices=ServiceStatus.choices,
        default=ServiceStatus.TO_BE_CONFIRMED,
        help_text="How sure this service is here. Residents see it everywhere the service is named. While the centre "
        "is not open, “offered here” is shown as “confirmed, not open yet”.",
    )
    decision_expected = models.DateField(
        null=True, blank=True, help_text="When it will be known, if somebody has said so."
    )
    decision_expected_precision = models.CharField(
        "what we know of the date",
        max_length=12,
        choices=DatePrecision.choices,
        default=DatePrecision.YEAR,
        help_text="Residents see no more than you know.",
    )
    note = models.TextField(
        validators=[MaxLengthValidator(500)],
        blank=True,
        help_text="What is special here. For example: could be based on three specialities.",
    )
    access = TickListField(
        "how to get it", ticks=Access.choices, help_text="Every way in which people get to this service here."
    )
    access_details = RichTextField(
        "more about how to get it", features=TEXT_FEATURES, blank=True, help_text="For example, how to book."
    )
    until_then = RichTextField(
        "where to go until then",
        features=TEXT_FEATURES,
        blank=True,
        help_text="Shown while people cannot use the service here. Leave empty to show what the centre says.",
    )
    telephone = models.CharField(
        max_length=TELEPHONE_LENGTH,
        blank=True,
        validators=[telephone_validator],
        help_text="Leave empty to show the centre’s number.",
    )
    email = models.EmailField("e-mail address", blank=True, help_text="Leave empty to show the centre’s address.")
    website = models.URLField(
        validators=[https_validator], blank=True, help_text="Where to book or read more. It must begin with https://"
    )
    has_own_door = models.BooleanField(
        "has a door of its own",
        default=False,
        help_text="Tick this only if people can get in while the centre is closed, through its own door or because "
        "the service is somewhere else. Otherwise it is never shown as open while the centre is closed.",
    )
    roles = ParentalManyToManyField(
        "centres.RolePage",
        blank=True,
        related_name="centre_services",
        help_text="Who people see here. Tick none to show the roles of the service.",
    )
    summary = models.TextField(
        validators=[MaxLengthValidator(300)],
        blank=True,
        help_text="Leave empty to show what the service says. Up to 300 characters.",
    )

    content_panels: ClassVar[list[Any]] = [
        HelpPanel(
            "The name of this page comes from the service, its hours and telephone from the centre. "
            "Fill in only what is different here.",
            heading="A service at this centre",
        ),
        PageChooserPanel("service", "centres.ServicePage"),
        MultiFieldPanel(
            [
                FieldPanel(
                    "status",
                    help_text="How sure this service is here. Residents see it everywhere the service is named. "
                    "“Offered here” and “Temporarily closed” need a centre that is open.",
                ),
                FieldRowPanel([FieldPanel("decision_expected"), FieldPanel("decision_expected_precision")]),
                FieldPanel("note"),
                FieldPanel("until_then"),
            ],
            heading="Is it here?",
        ),
        MultiFieldPanel([FieldPanel("access"), FieldPanel("access_details")], heading="How to get it"),
        MultiFieldPanel(
            [FieldPanel("telephone"), FieldPanel("email"), FieldPanel("website")],
            heading="Contact, if not the centre’s",
        ),
        *OpeningHoursMixin.hours_panels,
        FieldPanel("has_own_door"),
        FieldPanel("roles", widget=CheckboxSelectMultiple),
        *BasePage.summary_panels,
        *notification_panels,
    ]
    promote_panels: ClassVar[list[Any]] = [
        MultiFieldPanel([FieldPanel("seo_title"), FieldPanel("search_description")], heading="For search engines")
    ]
    search_fields: ClassVar[list[Any]] = [
        *BasePage.search_fields,
        index.SearchField("heading", boost=2),
        index.RelatedFields("centre", [index.SearchField("also_known_as")]),
        index.SearchField("note"),
        index.SearchField("access_details"),
        index.RelatedFields("service", [index.SearchField("title"), index.SearchField("also_known_as")]),
    ]

    base_form_class = CentreServicePageForm
    # A copy, which comes with that of its centre, says nothing of how sure the service is there.
    exclude_fields_in_copy: ClassVar[list[str]] = [
        *("status", "decision_expected", "decision_expected_precision", "note", "access", "access_details"),
        *("until_then", "telephone", "email", "website", "roles", "hours", "exceptions", "has_own_door"),
        *("checked_on", "said_on"),
    ]
    notifies_of = "a new status"
    heading_needs = ("centre",)
    page_description = "A service at this centre: whether it is here, and how to get it."
    parent_page_types: ClassVar[list[str]] = ["centres.CentrePage"]
    subpage_types: ClassVar[list[str]] = []

    # Set where many pages are validated and neither their places nor their services change: that asks for no twin.
    keeps_its_place = False

    class Meta:
        verbose_name = "service at a centre"
        verbose_name_plural = "services at centres"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["centre", "service"], name="one_page_per_service_and_centre")
        ]

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Take what comes from the service and the centre, then validate."""
        self.sync_from_service()
        super().full_clean(*args, **kwargs)

    def minimal_clean(self) -> None:
        """Take what comes from the service and the centre, then validate as a draft."""
        self.sync_from_service()
        super().minimal_clean()

    def clean(self) -> None:
        """Refuse a second page for the same service, even as a draft. Raises ValidationError keyed by field."""
        if self.centre_id and self.service_id and not self.keeps_its_place:
            twins = CentreServicePage.objects.filter(centre=self.centre_id, service=self.service_id)
            if twins.exclude(pk=self.pk).exists():
                raise ValidationError(
                    {"service": f"{self.centre.title} already lists {self.service.title}. Change that page instead."}
                )
        super().clean()

    def publish_errors(self) -> FieldErrors:
        """Refuse a status that cannot be; its title is for its service to mend."""
        found = super().publish_errors()
        found.pop("title", None)
        return found | self._status_errors()

    def _status_errors(self) -> FieldErrors:
        """Say what does not go with the status.

        What a live page said already, and was true once, does not keep anybody from publishing another change of it.
        """
        errors: FieldErrors = {}
        unchanged = CentreServicePage.objects.filter(pk=self.pk, live=True, status=self.status)
        if self.status == ServiceStatus.AVAILABLE and set(self.access or ()) <= {Access.TO_BE_CONFIRMED}:
            errors["access"] = ["People can use this service, so say how they get it: tick at least one way."]
        if self.status in NEEDS_AN_OPEN_CENTRE and not self.is_centre_open and not unchanged.exists():
            advice = "Choose “Confirmed” or another status until the centre opens."
            errors["status"] = [f"{self.centre.title} is not open, so nobody can use this service there. {advice}"]
        decision = {name: getattr(self, name) for name in ("decision_expected", "decision_expected_precision")}
        if self.is_decision_overdue and not unchanged.filter(**decision).exists():
            errors["decision_expected"] = [
                "This date has passed. If it is decided, change the status. If not, enter a new date or none."
            ]
        return errors

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save beneath the centre where it is; Wagtail saves copies and aliases without validating them."""
        if kwargs.get("update_fields") is None:
            self.sync_from_service()
        super().save(*args, **kwargs)

    def facts(self) -> dict[str, Any]:
        """Return what is dated: the status, the hours and the contact that it has of its own."""
        return {STATUS: self.status, HOURS: self.opening_hours, CONTACT: (self.telephone, self.email, self.website)}

    def sync_from_service(self) -> None:
        """Copy the service's title and slug (the draft title too: the admin shows it), and keep the parent at hand."""
        if self.service_id:
            self.title = self.draft_title = self.service.title
            self.slug = self.service.slug
        parent = self.get_parent()
        if parent is not None and parent.pk != self.centre_id:
            self.centre = parent.specific

    def with_content_json(self, content: dict[str, Any]) -> "CentreServicePage":
        """Return the page as a revision has it, at the centre where it is now."""
        page: CentreServicePage = super().with_content_json(content)
        page.centre_id = self.centre_id
        return page

    @property
    def is_shown(self) -> bool:
        """Whether its service and its centre can be seen; a private centre makes all beneath it private."""
        return self.service.live and self.centre.live and not is_private(self.service.path)

    @property
    def text_sources(self) -> tuple[models.Model, ...]:
        """The page shows what its service and its centre say, too."""
        return (self, self.service, self.centre)

    @property
    def heading(self) -> str:
        """The service and the centre, such as "Blood tests at Purfleet"."""
        return f"{self.title} at {self.centre.short_name}" if self.centre_id else self.title

    @property
    def summary_text(self) -> str:
        """What lists say: its own words, else the service's."""
        return self.summary or self.service.summary

    @property
    def meta_description(self) -> str:
        """What search engines say: the status first, unless people can use it here."""
        if self.search_description:
            return self.search_description
        said = self.summary_text
        return said if self.is_available else f"{self.heading}: {self.status_info.label.lower()}. {said}"

    @property
    def team_text(self) -> str:
        """The team that looks after it: its own, else the centre's."""
        return self.team or self.centre.team

    @property
    def shown_status(self) -> ServiceStatus:
        """The status residents see: nothing is available at a centre that is not open."""
        return shown_status(Stage(self.centre.stage), ServiceStatus(self.status))

    @property
    def status_info(self) -> StatusInfo:
        """The status residents see, in words."""
        return self.shown_status.info

    @property
    def status_age(self) -> FactAge | None:
        """How old the status is: that of the centre's stage, where that decides what residents see."""
        return self.age_of(STATUS) if self.shown_status == self.status else self.centre.stage_age

    @property
    def hours_age(self) -> FactAge | None:
        """How old the hours are: its own, or those of its centre."""
        return self.age_of(HOURS, "These times") if self.has_own_hours else self.centre.hours_age

    @property
    def contact_age(self) -> FactAge | None:
        """How old the contact details are: its own, or those of its centre."""
        has_own = self.telephone or self.email or self.website
        return self.age_of(CONTACT, "These details") if has_own else self.centre.contact_age

    @property
    def state_ages(self) -> list[FactAge]:
        """How old is what its page says at the top: the status and, while people can use it, its hours."""
        if not (self.is_available and (self.hours or self.centre.hours)):
            return differing({"This": self.status_age})
        return differing({"This": self.status_age, "These times": self.hours_age})

    @property
    def is_available(self) -> bool:
        """Whether people can use it here, at its opening times."""
        return self.shown_status == ServiceStatus.AVAILABLE

    @property
    def decision_expected_text(self) -> str:
        """When it will be known, as exactly as somebody has said; empty once it is known."""
        if self.status not in UNDECIDED:
            return ""
        return describe_date(self.decision_expected, self.decision_expected_precision)

    @property
    def is_centre_open(self) -> bool:
        """Whether people can go to its centre; true while it has none yet."""
        return not self.centre_id or self.centre.is_open_to_public

    @property
    def is_decision_overdue(self) -> bool:
        """Whether it is still undecided although the day by which it would be known has passed."""
        if self.decision_expected is None or self.status not in UNDECIDED:
            return False
        return last_day(self.decision_expected, self.decision_expected_precision) < timezone.localdate()

    @property
    def access_labels(self) -> list[str]:
        """How people get to it, in words; "To be confirmed" when nobody has said."""
        labels = [label for value, label in Access.choices if value in self.access]
        return labels or [str(Access.TO_BE_CONFIRMED.label)]

    @property
    def effective_hours(self) -> OpeningHours:
        """Its own week, else the centre's, while the centre is open: unless it has a door of its own.

        Without a week of its own, it keeps the days on which the centre is different too.
        """
        own, centre = self.opening_hours, self.centre.opening_hours
        within = None if self.has_own_door else centre
        if own.sessions:
            return replace(own, within=within)
        return OpeningHours(centre.sessions, (*own.exceptions, *centre.exceptions), within)

    @property
    def has_own_hours(self) -> bool:
        """Whether it keeps a week of its own."""
        return bool(self.opening_hours.sessions)

    @property
    def contact(self) -> dict[str, Any]:
        """Telephone, e-mail and website; the first two are the centre's where it gives none of its own."""
        return {
            "telephone": self.telephone or self.centre.telephone,
            "email": self.email or self.centre.email,
            "website": self.website,
            "from_centre": not (self.telephone or self.email),
        }

    @property
    def structured_data(self) -> dict[str, Any]:
        """An ordinary page; it is a service of a clinic only while people can use it."""
        data = super().structured_data
        if self.is_available:
            data["about"] = {
                "@type": "Service",
                "name": self.title,
                "provider": {"@type": "MedicalClinic", "name": self.centre.title},
            }
            today, hours = timezone.localdate(), self.effective_hours
            if said := usual_hours(hours, today) + special_hours(hours, today):
                data["about"]["hoursAvailable"] = said
        return data
