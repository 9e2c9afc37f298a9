"""Every spreadsheet that the admin exports, Wagtail's own too: no cell is a formula, whatever editors typed."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.search_promotions.models import Query
from wagtail.models import Collection, ModelLogEntry, Page, Site, Task, Workflow

from centres.factories import CentrePageFactory, CentreServicePageFactory, MilestoneFactory, PartnerFactory
from centres.factories import ServicePageFactory as ServiceFactory
from core.factories import SiteDocumentFactory
from core.models import LinkCheck, PageLink
from core.spreadsheets import escape_formula
from editors.groups import set_up_groups
from followers.factories import NoticeFactory
from home.factories import SmallSite
from leaflets.models import DocumentReading
from search.models import LoggedSearch
from users.models import User

# What signs its user out, or fails on purpose.
ELSEWHERE = re.compile(r"log(in|out)/|password|account|failwhale")
FORMULA = "=HYPERLINK(A1)"
FORMATS = ("csv", "xlsx")


@pytest.fixture
def world(small_site: SmallSite, administrator: User) -> SmallSite:
    """Something that begins like a formula wherever a report looks for its rows."""
    User.objects.filter(pk=administrator.pk).update(first_name=FORMULA, last_name="")
    centre = CentrePageFactory(parent=small_site.centres, title=FORMULA, short_name=FORMULA, slug="formula")
    service = ServiceFactory(parent=small_site.services, title=FORMULA, slug="formula-service")
    row = CentreServicePageFactory(parent=centre, service=service, note=FORMULA, telephone="+44 1632 960000")
    MilestoneFactory.create(centre=centre, title=FORMULA)
    PartnerFactory.create(centre=centre, name=FORMULA)
    set_up_groups()
    for page in (centre, row):
        page.owner = administrator
        page.save_revision(user=administrator, log_action=True).publish(user=administrator)
    page = Page.objects.get(pk=centre.pk)
    page.locked, page.locked_by, page.locked_at = True, administrator, timezone.now()
    page.save()
    draft = Page.objects.get(pk=row.pk).specific
    draft.save_revision(user=administrator)
    centre.get_workflow().start(draft, administrator)
    Redirect.objects.create(old_path=FORMULA, redirect_link="https://example.org/", site=Site.objects.get())
    Query.get(FORMULA).add_hit(date=timezone.localdate())
    LoggedSearch.objects.bulk_create([LoggedSearch(day=date(2027, 5, 4), query=FORMULA)] * 3)
    NoticeFactory.create(page=centre, title=FORMULA)
    document = SiteDocumentFactory.create(title=FORMULA)
    DocumentReading.objects.update_or_create(document=document, defaults={"problems": ["no_title"], "state": "read"})
    dead = LinkCheck.objects.create(address="https://example.org/x", answer=FORMULA, is_dead=True)
    PageLink.objects.create(page=centre, words=FORMULA, to_address=dead)
    Page.objects.filter(pk=small_site.home.pk).update(title=FORMULA)
    Collection.objects.filter(depth=2).update(name=FORMULA)
    Workflow.objects.update(name=FORMULA)
    Task.objects.update(name=FORMULA)
    ModelLogEntry.objects.log_action(service, "wagtail.edit", user=administrator)
    return small_site


def addresses(found: list[Any], before: str = "") -> Iterator[str]:
    """Yield every address of the admin that needs nothing filled in."""
    for each in found:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, route)
        elif route.startswith("admin/") and not set(route) & set("<(") and not ELSEWHERE.search(route):
            yield "/" + route.replace("^", "").replace("$", "")


def cells_of(response: Any, kind: str) -> list[list[Any]]:
    content = response.getvalue()
    if kind == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert not [cell for row in sheet.rows for cell in row if cell.data_type == "f"]
    return [[cell.value for cell in row] for row in sheet.rows]


def test_no_export_of_the_admin_holds_a_formula(admin_client: Client, world: SmallSite) -> None:
    exports: dict[str, int] = {}
    for address in addresses(get_resolver().url_patterns):
        for kind in FORMATS:
            response: Any = admin_client.get(address, {"export": kind})
            if response.status_code != 200 or "attachment" not in response.get("Content-Disposition", ""):
                continue
            texts = [str(cell) for row in cells_of(response, kind) for cell in row if isinstance(cell, str)]
            assert not [text for text in texts if escape_formula(text) != text and not text.startswith("'")], address
            # A list without columns to export gives an empty file.
            if not texts:
                continue
            exports[address] = exports.get(address, 0) + sum(FORMULA.casefold() in text.casefold() for text in texts)
    assert len(exports) > 15, sorted(exports)
    # The walk sees what it looks for, in reports of Wagtail's and in ours.
    empty = {address for address, number in exports.items() if not number and "results" not in address}
    assert empty == set()


def test_a_telephone_number_stays_as_people_write_it(admin_client: Client, world: SmallSite) -> None:
    response: Any = admin_client.get("/admin/centres/services/", {"export": "csv"})
    assert "+44 1632 960000" in [cell for row in cells_of(response, "csv") for cell in row]
