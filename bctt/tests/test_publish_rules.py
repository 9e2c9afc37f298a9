"""What every page is asked before residents see it, through the admin's own forms, as somebody who publishes."""

import gc
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from wagtail.test.utils.form_data import rich_text, streamfield

from core.editorial_rules.drafts import invalid_drafts
from core.factories import SiteImageFactory
from home.factories import ContentPageFactory, SmallSite
from home.models import ContentPage
from news.factories import NewsPageFactory
from news.models import NewsPage
from testing.admin_forms import create_url, edit_url, fill, preview, send, shown_form
from testing.html import main_words, soup_of
from testing.publish_rules import (
    assert_not_published,
    assert_published,
    assert_saved,
    beside,
    beside_blocks,
    publisher,
    refusals,
)

# Wagtail leaves the temporary files of pictures to the garbage collector, which must not come in another test.
with_pictures = pytest.mark.filterwarnings("ignore:[Uu]nclosed file:ResourceWarning")


@pytest.fixture
def page(small_site: SmallSite) -> ContentPage:
    found: ContentPage = ContentPageFactory.create(parent=small_site.home)
    return found


@pytest.fixture
def editor(small_site: SmallSite) -> Client:
    return publisher(small_site.home)


def form(client: Client, page: ContentPage, *blocks: tuple[str, Any], **values: Any) -> QueryDict:
    return fill(shown_form(client, edit_url(page), ContentPage, streams={"body": list(blocks)}), **values)


def text(html: str) -> tuple[str, Any]:
    return "text", rich_text(html, features=["h2", "h3", "bold", "link", "ul", "ol"])


def inside(kind: str) -> tuple[str, Any]:
    """Return a block with a vague link somewhere inside."""
    vague = rich_text("<p>To begin <a href='https://example.org/'>click here</a>.</p>", features=["link"])
    folded = {"title": "How to begin", "body": streamfield([("text", vague)])}
    blocks = {
        "inset": {"body": vague},
        "details": folded,
        "expander": folded,
        "do_list": {"heading_level": "2", "label": "", "do-count": "1", "do-0-deleted": "", "do-0-order": "0"}
        | {"do-0-type": "item", "do-0-id": "", "do-0-value": vague},
    }
    return kind, blocks[kind]


def action_link(words: str) -> tuple[str, Any]:
    return "action_link", {"text": words, "internal_page": "", "external_url": "https://example.org/"}


def test_a_title_in_capitals(editor: Client, page: ContentPage) -> None:
    data = form(editor, page)
    for title in ("OPENING TIMES", "CONSULTATION"):
        assert "is all in capitals" in beside(send(editor, edit_url(page), fill(data, title=title)), "title"), title
    assert_not_published(editor, edit_url(page), fill(data, title="NHS AND YOU"), "title", "is all in capitals")


def test_a_title_that_has_to_have_capitals(editor: Client, page: ContentPage) -> None:
    data = form(editor, page)
    for title in ("NHS", "Opening times", "IAPT in Testville", "RM19 1SX"):
        assert_published(editor, edit_url(page), fill(data, title=title))
        page.refresh_from_db()
        assert page.title == title


def test_a_page_without_a_summary(editor: Client, page: ContentPage) -> None:
    assert_not_published(editor, edit_url(page), form(editor, page, summary=""), "summary", "This field is required.")


def test_a_summary_that_is_too_long_waits_in_a_draft(editor: Client, page: ContentPage) -> None:
    data = form(editor, page, summary="Juggling. " * 40)
    assert_not_published(editor, edit_url(page), data, "summary", "at most 300 characters")


def test_words_that_are_hard_to_read_stand_beside_their_block(editor: Client, page: ContentPage) -> None:
    wrong = [
        (text("<h2>OPENING TIMES</h2>"), "“OPENING TIMES” is all in capitals"),
        (text("<h2> </h2><p>Juggling.</p>"), "There is a heading without words."),
        (text("<p><a href='https://example.org/'>Read more…</a></p>"), "“Read more” does not say where"),
        (text("<p><a href='https://example.org/'>https://example.org/a</a></p>"), "is a web address"),
        (inside("inset"), "“click here” does not say where"),
        (inside("details"), "“click here” does not say where"),
        (inside("expander"), "“click here” does not say where"),
        (inside("do_list"), "“click here” does not say where"),
        (action_link("Here"), "“Here” does not say where"),
        (action_link("www.example.org"), "is a web address"),
    ]
    data = form(editor, page, *(block for block, _ in wrong))
    for refused in refusals(editor, edit_url(page), data):
        said = beside_blocks(refused, "body")
        assert len(said) == len(wrong)
        assert [
            (block, said[number]) for number, (block, message) in enumerate(wrong) if message not in said[number]
        ] == []
    assert_saved(editor, edit_url(page), data)


def test_a_sub_heading_without_a_main_heading(editor: Client, page: ContentPage) -> None:
    data = form(editor, page, text("<h3>Sub-heading</h3>"))
    assert_not_published(editor, edit_url(page), data, "body", "This sub-heading has no main heading above it.")


def test_plain_words_are_published(client: Client, editor: Client, page: ContentPage) -> None:
    blocks = [
        text("<h2>NHS</h2><h3>How to begin</h3><p><a href='https://111.nhs.uk/'>111.nhs.uk</a></p>"),
        text("<p><a href='https://example.org/'>Read more about juggling</a></p>"),
        action_link("Find a juggler"),
    ]
    assert_published(editor, edit_url(page), form(editor, page, *blocks))
    assert "Find a juggler" in main_words(soup_of(client.get(page.url)))


