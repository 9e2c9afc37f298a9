"""The report "PDFs to mend": what is in it, for whom, and how it is narrowed and exported."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission

from core.models import SiteDocument
from home.factories import SmallSite
from leaflets.factories import LeafletFileFactory, LeafletPageFactory
from leaflets.models import LeafletPage
from leaflets.problems import Problem
from testing.html import link_to, read, words
from testing.page_checks import assert_refused
from testing.people import person_who_may, signed_in

from . import documents
from .documents import make_document

pytestmark = [pytest.mark.database, pytest.mark.django_db, pytest.mark.usefixtures("temporary_media")]

URL = "/admin/reports/pdfs-to-mend/"


def bad_document(title: str, *problems: Problem, **values: Any) -> SiteDocument:
    document = make_document(title, **values)
    documents.read(document, problems=list(problems or [Problem.SCAN]))
    return document


def titles(soup: BeautifulSoup) -> list[str]:
    return [words(each) for each in soup.select("td.title a")]


def exported(client: Client, file_format: str = "csv", **values: str) -> bytes:
    response: Any = client.get(URL, {"export": file_format, **values})
    assert response.status_code == 200
    return b"".join(response) if response.streaming else response.content


def editor_of(collection: Collection, right: str = "change_document") -> Client:
    return signed_in(person_who_may(right, at=collection))


def test_it_says_what_is_wrong_with_which_pdf(admin_client: Client) -> None:
    bad = bad_document("Bad juggling", Problem.SCAN, Problem.NO_TITLE)
    good = make_document("Good juggling")
    documents.read(good, problems=[])
    make_document("Unread juggling")

    soup = read(admin_client, URL)

    assert titles(soup) == ["Bad juggling"]
    assert link_to(soup, "Bad juggling") == reverse("wagtaildocs:edit", args=[bad.pk])
    [problems, uses] = soup.select("tbody td")[1:]
    assert [words(each)[:20] for each in problems.select("li")] == ["This PDF is a scan: ", "This PDF has no titl"]
    assert words(uses) == "None yet"


def test_it_names_the_pages_that_use_a_pdf(admin_client: Client, small_site: SmallSite) -> None:
    leaflet = LeafletPageFactory.create(parent=small_site.leaflets, title="Juggling for all")
    LeafletFileFactory.create(leaflet=leaflet, document=bad_document("Bad juggling"))
    soup = read(admin_client, URL)
    assert link_to(soup, "Juggling for all (Leaflets)") == reverse("wagtailadmin_pages:edit", args=[leaflet.pk])


def test_it_is_narrowed_to_one_problem(admin_client: Client) -> None:
    bad_document("A scan", Problem.SCAN)
    bad_document("A part", Problem.PART_SCAN, Problem.NO_TITLE)
    for problem, found in {Problem.SCAN: ["A scan"], Problem.PART_SCAN: ["A part"], Problem.LONG: []}.items():
        assert titles(read(admin_client, f"{URL}?problem={problem}")) == found
    assert "No PDF of yours has this problem." in words(read(admin_client, f"{URL}?problem=long"))
    assert titles(read(admin_client, f"{URL}?problem=' OR 1=1 --")) == ["A part", "A scan"]


def test_the_part_that_changes_with_the_filter_has_an_address(admin_client: Client) -> None:
    bad_document("A scan")
    assert titles(read(admin_client, f"{URL}results/?problem=scan")) == ["A scan"]


def test_it_says_when_there_is_nothing_to_mend(admin_client: Client) -> None:
    assert "There is nothing to mend." in words(read(admin_client, URL))


def test_it_is_exported(admin_client: Client, small_site: SmallSite) -> None:
    leaflet = LeafletPageFactory.create(parent=small_site.leaflets, title="Juggling for all")
    LeafletFileFactory.create(leaflet=leaflet, document=bad_document("Bad juggling"))
    bad_document("Untitled juggling", Problem.NO_TITLE)

    table = exported(admin_client, problem="scan").decode()

    assert table.splitlines()[0] == "Document,File,What is wrong,Pages that use it"
    assert "Bad juggling" in table
    assert "This PDF is a scan" in table
    assert "Juggling for all" in table
    assert "Untitled juggling" not in table
    assert exported(admin_client, "xlsx").startswith(b"PK")


def test_editors_see_only_what_they_can_mend() -> None:
    mine, others = (Collection.get_first_root_node().add_child(name=name) for name in ("Mine", "Others"))
    bad_document("My juggling", collection=mine)
    bad_document("Their juggling", collection=others)
    editor = editor_of(mine)
    assert titles(read(editor, URL)) == ["My juggling"]
    assert "Their juggling" not in exported(editor).decode()


def test_pages_that_an_editor_cannot_change_are_counted_and_not_named(small_site: SmallSite) -> None:
    root = Collection.get_first_root_node()
    document = bad_document("Bad juggling", collection=root)
    for title in ("My page", "Secret page", "Another secret page"):
        leaflet = LeafletPageFactory.create(parent=small_site.leaflets, title=title)
        LeafletFileFactory.create(leaflet=leaflet, document=document)
    person = person_who_may("change", at=LeafletPage.objects.get(title="My page"))
    GroupCollectionPermission.objects.create(
        group=person.groups.get(),
        collection=root,
        permission=Permission.objects.get(content_type__app_label="wagtaildocs", codename="change_document"),
    )
    assert GroupPagePermission.objects.filter(group=person.groups.get()).count() == 1

    [_, _, uses] = read(signed_in(person), URL).select("tbody td")

    assert words(uses) == "My page (Leaflets) 2 pages you cannot change"
    assert "Secret" not in exported(signed_in(person)).decode()


def test_only_those_who_work_with_documents_may_open_it(client: Client) -> None:
    assert client.get(URL)["Location"].startswith(reverse("wagtailadmin_login"))
    root = Collection.get_first_root_node()
    assert_refused(signed_in(person_who_may()), URL)
    assert_refused(editor_of(root, "choose_document"), URL)
    assert editor_of(root).get(URL).status_code == 200


def test_it_is_in_the_menu_of_those_who_may_open_it(admin_client: Client) -> None:
    home = reverse("wagtailadmin_home")
    assert URL in admin_client.get(home).content.decode()
    assert URL not in signed_in(person_who_may()).get(home).content.decode()


def test_it_takes_the_same_queries_however_much_there_is_to_mend(admin_client: Client, small_site: SmallSite) -> None:
    def fill(count: int) -> None:
        for number in range(count):
            leaflet = LeafletPageFactory.create(parent=small_site.leaflets)
            LeafletFileFactory.create(leaflet=leaflet, document=bad_document(f"Juggling {number}"))

    def queries() -> int:
        admin_client.get(URL)
        with CaptureQueriesContext(connection) as captured:
            admin_client.get(URL)
        return len(captured)

    fill(1)
    before = queries()
    fill(5)
    assert queries() == before
