"""A leaflet in the admin: creating and previewing it, files said twice, and what is wrong with its files."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import Tag
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.test.utils.form_data import rich_text

from centres.factories import CentrePageFactory
from home.factories import SmallSite
from leaflets.factories import LeafletPageFactory
from leaflets.models import LeafletFile, LeafletPage
from testing.admin_forms import add_row, create_url, edit_url, fill, preview, send, shown_form, tick
from testing.html import main_words, read, soup_of, words

from . import documents
from .documents import add_file, make_document

TO_MEND = ".help-warning li"


@pytest.fixture
def leaflet(small_site: SmallSite) -> LeafletPage:
    page: LeafletPage = LeafletPageFactory.create(parent=small_site.leaflets, title="Juggling at home", slug="juggling")
    return page


def form(client: Client, page: LeafletPage) -> QueryDict:
    text = [("text", rich_text("<p>Take a ball.</p>"))]
    return shown_form(client, edit_url(page), LeafletPage, streams={"body": text})


def add_file_row(data: QueryDict, document: Any = None, file_format: str = "standard", video_url: str = "") -> None:
    """Add a row of files as an editor does."""
    add_row(data, "files", format=file_format, document=document.pk if document else "", video_url=video_url)


def errors(response: Any) -> list[str]:
    return [words(error) for error in soup_of(response).select("#page-edit-form .error-message")]


def test_an_editor_creates_previews_and_publishes_a_leaflet(
    client: Client, admin_client: Client, small_site: SmallSite
) -> None:
    centre = CentrePageFactory.create(parent=small_site.centres, title="Testville Centre")
    url = create_url(small_site.leaflets, LeafletPage)
    text = [("text", rich_text("<h2>First</h2><p>Take a ball.</p>"))]
    data = shown_form(admin_client, url, LeafletPage, streams={"body": text})
    fill(data, title="Juggling", slug="juggling", summary="With three balls.", kind="plan")
    fill(data, date="2018-06-04", date_precision="season")
    tick(data, "centres", centre.pk)
    add_file_row(data, make_document())
    add_file_row(data, None, "easy_read")
    add_file_row(data, None, "bsl_video", "https://example.org/watch")

    shown = main_words(soup_of(preview(admin_client, url, data)))
    assert send(admin_client, url, data).status_code == 302

    for found in (shown, main_words(read(client, "/leaflets/juggling/"))):
        for said in (
            "Plan or timetable, summer 2018",
            "With three balls.",
            "Take a ball.",
            "(PDF, 1.4 MB, 8 pages, English)",
            "Easy Read: not available yet",
            "(on example.org)",
            "Testville Centre",
        ):
            assert said in found


def test_the_preview_shows_the_draft_and_residents_do_not_see_it(
    client: Client, admin_client: Client, leaflet: LeafletPage
) -> None:
    data = fill(form(admin_client, leaflet), summary="With fire.")
    add_file_row(data, make_document())
    shown = main_words(soup_of(preview(admin_client, edit_url(leaflet), data)))

    assert send(admin_client, edit_url(leaflet), data, action="").status_code == 302

    for said in ("With fire.", "PDF"):
        assert said in shown
        assert said not in main_words(read(client, leaflet.url))


def same_document(data: QueryDict) -> None:
    document = make_document()
    add_file_row(data, document)
    add_file_row(data, document, "easy_read")


def same_language(data: QueryDict) -> None:
    add_file_row(data, make_document(language="pl"))
    add_file_row(data, make_document(language="pl"))


def same_video(data: QueryDict) -> None:
    for _ in range(2):
        add_file_row(data, None, "bsl_video", "https://example.org/watch")


@pytest.mark.parametrize(
    ("twice", "said"),
    [
        (same_document, "This file is in the list already."),
        (same_language, "There is another file in this format in Polish."),
        (same_video, "This video is in the list already."),
    ],
)
def test_what_is_in_the_list_twice_is_not_published_and_can_be_saved_as_a_draft(
    admin_client: Client, leaflet: LeafletPage, twice: Callable[[QueryDict], None], said: str
) -> None:
    data = form(admin_client, leaflet)
    twice(data)

    response = send(admin_client, edit_url(leaflet), data)

    [error] = errors(response)
    assert said in error
    assert LeafletFile.objects.count() == 0
    assert send(admin_client, edit_url(leaflet), data, action="").status_code == 302


def test_one_format_in_two_languages_and_several_files_to_come_are_fine(
    admin_client: Client, leaflet: LeafletPage
) -> None:
    data = form(admin_client, leaflet)
    for language in ("pl", "ro"):
        add_file_row(data, make_document(language=language))
    for _ in range(2):
        add_file_row(data)

    assert send(admin_client, edit_url(leaflet), data).status_code == 302
    assert LeafletFile.objects.count() == 4


def test_a_row_that_is_being_removed_counts_for_nothing(admin_client: Client, leaflet: LeafletPage) -> None:
    document = make_document()
    add_file(leaflet, document)
    data = form(admin_client, leaflet)
    data["files-0-DELETE"] = "on"
    add_file_row(data, document, "large_print")

    assert send(admin_client, edit_url(leaflet), data).status_code == 302
    assert LeafletFile.objects.get().format == "large_print"


@pytest.mark.parametrize(
    ("file_format", "video_url", "has_document", "said"),
    [
        ("audio", "https://example.org/", False, "Only a British Sign Language video has an address. Choose a file."),
        ("bsl_video", "http://example.org/", False, "The address must begin with https://"),
        ("bsl_video", "javascript:alert(1)", False, "Enter a valid URL."),
        ("bsl_video", "", True, "A video is not uploaded here. Give the address where it can be watched."),
    ],
)
def test_what_does_not_go_together_is_refused_beside_its_field(
    admin_client: Client, leaflet: LeafletPage, file_format: str, video_url: str, has_document: bool, said: str
) -> None:
    data = form(admin_client, leaflet)
    add_file_row(data, make_document() if has_document else None, file_format, video_url)
    assert said in " ".join(errors(send(admin_client, edit_url(leaflet), data)))


def test_a_newsletter_is_not_made_as_a_leaflet(admin_client: Client, leaflet: LeafletPage) -> None:
    data = fill(form(admin_client, leaflet), kind="newsletter")
    [error] = errors(send(admin_client, edit_url(leaflet), data))
    assert "goes under its newsletter" in error


def to_mend(client: Client, page: LeafletPage) -> list[Tag]:
    response = client.get(edit_url(page))
    assert response.status_code == 200
    return list(soup_of(response).select(TO_MEND))


def test_editors_see_what_is_wrong_with_the_files_and_what_is_still_to_be_added(
    admin_client: Client, leaflet: LeafletPage
) -> None:
    document, sound = make_document("A scan"), make_document("All well")
    reading = documents.read(document, problems=["scan"])
    documents.read(sound)
    add_file(leaflet, document)
    add_file(leaflet, sound, format="easy_read")
    add_file(leaflet, format="large_print")

    said = " ".join(words(item) for item in to_mend(admin_client, leaflet))

    assert "A scan" in said
    assert reading.problem_texts
    assert all(text in said for text in reading.problem_texts)
    assert "Large print : the file is still to be added." in said.replace("Large print:", "Large print :")
    assert "All well" not in said


def test_editors_are_told_nothing_when_all_is_well(admin_client: Client, leaflet: LeafletPage) -> None:
    add_file(leaflet, make_document())
    assert to_mend(admin_client, leaflet) == []


def test_what_is_wrong_with_all_files_takes_one_query(leaflet: LeafletPage) -> None:
    for _ in range(5):
        document = make_document()
        documents.read(document, problems=["scan"])
        add_file(leaflet, document)
    draft = LeafletPage.objects.get().get_latest_revision_as_object()
    draft.files.get_object_list()

    with CaptureQueriesContext(connection) as queries:
        assert len(draft.files_to_mend()) == 5

    assert len(queries) == 1