@with_pictures
def test_a_picture_says_what_it_shows_or_that_it_only_decorates(editor: Client, page: ContentPage) -> None:
    picture = SiteImageFactory.create().pk

    def said(**values: str) -> QueryDict:
        chosen = {"image": picture, "alt_text": "", **values}
        return fill(data, body=streamfield([("image", {"image": chosen, "caption": ""})]))

    data = form(editor, page)
    assert_not_published(editor, edit_url(page), said(), "body", "Please add some alt text")
    assert_published(editor, edit_url(page), said(alt_text="Three balls in the air"))
    data = form(editor, page)
    assert_published(editor, edit_url(page), said(decorative="on"))
    gc.collect()


@with_pictures
def test_a_picture_at_the_top_says_what_it_shows(editor: Client, small_site: SmallSite) -> None:
    page = NewsPageFactory.create(parent=small_site.news)
    data = shown_form(editor, edit_url(page), NewsPage)
    fill(data, picture=SiteImageFactory.create().pk, picture_alt_text="")
    assert_not_published(editor, edit_url(page), data, "picture_alt_text", "Say in a few words what the picture shows.")
    assert_published(editor, edit_url(page), fill(data, picture_alt_text="Three balls in the air"))
    gc.collect()


def test_a_new_page_is_asked_too_and_kept_as_a_draft(editor: Client, small_site: SmallSite) -> None:
    url = create_url(small_site.home, ContentPage)
    data = shown_form(editor, url, ContentPage)
    fill(data, title="JUGGLING CLASS", slug="juggling", summary="Come.")
    assert_not_published(editor, url, data, "title", "is all in capitals")
    assert not ContentPage.objects.get(slug="juggling").live


def test_the_preview_shows_a_draft_whatever_is_wrong_with_it(editor: Client, page: ContentPage) -> None:
    data = form(editor, page, inside("details"), text("<h3>JUGGLING CLASS</h3>"), title="OPENING TIMES")
    assert "JUGGLING CLASS" in main_words(soup_of(preview(editor, edit_url(page), data)))


def test_an_old_fault_of_a_live_page_keeps_it_from_nothing_but_being_published(
    editor: Client, small_site: SmallSite, page: ContentPage
) -> None:
    page.title = "OPENING TIMES"
    page.save()
    page.save_revision(clean=False).publish()
    page.move(small_site.home, pos="first-child")
    page.refresh_from_db()
    assert page.live
    assert_not_published(editor, edit_url(page), form(editor, page, summary="New."), "title", "is all in capitals")


def test_a_page_in_moderation_must_be_right_whenever_it_is_saved(editor: Client, page: ContentPage) -> None:
    assert send(editor, edit_url(page), form(editor, page), action="submit").status_code == 302
    page.refresh_from_db()
    assert page.workflow_in_progress
    wrong = form(editor, page, action_link("click here"), summary="")
    errors = send(editor, edit_url(page), wrong, action="").context["form"].errors  # type: ignore[attr-defined]
    assert set(errors) == {"body", "summary"}


def bulk_publish(client: Client, *pages: ContentPage, beneath: bool = False) -> Any:
    ids = "&".join(f"id={page.pk}" for page in pages)
    data = {"include_descendants": "on"} if beneath else {}
    return client.post(f"/admin/bulk/wagtailcore/page/publish/?{ids}&next=/admin/", data, follow=True)


def wrong_draft(parent: Any, **values: Any) -> ContentPage:
    draft: ContentPage = ContentPageFactory.create(parent=parent, live=False, **values)
    draft.body.append(("action_link", {"text": "click here", "internal_page": None, "external_url": "https://x.org/"}))
    draft.save_revision(clean=False)
    return draft


@pytest.mark.parametrize("beneath", [True, False])
@pytest.mark.database
def test_drafts_ticked_together_are_not_published_while_one_is_wrong(
    editor: Client, small_site: SmallSite, page: ContentPage, beneath: bool
) -> None:
    right = ContentPageFactory.create(parent=small_site.home, title="Right", slug="right", live=False)
    wrong = wrong_draft(right if beneath else small_site.home, title="Wrong", slug="wrong")

    ticked = [right] if beneath else [right, wrong]
    answer = bulk_publish(editor, *ticked, beneath=beneath)

    assert (
        "Nothing was published. Open “Wrong” and mend this: “click here” does not say where" in answer.content.decode()
    )
    assert not ContentPage.objects.filter(pk__in=[right.pk, wrong.pk], live=True).exists()


def test_drafts_that_are_right_are_published_together_whatever_lies_beneath(
    editor: Client, small_site: SmallSite, page: ContentPage
) -> None:
    right = ContentPageFactory.create(parent=small_site.home, title="Right", slug="right", live=False)
    wrong_draft(right, title="Wrong", slug="wrong")
    bulk_publish(editor, right)
    right.refresh_from_db()
    assert right.live


def test_what_is_live_as_it_is_does_not_keep_others_from_being_published(page: ContentPage) -> None:
    ContentPage.objects.filter(pk=page.pk).update(title="OPENING TIMES")
    assert invalid_drafts([ContentPage.objects.get(pk=page.pk)]) == []
