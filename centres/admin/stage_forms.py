"""The forms of the two guided steps: all that changes when a centre opens, and when it closes or will not open."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList
from wagtail.admin.widgets import AdminDateInput
from wagtail.models import Page

from centres.bulk.plans import obstacle_of
from centres.forms import CentrePageForm, CentreServicePageForm
from centres.models import CentrePage, CentreServicePage, Milestone, MilestoneState, ServiceStatus, Stage
from centres.models.choices import GONE, NEEDS_AN_OPEN_CENTRE
from core.dates import DatePrecision
from core.editorial_rules.drafts import publish_error_sentences
from core.fields import validate_not_future
from users.models import User

OPENED = "The centre opens"


class _StepForm:
    """What the forms of a guided step share: they keep what they are told as a draft, or ask what publishing asks."""

    instance: Any
    fields: Any
    add_error: Any
    is_valid: Any

    def is_fine(self, *, is_published: bool) -> bool:
        """Whether it can be saved. Each error stands beside its field, or above them if it has none here."""
        if not is_published:
            self.defer_required_fields()  # type: ignore[attr-defined]
        # Publishing asks about the whole page, of which the form has a part: that is asked below.
        self.instance.is_unfinished = True
        if not self.is_valid():
            return False
        self.save(commit=False)  # type: ignore[attr-defined]
        if is_published:
            self.instance.is_unfinished = False
            self._ask_the_page()
        return not self.errors  # type: ignore[attr-defined]

    def _ask_the_page(self) -> None:
        try:
            self.instance.full_clean()
        except ValidationError as error:
            for name, found in error.error_dict.items():
                self.add_error(name if name in self.fields else NON_FIELD_ERRORS, found)
        else:
            for sentence in publish_error_sentences(self.instance):
                self.add_error(NON_FIELD_ERRORS, sentence)


class CentreOpensForm(_StepForm, CentrePageForm):
    """The centre, which is open from a day on."""

    opened_on = forms.DateField(
        label="Opening day",
        widget=AdminDateInput,
        validators=[validate_not_future],
        help_text="The day on which the centre opened. Today, or a day in the past.",
        error_messages={"required": "Enter the day on which it opened."},
    )
    adds_milestone = forms.BooleanField(
        label=f"Add “{OPENED}” with this day to its story",
        required=False,
        help_text="Leave it empty if one of the milestones below says so: choose “Done” there, and enter the day.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = [milestone.title.lower() for milestone in self.instance.milestones.all()]
        self.fields["adds_milestone"].initial = not any("open" in title for title in titles)

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; a step that should be over by now has happened, or has not."""
        cleaned: dict[str, Any] = super().clean()
        centre = self.instance
        centre.stage, centre.until_then = Stage.OPEN, ""
        if day := cleaned.get("opened_on"):
            centre.expected_opening, centre.expected_opening_precision = day, DatePrecision.DAY
        for form in self.formsets["milestones"].forms:
            is_kept = form.is_valid() and form.cleaned_data and not form.cleaned_data.get("DELETE")
            if is_kept and form.instance.is_overdue and not self.is_deferred_validation:
                form.add_error("state", "This date has passed. Choose “Done” or “Cancelled”, or enter another date.")
        return cleaned

    def save(self, commit: bool = True) -> CentrePage:
        """Put the opening among the milestones, if that was ticked."""
        centre: CentrePage = super().save(commit)
        day = self.cleaned_data.get("opened_on")
        if day and self.cleaned_data.get("adds_milestone"):
            centre.milestones.add(
                Milestone(
                    title=OPENED,
                    date=day,
                    precision=DatePrecision.DAY,
                    state=MilestoneState.DONE,
                    sort_order=centre.milestones.count(),
                )
            )
        return centre


class CentreClosesForm(_StepForm, CentrePageForm):
    """The centre, which closed or will not open."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        was_open = self.instance.stage == Stage.OPEN
        self.fields["stage"].choices = [(stage.value, stage.label) for stage in GONE]
        self.fields["stage"].label = "What became of it?"
        self.initial["stage"] = Stage.CLOSED if was_open else Stage.NOT_GOING_AHEAD
        self.fields["until_then"].label = "Where to go instead"


class _ServiceForm(_StepForm, CentreServicePageForm):
    """A service of the centre, whose status must be said."""

    statuses: ClassVar[list[ServiceStatus]] = list(ServiceStatus)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [("", "Choose a status"), *((each.value, each.label) for each in self.statuses)]
        self.fields["status"].error_messages["required"] = "Choose a status."
        self.initial["status"] = self.likely_status()

    def likely_status(self) -> str:
        """Return the status that is chosen already; empty where an editor must decide."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; what was meant for the time before says nothing once people can use it."""
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("status") == ServiceStatus.AVAILABLE:
            cleaned["until_then"] = ""
        return cleaned


