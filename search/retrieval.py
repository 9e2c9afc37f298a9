"""Everything a query finds, in the order it is shown: services at centres, services and roles, centres, then texts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import OuterRef, Q, QuerySet, Subquery, TextChoices
from django.db.models.functions import Coalesce, TruncDate
from wagtail.models import Page

from centres.models import CentrePage, CentreServicePage, RolePage, ServicePage, ServiceStatus
from centres.queries import RANK, public_centre_services
from leaflets.models import LeafletPage, NewsletterIssuePage, NewsletterPage
from news.models import ForumPage, ForumUpdatePage, NewsPage, PostPage
from whats_on.models import EventDate, EventPage

from .catalogue import SERVICE, Catalogue, Centre
from .matching import Match, leading, match
from .texts import Texts
from .understanding import Understood

# Enough of a service at a centre to name it, link it and say how sure it is.
IN_ROWS = (
    *("title", "url_path", "summary", "status", "service", "centre"),
    *("service__title", "service__summary", "service__slug", "service__live", "service__path"),
    *("centre__short_name", "centre__slug", "centre__stage", "centre__live"),
    *(f"{page}{field}" for page in ("", "centre__") for field in ("checked_on", "check_every_months", "said_on")),
)


class ResultKind(TextChoices):
    """What a result is."""

    SERVICE_AT_CENTRE = "service_at_centre", "Service at a centre"
    SERVICE = "service", "Service"
    ROLE = "role", "Person you may see"
    CENTRE = "centre", "Centre"
    NEWS = "news", "News"
    UPDATE = "update", "Forum update"
    FORUM = "forum", "Forum"
    EVENT = "event", "Event"
    LEAFLET = "leaflet", "Leaflet"
    NEWSLETTER = "newsletter", "Newsletter"
    PAGE = "page", "Page"


RESULT_KINDS: dict[type[Page], ResultKind] = {
    CentreServicePage: ResultKind.SERVICE_AT_CENTRE,
    ServicePage: ResultKind.SERVICE,
    RolePage: ResultKind.ROLE,
    CentrePage: ResultKind.CENTRE,
    NewsPage: ResultKind.NEWS,
    ForumUpdatePage: ResultKind.UPDATE,
    ForumPage: ResultKind.FORUM,
    EventPage: ResultKind.EVENT,
    LeafletPage: ResultKind.LEAFLET,
    NewsletterPage: ResultKind.NEWSLETTER,
    NewsletterIssuePage: ResultKind.NEWSLETTER,
}


@dataclass(frozen=True)
class Result:
    """Something that was found. `row` is the page of a service at a centre, with its service and centre."""

    kind: ResultKind
    pk: int
    title: str
    url_path: str
    centres: tuple[Centre, ...] = ()
    status: ServiceStatus | None = None
    day: date | None = None
    row: CentreServicePage | None = None
    service: str = ""

    @property
    def is_gone(self) -> bool:
        """Whether it is a centre that closed or will not open, or a service there."""
        if self.row:
            return self.row.centre.is_gone
        return self.kind == ResultKind.CENTRE and self.centres[0].is_gone if self.centres else False


def find(understood: Understood, known: Catalogue, texts: Texts) -> list[Result]:
    """Return everything that a query finds, best first, each page once."""
    matches = match(understood.words, known)
    likeliest = leading(matches)
    pages = texts.find(understood.text_words)
    if not pages and understood.place:
        pages = texts.find(understood.words)
    rows = _rows(understood, known, likeliest, pages)
    by_service: dict[int, list[Result]] = defaultdict(list)
    for row in rows:
        if row.row:
            by_service[row.row.service_id].append(row)
    centres = _centres(understood, known)
    results: list[Result] = []
    if not understood.words:
        results += [*centres, *(row for row in rows if understood.centre in _pks(row))]
    # The best row of each, so that the first few results show all that may be meant.
    results += [(by_service[matched.entry.pk] or [_entry_result(matched)])[0] for matched in likeliest]
    results += [row for matched in likeliest for row in by_service[matched.entry.pk]]
    results += [_entry_result(matched) for matched in likeliest]
    weak = [_entry_result(matched) for matched in matches if matched not in likeliest]
    results += weak if not pages else []
    results += [*centres, *_text_results(pages, rows, known), *weak]
    once: dict[int, Result] = {}
    for result in results:
        once.setdefault(result.pk, result)
    # Python’s sort keeps the order of what is alike.
    return sorted(once.values(), key=lambda result: result.is_gone)


def _pks(result: Result) -> set[int]:
    return {centre.pk for centre in result.centres}


def _entry_result(found: Match) -> Result:
    entry = found.entry
    is_service = entry.kind == SERVICE
    return Result(
        kind=ResultKind.SERVICE if is_service else ResultKind.ROLE,
        pk=entry.pk,
        title=entry.title,
        url_path=entry.url_path,
        service=entry.slug,
    )


def _rows(
    understood: Understood, known: Catalogue, likeliest: Sequence[Match], pages_found: Sequence[Page]
) -> list[Result]:
    """Return the services at centres to show: of the services asked for, of the place alone, or with the words.

    Those at the centre asked for come first, then the surest, then the nearest. It takes one query.
    """
    services = [each.entry.pk for each in likeliest if each.entry.kind == SERVICE]
    wanted = Q(service__in=services) | Q(pk__in=[page.pk for page in pages_found])
    if not understood.words and understood.centre:
        wanted |= Q(centre=understood.centre)
    offers = public_centre_services().filter(wanted).annotate(rank=RANK).select_related("service", "centre")
    centres = {centre.pk: centre for centre in known.centres}

    def order(page: CentreServicePage) -> tuple[bool, int, float, str, str]:
        metres = understood.distances.get(page.centre_id, float("inf"))
        return page.centre_id != understood.centre, page.rank, metres, page.centre.short_name, page.service.title

    return [
        Result(
            kind=ResultKind.SERVICE_AT_CENTRE,
            pk=page.pk,
            title=page.heading,
            url_path=page.url_path,
            centres=(centres[page.centre_id],),
            status=page.shown_status,
            row=page,
            service=page.service.slug,
        )
        for page in sorted(offers.only(*IN_ROWS), key=order)
        if page.centre_id in centres
    ]


def _centres(understood: Understood, known: Catalogue) -> list[Result]:
    """Return the centres that the query is about: the one it names, or all by distance from the place it names."""
    if understood.place and understood.place.centre:
        centres = [understood.place.centre]
    else:
        centres = sorted(
            (each for each in known.centres if each.pk in understood.distances),
            key=lambda each: understood.distances[each.pk],
        )
    return [Result(ResultKind.CENTRE, each.pk, each.title, each.url_path, centres=(each,)) for each in centres]


def _text_results(pages: Sequence[Page], rows: Iterable[Result], known: Catalogue) -> list[Result]:
    """Return pages that have the words, with what they can be narrowed by. It takes two queries at most."""
    models = {page.pk: model_of(page) for page in pages}
    own_rows = {row.pk: row for row in rows}
    dates, about = _dates(models), _centres_of(models)
    centres = {centre.pk: centre for centre in known.centres}
    found = []
    for page in pages:
        if page.pk in own_rows:
            found.append(own_rows[page.pk])
            continue
        model = models[page.pk]
        named = (page.pk,) if page.pk in centres else about[page.pk]
        found.append(
            Result(
                kind=RESULT_KINDS.get(model, ResultKind.PAGE),
                pk=page.pk,
                title=page.title,
                url_path=page.url_path,
                centres=tuple(centres[pk] for pk in named if pk in centres),
                day=dates.get(page.pk),
                service=page.slug if model in (ServicePage, RolePage) else "",
            )
        )
    return found


def model_of(page: Page) -> type[Page]:
    """Return the type of a page; of one whose type is no longer part of the site, a plain page."""
    return ContentType.objects.get_for_id(page.content_type_id).model_class() or Page


def _of_type(models: Mapping[int, type[Page]], wanted: type[Page]) -> list[int]:
    return [pk for pk, model in models.items() if issubclass(model, wanted)]


def _pairs(arms: "Iterable[QuerySet[Any] | None]") -> "Iterable[tuple[int, Any]]":
    """Return the rows of several queries of pairs in one query, and none where there are none."""
    asked = [arm.order_by() for arm in arms if arm is not None]
    return asked[0].union(*asked[1:], all=True) if len(asked) > 1 else chain(*asked)


def _dates(models: Mapping[int, type[Page]]) -> dict[int, date]:
    """Return the day that each page that has one is about: of its news, its leaflet, its last date; in one query."""
    posts, leaflets, events = (_of_type(models, each) for each in (PostPage, LeafletPage, EventPage))
    last = EventDate.objects.filter(event=OuterRef("pk")).order_by("-starts_at").values("starts_at")[:1]
    of_events = Coalesce(TruncDate(Subquery(last)), "rough_date")
    arms = (
        PostPage.objects.filter(pk__in=posts).values_list("pk", "date") if posts else None,
        LeafletPage.objects.filter(pk__in=leaflets).values_list("pk", "date") if leaflets else None,
        EventPage.objects.filter(pk__in=events).values_list("pk", of_events) if events else None,
    )
    return {pk: day for pk, day in _pairs(arms) if day}


def _centres_of(models: Mapping[int, type[Page]]) -> dict[int, list[int]]:
    """Return the keys of the centres that pages are about, in one query."""
    arms: list[QuerySet[Any] | None] = []
    for model in (PostPage, LeafletPage, NewsletterPage, ForumPage):
        if pks := _of_type(models, model):
            name = model.__name__.lower()
            through: Any = model.centres.through
            arms.append(through.objects.filter(**{f"{name}__in": pks}).values_list(name, "centrepage"))
    if events := _of_type(models, EventPage):
        arms.append(EventPage.objects.filter(pk__in=events, centre__isnull=False).values_list("pk", "centre"))
    about: dict[int, list[int]] = defaultdict(list)
    for pk, centre in _pairs(arms):
        about[pk].append(centre)
    return about
