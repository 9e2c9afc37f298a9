"""The grid of all services and all centres, as an editor sees it."""

from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Lower
from wagtail.query import PageQuerySet

from centres.bulk.plans import ENTERED_STATUS, centres_to_add_to, centres_to_change, pages_to_change
from centres.models import CentrePage, ServicePage, ServiceStatus, Stage, StatusInfo
from centres.models.choices import shown_status
from centres.queries import SHOWN, public_centre_services
from users.models import User


@dataclass(frozen=True)
class GridCentre:
    """A column."""

    pk: int
    short_name: str
    stage: str

    @property
    def stage_info(self) -> StatusInfo:
        """How far the centre is, as residents see it."""
        return Stage(self.stage).info


@dataclass(frozen=True)
class Listed:
    """A service that a centre lists: its status, its key where the editor may change it, what is not published."""

    status: StatusInfo
    page: int | None = None
    state: str = ""


@dataclass(frozen=True)
class GridCell:
    """One service at one centre; nothing `listed` where it is not there, or not for this editor to see."""

    centre: GridCentre
    listed: Listed | None
    may_add: bool


@dataclass(frozen=True)
class GridRow:
    """One service at all centres."""

    pk: int
    title: str
    cells: list[GridCell]


@dataclass(frozen=True)
class Grid:
    """The whole grid: centres by the name people say, services from A to Z."""

    centres: list[GridCentre]
    rows: list[GridRow]


def grid(user: User) -> Grid:
    """Return the grid for an editor: the newest drafts of what they may change, what anyone may see of the rest.

    It takes a fixed number of queries.
    """
    mine = pages_to_change(user)
    visible = Q(live=True) | Q(pk__in=centres_to_change(user).values("pk")) | Q(pk__in=mine.values("centre"))
    by_name = CentrePage.objects.filter(visible).order_by(Lower("short_name"), "pk")
    centres = [GridCentre(*each) for each in by_name.values_list("pk", "short_name", "stage")]
    services = ServicePage.objects.filter(Q(live=True) | Q(pk__in=mine.values("service")))
    addable = set(centres_to_add_to(user).values_list("pk", flat=True))
    listed = _others() | _mine(mine)
    rows = [
        GridRow(
            pk,
            title,
            [
                GridCell(centre, listed.get((centre.pk, pk)), may_add=live and centre.pk in addable)
                for centre in centres
            ],
        )
        for pk, title, live in services.order_by(Lower("title"), "pk").values_list("pk", "title", "live")
    ]
    return Grid(centres, rows)


def _others() -> dict[tuple[int, int], Listed]:
    pages = public_centre_services().annotate(shown=SHOWN).values_list("centre", "service", "shown")
    return {(centre, service): Listed(ServiceStatus(shown).info) for centre, service, shown in pages}


def _mine(pages: PageQuerySet) -> dict[tuple[int, int], Listed]:
    found = pages.annotate(entered=ENTERED_STATUS).values_list(
        "centre", "service", "centre__stage", "entered", "pk", "live", "has_unpublished_changes"
    )
    return {
        (centre, service): Listed(
            shown_status(Stage(stage), ServiceStatus(entered)).info, pk, state_words(live=live, is_changed=is_changed)
        )
        for centre, service, stage, entered, pk, live, is_changed in found
    }


def state_words(*, live: bool, is_changed: bool) -> str:
    """Return what is not published of a page, in a few words; empty if all of it is."""
    if not live:
        return "Draft"
    return "Changes not published yet" if is_changed else ""