class ServiceOpensForm(_ServiceForm):
    """A service of a centre that opens. What was confirmed or planned may be there now, or not: that must be said."""

    def likely_status(self) -> str:
        """Return the status it has, unless that says “not open yet”."""
        status = ServiceStatus(self.instance.status)
        return "" if status in (ServiceStatus.CONFIRMED, ServiceStatus.PLANNED) else status.value


class ServiceClosesForm(_ServiceForm):
    """A service of a centre that is gone: it was there and ended, or it will not come."""

    statuses = [ServiceStatus.ENDED, ServiceStatus.NOT_GOING_AHEAD]

    def likely_status(self) -> str:
        """Return “ended” for what was there."""
        was_there = self.instance.status in (*NEEDS_AN_OPEN_CENTRE, ServiceStatus.ENDED)
        return (ServiceStatus.ENDED if was_there else ServiceStatus.NOT_GOING_AHEAD).value


_WORDS = [FieldPanel("summary"), FieldPanel("notice"), FieldPanel("notice_ends_on")]
_REST = [FieldPanel("until_then"), FieldPanel("note"), FieldPanel("summary")]
_MILESTONES = InlinePanel("milestones", heading="Milestones", label="Milestone")


@dataclass(frozen=True)
class StageStep:
    """A guided step: how it is called, the forms of the centre and of its services, and what they show."""

    name: str
    heading: str
    centre_form: type[CentrePageForm]
    centre_panels: tuple[Any, ...]
    service_form: type[CentreServicePageForm]
    service_panels: tuple[Any, ...]


STEPS = {
    step.name: step
    for step in (
        StageStep(
            "opens",
            "This centre opens",
            CentreOpensForm,
            (
                _MILESTONES,
                *CentrePage.hours_panels,
                FieldPanel("hours_note"),
                FieldRowPanel([FieldPanel("telephone"), FieldPanel("email")]),
                FieldPanel("address"),
                FieldPanel("postcode"),
                *_WORDS,
            ),
            ServiceOpensForm,
            (
                FieldPanel("status"),
                FieldPanel("access"),
                FieldPanel("until_then"),
                FieldPanel("note"),
                FieldPanel("summary"),
            ),
        ),
        StageStep(
            "closes",
            "This centre closes",
            CentreClosesForm,
            (FieldPanel("stage", widget=forms.RadioSelect), FieldPanel("until_then"), _MILESTONES, *_WORDS),
            ServiceClosesForm,
            (FieldPanel("status"), *_REST),
        ),
    )
}


@lru_cache(maxsize=4)
def _handler(name: str, model: type[Page]) -> Any:
    """Return Wagtail's panels of a step for a type of page."""
    step = STEPS[name]
    panels, form = (
        (step.centre_panels, step.centre_form) if model is CentrePage else (step.service_panels, step.service_form)
    )
    return ObjectList(list(panels), base_form_class=form).bind_to_model(model)


@dataclass
class StepPage:
    """A page of a step: its newest draft, its form, and why nobody can change it now, if so.

    The centre is shown with Wagtail's `panel`, each service with its `fields`: panels are landmarks, of which no two
    may have the same name.
    """

    page: Any
    form: Any
    panel: Any
    fields: list[Any]
    obstacle: str
    has_other_changes: bool
    may_publish: bool


def step_pages(step: StageStep, centre: CentrePage, request: HttpRequest, user: User) -> list[StepPage]:
    """Return the centre and its services by name, each with its form; filled in, if it was sent."""
    services = CentreServicePage.objects.child_of(centre).select_related("service", "centre", "latest_revision")
    pages: list[Any] = [centre, *services.order_by("title", "pk")]
    return list(_step_pages(step, pages, request, user))


def _step_pages(step: StageStep, pages: list[Any], request: HttpRequest, user: User) -> Iterator[StepPage]:
    data = request.POST if request.method == "POST" else None
    # What is asked of a service depends on the stage that its centre is about to have.
    centre = pages[0].get_latest_revision_as_object()
    for page in pages:
        is_centre = page is pages[0]
        draft = centre if is_centre else page.get_latest_revision_as_object()
        if not is_centre:
            draft.centre = centre
        handler = _handler(step.name, CentrePage if is_centre else CentreServicePage)
        form = handler.get_form_class()(
            data,
            instance=draft,
            for_user=user,
            parent_page=None if is_centre else centre,
            prefix=None if is_centre else f"service-{page.pk}",
        )
        yield StepPage(
            page=draft,
            form=form,
            panel=handler.get_bound_panel(request=request, instance=draft, form=form, prefix=f"page-{page.pk}"),
            fields=[] if is_centre else [form[name] for name in handler.get_form_options()["fields"]],
            obstacle=obstacle_of(page, user),
            has_other_changes=page.live and page.has_unpublished_changes,
            may_publish=page.permissions_for_user(user).can_publish(),
        )


def version_of(centre: CentrePage) -> str:
    """Return a text that differs once the centre or one of its services has a newer version, or there is another."""
    pages = Page.objects.filter(path__startswith=centre.path).order_by("path")
    return ",".join(f"{pk}:{revision}" for pk, revision in pages.values_list("pk", "latest_revision"))
