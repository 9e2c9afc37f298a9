"""A site full of made-up content, and how long its pages take: the work behind `manage.py bench`."""

import statistics
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale, Page

from centres.factories import (
    CentrePageFactory,
    CentreServicePageFactory,
    MilestoneFactory,
    PartnerFactory,
    RolePageFactory,
    ServicePageFactory,
)
from centres.models import CentrePage, Milestone, Partner, ServicePage, ServiceStatus
from core.models import BasePage, SiteSettings

from .factories import ContentPageFactory, SmallSite, make_site

# A page so slow that its turns would take longer gets fewer of them.
SECONDS_PER_PAGE = 10
ROLES = 20
ROLES_PER_SERVICE = 3
WORDS = "<p>Throwing, catching and everything in between, for beginners and for those who have dropped a ball.</p>"
WEEK = [("session", {"days": ["0", "1", "2", "3", "4"], "opens": "09:00", "closes": "17:00"})]


class BenchError(Exception):
    """A page could not be timed; the message says which and why."""


@dataclass(frozen=True)
class Timing:
    """What one page costs an anonymous visitor of a warm process: queries, and milliseconds of the server."""

    name: str
    path: str
    queries: int
    median_ms: float
    p95_ms: float

    @property
    def pages_per_second(self) -> float:
        """How many such pages one process makes in a second."""
        return 1000 / self.median_ms


@contextmanager
def scratch_database(folder: Path) -> Iterator[None]:
    """Use an empty database beside the real one, which stays untouched; on SQLite it is a file in `folder`."""
    real = connection.settings_dict["NAME"]
    is_file = connection.vendor == "sqlite"
    connection.settings_dict["TEST"]["NAME"] = str(folder / "bench.sqlite3") if is_file else f"bench_{real}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(real, verbosity=0)


@transaction.atomic
def fill(*, centres: int, services: int) -> dict[str, str]:
    """Fill an empty database with a site where every centre lists every service; return a path per page type."""
    site = make_site()
    roles = add_pages(site.roles, [RolePageFactory.build(helps_with=WORDS) for _ in range(ROLES)])
    catalogue = add_pages(site.services, [ServicePageFactory.build(how_to_use=WORDS) for _ in range(services)])
    played = cycle(roles)
    through = ServicePage.roles.through
    through.objects.bulk_create(
        through(servicepage_id=service.pk, rolepage_id=next(played).pk)
        for service in catalogue
        for _ in range(ROLES_PER_SERVICE)
    )
    places = add_pages(site.centres, [_centre() for _ in range(centres)])
    Milestone.objects.bulk_create(
        MilestoneFactory.build(centre=place, date=date(2020, month, 1)) for place in places for month in range(1, 6)
    )
    Partner.objects.bulk_create(PartnerFactory.build(centre=place) for place in places for _ in range(3))
    for place in places:
        statuses = cycle(ServiceStatus)
        add_pages(
            place,
            [
                CentreServicePageFactory.build(centre=place, service=each, status=next(statuses), access=["walk_in"])
                for each in catalogue
            ],
        )
    content = _add_content(site)
    service, centre, role = catalogue[0], places[0], roles[0]
    return {
        "home": "/",
        "centres": "/centres/",
        "centre": f"/centres/{centre.slug}/",
        "services": "/services/",
        "services, filtered": f"/services/?centre={centre.slug}&status=available",
        "service": f"/services/{service.slug}/",
        "service at a centre": f"/centres/{centre.slug}/{service.slug}/",
        "roles": "/services/roles/",
        "role": f"/services/roles/{role.slug}/",
        "content": f"/{content.slug}/",
        "search": f"/search/?{urlencode({'query': service.title})}",
    }


def add_pages(parent: Page, pages: list[Any]) -> list[Any]:
    """Save new, live pages of one type beneath a parent, after those it has; return them.

    Many times quicker than `add_child`, because it neither validates nor indexes.
    """
    locale = Locale.get_default()
    content_type = ContentType.objects.get_for_model(type(pages[0]))
    before = parent.numchild
    for number, page in enumerate(pages, start=before + 1):
        page.path = Page._get_path(parent.path, parent.depth + 1, number)
        page.depth = parent.depth + 1
        page.url_path = f"{parent.url_path}{page.slug}/"
        page.draft_title = page.title
        page.locale = locale
        page.content_type = content_type
    rows = Page.objects.bulk_create(Page(**_values(page, Page)) for page in pages)
    for page, row in zip(pages, rows, strict=True):
        page.pk = page.page_ptr_id = row.pk
        # Only the row of the page's own type: the row that all pages share is there.
        page.save_base(raw=True, force_insert=True)
    Page.objects.filter(pk=parent.pk).update(numchild=before + len(pages))
    parent.numchild = before + len(pages)
    return pages


def _values(page: BasePage, model: type[Model]) -> dict[str, Any]:
    """Return a page's values of the fields that `model` has."""
    return {field.attname: getattr(page, field.attname) for field in model._meta.concrete_fields}


def _centre() -> CentrePage:
    centre: CentrePage = CentrePageFactory.build(
        address="1 Made-up Street", postcode="ZZ1 1ZZ", telephone="01632 960001", travel=WORDS, hours=WEEK
    )
    return centre


def _add_content(site: SmallSite) -> Page:
    """Add pages of text, link them in the footer, and fill in the settings."""
    body = [("text", f"<h2>Part {number}</h2>{WORDS * 3}") for number in range(10)]
    pages = [
        ContentPageFactory(parent=site.home, title=title, slug=title.lower(), body=body)
        for title in ("About", "Accessibility", "Cookies", "Privacy")
    ]
    settings = SiteSettings.for_site(site.site)
    settings.urgent_999 = settings.urgent_111 = settings.urgent_mental_health = WORDS
    settings.footer_links = [("link", {"text": "", "page": page, "url": ""}) for page in pages]
    settings.save()
    return pages[0]


def measure(paths: dict[str, str], *, requests: int) -> Iterator[Timing]:
    """Ask for each path `requests` times in this process, after warming up, and say what it costs.

    A page stops after SECONDS_PER_PAGE. Raises BenchError for an answer other than 200.
    """
    call_command("update_index", verbosity=0)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # What PostgreSQL does by itself within minutes: count what the tables hold, to plan by.
            cursor.execute("ANALYZE")
    client = Client()
    for name, path in paths.items():
        answer = client.get(path)
        if answer.status_code != 200:
            raise BenchError(f"{name}: {path} answered {answer.status_code}.")
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
            count = len(queries)
        times = sorted(_milliseconds(client, path, requests))
        yield Timing(
            name=name,
            path=path,
            queries=count,
            median_ms=statistics.median(times),
            p95_ms=times[min(len(times) - 1, int(len(times) * 0.95))],
        )


def _milliseconds(client: Client, path: str, requests: int) -> Iterator[float]:
    until = time.monotonic() + SECONDS_PER_PAGE
    for _ in range(requests):
        start = time.perf_counter()
        client.get(path)
        yield (time.perf_counter() - start) * 1000
        if time.monotonic() > until:
            break


def table(timings: Iterable[Timing]) -> Iterator[str]:
    """Return the lines of a table of timings, one by one as they arrive."""
    yield f"{'Page':<22}{'Queries':>8}{'Median ms':>11}{'95% ms':>9}{'Pages/s':>9}"
    for each in timings:
        yield (
            f"{each.name:<22}{each.queries:>8}{each.median_ms:>11.1f}{each.p95_ms:>9.1f}{each.pages_per_second:>9.0f}"
        )
