"""What an editor is asked to do: only what he or she may mend, in a fixed number of queries."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, get_page_models
from wagtail.permissions import policy_registry

from centres.models import CentrePage, CentreServicePage, ServiceStatus, Stage
from centres.opening_hours import missing_bank_holidays
from core.alerts import ending_alerts
from core.dates import describe_day, describe_moment, last_day
from core.links.report import dead_links
from core.models import BasePage, SiteImage
from core.page_tools.still_correct import check_due_q
from core.permissions import changeable, titles_with_parents
from leaflets.mending import documents_to_mend
from users.models import User
from whats_on.queries import without_recap

# No list is longer: whoever is that far behind begins at the top.
MOST = 200
ON_DASHBOARD = 5
UNDECIDED = (ServiceStatus.TO_BE_CONFIRMED, ServiceStatus.POSSIBLE, ServiceStatus.PLANNED)
# Enough of a service at a centre to say what is undecided.
DECISION = (
    *("title", "status", "decision_expected", "decision_expected_precision", "checked_on", "last_published_at"),
    "centre__short_name",
)
# After so long, somebody should ask whether "to be confirmed" is still all that is known.
UNDECIDED_FOR = timedelta(days=90)
ENDS_WITHIN = timedelta(days=7)
BANK_HOLIDAYS_WITHIN_DAYS = 90
RECAP_WITHIN = timedelta(days=90)


@dataclass(frozen=True)
class ToDoItem:
    """One thing to do: what it is about, what about it, and the button that leads to mending it.

    `page` is the key of a page that may be right as it is, which one click confirms.
    """

    title: str
    detail: str
    url: str
    button: str
    page: int | None = None


@dataclass(frozen=True)
class ToDo:
    """The things of one kind; `kind` is its name in addresses."""

    kind: str
    heading: str
    items: list[ToDoItem]

    @property
    def first(self) -> list[ToDoItem]:
        """Those that the dashboard shows."""
        return self.items[:ON_DASHBOARD]

    @property
    def others(self) -> int:
        """How many the dashboard does not show."""
        return len(self.items) - len(self.first)

    @property
    def is_full(self) -> bool:
        """Whether there may be more than are listed."""
        return len(self.items) == MOST


def _edit(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def checks(user: User, today: date) -> list[ToDoItem]:
    """Return the live pages that nobody ever checked, in the order of the site, then those too old, longest first."""
    models = [model for model in get_page_models() if issubclass(model, BasePage) and model.needs_check]
    due_q = check_due_q(today)
    first, *others = [
        # A model that others extend has their pages too, of which some need no check.
        model._default_manager.filter(due_q, live=True, content_type=ContentType.objects.get_for_model(model))
        .order_by()
        .values_list("pk", "checked_on")
        for model in models
    ]
    checked: dict[int, date | None] = dict(first.union(*others))
    pages = changeable(Page.objects.filter(pk__in=checked), user).order_by("path")
    due = sorted(pages, key=lambda page: checked[page.pk] or date.min)[:MOST]
    titles = titles_with_parents(due)
    return [ToDoItem(titles[page.pk], _check_words(checked[page.pk]), _edit(page), "Change", page.pk) for page in due]


def _check_words(checked_on: date | None) -> str:
    return f"Last checked {describe_day(checked_on)}" if checked_on else "Never checked"


def undecided(user: User, today: date) -> list[ToDoItem]:
    """Return the services at centres that wait for a decision whose day has passed, or have waited long."""
    pages = CentreServicePage.objects.filter(status__in=UNDECIDED, live=True).select_related("centre")
    found = []
    for page in changeable(pages, user).order_by("decision_expected", "path").only(*DECISION):
        expected = page.decision_expected
        if expected and last_day(expected, page.decision_expected_precision) < today:
            detail = f"A decision was expected {page.decision_expected_text}"
        elif page.status == ServiceStatus.TO_BE_CONFIRMED and (since := _last_said(page)) < today - UNDECIDED_FOR:
            detail = f"Still “to be confirmed”, last said on {describe_day(since)}"
        else:
            continue
        found.append(ToDoItem(page.heading, detail, _edit(page), "Change"))
    return found[:MOST]


def _last_said(page: CentreServicePage) -> date:
    """Return the day on which somebody last said that it is so: the check, else the publication."""
    return page.checked_on or timezone.localdate(page.last_published_at)


def openings(user: User, today: date) -> list[ToDoItem]:
    """Return the centres that should be open by now, by what their pages say."""
    found = []
    for centre in changeable(CentrePage.objects.filter(live=True), user).order_by("expected_opening", "path"):
        if centre.is_opening_overdue:
            url = reverse("centres_opens", args=[centre.pk])
            found.append(
                ToDoItem(centre.title, f"It was expected to open: {centre.expected_opening_text}", url, "It opens")
            )
    return found


def endings(user: User, today: date) -> list[ToDoItem]:
    """Return the alerts and centres' notices that end by themselves within a week."""
    found = []
    if user.has_perm("core.change_alert"):
        for alert in ending_alerts(ENDS_WITHIN)[:MOST]:
            url = reverse("wagtailsnippets_core_alert:edit", args=[alert.pk])
            found.append(ToDoItem(alert.title, f"This alert ends {describe_moment(alert.ends_at)}", url, "Change"))
    noticed = CentrePage.objects.filter(live=True, notice_ends_on__range=(today, today + ENDS_WITHIN))
    for centre in changeable(noticed.exclude(notice=""), user).order_by("notice_ends_on"):
        last = describe_day(centre.notice_ends_on or today)
        detail = f"The notice is shown for the last time on {last}"
        found.append(ToDoItem(centre.title, detail, _edit(centre), "Change"))
    return found


