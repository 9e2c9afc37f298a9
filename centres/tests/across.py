"""A few centres and services, and what editors do with them across the centres."""

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook

from centres.bulk.columns import HEADINGS
from centres.factories import CentrePageFactory, CentreServicePageFactory, ServicePageFactory
from centres.models import CentrePage, CentreServicePage, ServicePage, Stage
from home.factories import SmallSite
from testing.html import soup_of

LIST, MILESTONES, PARTNERS, ADD = (
    "centres_services_modeladmin_index",
    "centres_milestones_modeladmin_index",
    "centres_partners_modeladmin_index",
    "centres_services_modeladmin_create",
)
GRID, STATUS, IMPORT, CONFIRM = "centres_grid", "centres_change_status", "centres_import", "centres_import_confirm"


@dataclass(frozen=True)
class Two:
    """Two centres, of which the second is not open, with the same two services each."""

    here: CentrePage
    there: CentrePage
    archery: ServicePage
    bowling: ServicePage
    archery_here: CentreServicePage
    bowling_here: CentreServicePage
    archery_there: CentreServicePage
    bowling_there: CentreServicePage


def two_centres(site: SmallSite) -> Two:
    """Make them: archery is available, bowling planned."""
    here = CentrePageFactory(parent=site.centres, short_name="Hereville", title="Hereville Centre")
    there = CentrePageFactory(
        parent=site.centres, short_name="Thereville", title="Thereville Centre", stage=Stage.BEING_BUILT
    )
    archery, bowling = (ServicePageFactory(parent=site.services, title=title) for title in ("Archery", "Bowling"))
    return Two(
        here,
        there,
        archery,
        bowling,
        CentreServicePageFactory(parent=here, service=archery, access=["walk_in"]),
        CentreServicePageFactory(parent=here, service=bowling, status="planned", access=[]),
        CentreServicePageFactory(parent=there, service=archery, status="confirmed", access=[]),
        CentreServicePageFactory(parent=there, service=bowling, status="planned", access=[]),
    )


def many(site: SmallSite, count: int) -> list[CentreServicePage]:
    """Make services at one new centre, with nothing in their way."""
    centre = CentrePageFactory(parent=site.centres)
    services = [ServicePageFactory(parent=site.services) for _ in range(count)]
    return [CentreServicePageFactory(parent=centre, service=service, status="planned") for service in services]


def queries_of(do: Callable[[], Any]) -> int:
    """Return how many queries something takes in a warm process."""
    do()
    with CaptureQueriesContext(connection) as queries:
        do()
    return len(queries)


def export(client: Client, kind: str = "csv", **narrowed: Any) -> bytes:
    """Return the exported file."""
    response = client.get(reverse(LIST), {"export": kind, **narrowed})
    assert response.status_code == 200
    return b"".join(getattr(response, "streaming_content"))  # noqa: B009 (only some answers have it)


def exported(client: Client, **narrowed: Any) -> list[dict[str, str]]:
    """Return the rows of the exported CSV file."""
    return list(csv.DictReader(io.StringIO(export(client, **narrowed).decode("utf-8-sig"), newline="")))


def csv_file(*rows: Iterable[str], headings: Iterable[str] = HEADINGS, delimiter: str = ",") -> bytes:
    """Return a CSV file with these rows."""
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows([[*headings], *([*row] for row in rows)])
    return file.getvalue().encode()


def excel_file(*rows: Iterable[Any], headings: Iterable[str] = HEADINGS) -> bytes:
    """Return an Excel file with these rows."""
    workbook, file = Workbook(), io.BytesIO()
    sheet = workbook.worksheets[0]
    for row in ([*headings], *([*row] for row in rows)):
        sheet.append(row)
    workbook.save(file)
    return file.getvalue()


def upload(client: Client, content: bytes, name: str = "services.csv") -> BeautifulSoup:
    """Upload a file to the import, and return the screen that shows what it would do."""
    response = client.post(reverse(IMPORT), {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 200
    return soup_of(response)


def token_in(soup: BeautifulSoup) -> str | None:
    """Return what confirming a dry run sends; None where it cannot be confirmed."""
    found = soup.select_one("input[name=token]")
    return str(found["value"]) if found else None


def confirm(client: Client, soup: BeautifulSoup) -> BeautifulSoup:
    """Press "Save all of it", and return the screen that follows."""
    token = token_in(soup)
    assert token
    return soup_of(client.post(reverse(CONFIRM), {"token": token}, follow=True))


def table(soup: BeautifulSoup, caption: str) -> list[list[str]]:
    """Return the cells of the table with this caption, row by row, without its headings."""
    for found in soup.find_all("table"):
        if found.caption and found.tbody and found.caption.get_text(strip=True) == caption:
            return [
                [" ".join(cell.get_text(" ").split()) for cell in row.find_all(["td", "th"])]
                for row in found.tbody.find_all("tr")
            ]
    return []


KEY = ("Centre", "Service")


def one(*values: str, headings: tuple[str, ...] = ()) -> bytes:
    """Return a CSV file with a row about archery at Hereville, which has these other columns."""
    return csv_file(["Hereville", "Archery", *values], headings=[*KEY, *headings])


def problems(soup: BeautifulSoup) -> list[list[str]]:
    """Return what a dry run finds wrong: row, column and message."""
    return table(soup, "What is wrong")


def changes(soup: BeautifulSoup) -> list[list[str]]:
    """Return what would change: row, page, changes and what happens to it."""
    return table(soup, "What would change")


def fresh(page: CentreServicePage) -> CentreServicePage:
    """Return a page as the database has it."""
    return CentreServicePage.objects.get(pk=page.pk)
