"""A leaflet has words to read on its page before residents see it."""

from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page
from wagtail.test.utils.form_data import rich_text, streamfield

from home.factories import SmallSite
from leaflets.factories import LeafletPageFactory, NewsletterIssuePageFactory, NewsletterPageFactory
from testing.admin_forms import add_row, edit_url, fill, send, shown_form
from testing.publish_rules import assert_not_published, assert_published, beside, publisher

from .documents import make_document

Blocks = list[tuple[str, Any]]


@pytest.fixture(params=["leaflet", "issue"])
def page(request: pytest.FixtureRequest, small_site: SmallSite) -> Page:
    if request.param == "leaflet":
        return LeafletPageFactory.create(parent=small_site.leaflets)
    return NewsletterIssuePageFactory.create(parent=NewsletterPageFactory.create(parent=small_site.leaflets))


@pytest.fixture
def editor(small_site: SmallSite) -> Client:
    return publisher(small_site.leaflets)


def document_only() -> Blocks:
    return [("document", {"document": make_document(language="ro").pk, "title": "The leaflet"})]


def test_a_leaflet_without_words_on_its_page(editor: Client, page: Page) -> None:
    message = "Put here what the leaflet says"
    without_file = shown_form(editor, edit_url(page), type(page))
    with_file = without_file.copy()
    add_row(with_file, "files", format="standard", document=make_document().pk, video_url="")
    for data in (without_file, with_file):
        for body in ([], [("text", rich_text("<p></p>"))], document_only()):
            answer = send(editor, edit_url(page), fill(data, body=streamfield(body)))
            assert message in beside(answer, "body"), body
        assert_not_published(editor, edit_url(page), data, "body", message)


def test_a_leaflet_whose_file_is_still_to_be_added_says_what_it_is(editor: Client, page: Page) -> None:
    text = [("text", rich_text("<p>This leaflet was on the old website. We do not have its words yet.</p>"))]
    data = shown_form(editor, edit_url(page), type(page), streams={"body": text})
    add_row(data, "files", format="standard", document="", video_url="")
    assert_published(editor, edit_url(page), data)


def test_a_video_address_in_the_wrong_row_waits_in_a_draft(editor: Client, page: Page) -> None:
    text = [("text", rich_text("<p>Take a ball.</p>"))]
    data = shown_form(editor, edit_url(page), type(page), streams={"body": text})
    add_row(data, "files", format="standard", document="", video_url="https://example.org/watch")
    assert_not_published(
        editor, edit_url(page), data, "video_url", "Only a British Sign Language video has an address."
    )