def drafts(user: User, today: date) -> list[ToDoItem]:
    """Return the pages with changes that nobody has published, newest first."""
    waiting = changeable(Page.objects.filter(has_unpublished_changes=True), user)
    pages = list(waiting.order_by("-latest_revision_created_at", "-pk")[:MOST])
    titles = titles_with_parents(pages)
    return [ToDoItem(titles[page.pk], _draft_words(page), _edit(page), "Go on") for page in pages]


def _draft_words(page: Page) -> str:
    since = page.latest_revision_created_at
    said = f", last saved {describe_moment(since)}" if since else ""
    return f"{'Changes are not published' if page.live else 'A draft'}{said}"


def bank_holidays(user: User, today: date) -> list[ToDoItem]:
    """Return the open centres that have not said whether they open on a bank holiday to come."""
    found = []
    for centre in changeable(CentrePage.objects.filter(live=True, stage=Stage.OPEN), user).order_by("path"):
        missing = missing_bank_holidays(centre.opening_hours, today, BANK_HOLIDAYS_WITHIN_DAYS)
        if missing:
            names = ", ".join(f"{each.name} ({describe_day(each.day)})" for each in missing)
            found.append(
                ToDoItem(centre.title, f"Is it open? {names}", f"{_edit(centre)}#tab-visit_and_hours", "Say when")
            )
    return found


def recaps(user: User, today: date) -> list[ToDoItem]:
    """Return the events that are over and say nothing of what happened, newest first."""
    events = changeable(without_recap(timezone.now() - RECAP_WITHIN), user)
    return [
        ToDoItem(
            event.title, f"It was on {describe_moment(event.last_start)}", f"{_edit(event)}#tab-afterwards", "Tell"
        )
        for event in events[:MOST]
    ]


def pdfs(user: User, today: date) -> list[ToDoItem]:
    """Return the PDFs that not everyone can read."""
    return [
        ToDoItem(
            document.title,
            document.reading.problem_texts[0],
            reverse("wagtaildocs:edit", args=[document.pk]),
            "Replace",
        )
        for document in documents_to_mend(user)[:MOST]
    ]


def images(user: User, today: date) -> list[ToDoItem]:
    """Return the pictures that nobody has described."""
    policy = policy_registry.get_by_type(SiteImage)
    mine: QuerySet[SiteImage] = policy.instances_user_has_permission_for(user, "change")
    return [
        ToDoItem(
            image.title,
            "Nobody has said what it shows, for people who cannot see it",
            reverse("wagtailimages:edit", args=[image.pk]),
            "Describe",
        )
        for image in mine.filter(Q(description="")).order_by("-created_at", "-pk")[:MOST]
    ]


def broken_links(user: User, today: date) -> list[ToDoItem]:
    """Return the links that lead nowhere, by where they stand."""
    return [
        ToDoItem(
            link.where, f"{f'“{link.clicked}”' if link.clicked else link.address}: {link.words}", link.edit_url, "Mend"
        )
        for link in dead_links(user)[:MOST]
    ]


KINDS: dict[str, tuple[str, Callable[[User, date], list[ToDoItem]]]] = {
    "checks": ("Pages due a check", checks),
    "undecided": ("Services to be confirmed", undecided),
    "openings": ("Centres that should be open by now", openings),
    "endings": ("Alerts and notices about to end", endings),
    "bank-holidays": ("Bank holidays without hours", bank_holidays),
    "drafts": ("Drafts waiting", drafts),
    "recaps": ("Events that are over: what happened?", recaps),
    "dead-links": ("Links that lead nowhere", broken_links),
    "pdfs": ("PDFs with problems", pdfs),
    "images": ("Pictures without a description", images),
}


def to_do(user: User, kind: str) -> ToDo:
    """Return what there is to do of one kind."""
    heading, find = KINDS[kind]
    return ToDo(kind, heading, find(user, timezone.localdate()))


def everything_to_do(user: User) -> list[ToDo]:
    """Return the kinds of which there is something to do, in the order of the work."""
    found = [to_do(user, kind) for kind in KINDS]
    return [each for each in found if each.items]
