"""What people type, as it comes in: cleaned, whichever field it is for; and addresses that say no number for one."""

import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.test import Client, RequestFactory
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Workflow

from core.middleware.entries import EntryMiddleware
from core.rich_text import CleanRichTextArea
from testing.admin_forms import create_url, edit_url, fill, send, shown_form
from testing.pages import SmallSite, add_page, text_page_model

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def add(client: Client, site: SmallSite, action: str = "publish", **values: Any) -> Any:
    address = create_url(site.home, text_page_model())
    return send(client, address, fill(shown_form(client, address, text_page_model()), **values), action)


def test_what_an_editor_types_is_kept_without_what_nobody_can_see(admin_client: Client, small_site: SmallSite) -> None:
    body = json.dumps(
        {
            "entityMap": {},
            "blocks": [
                {
                    "key": "a",
                    "type": "unstyled",
                    "depth": 0,
                    "text": "So\u00adft \0bold",
                    "inlineStyleRanges": [{"offset": 7, "length": 4, "style": "BOLD"}],
                    "entityRanges": [],
                }
            ],
        }
    )
    values = {"title": "Bl\u200bood\0 te\u0301sts\ufeff", "slug": "tests", "summary": "Wh\u00ady\u202e and how."}
    stream = {"body-count": "1", "body-0-deleted": "", "body-0-order": "0", "body-0-type": "text", "body-0-id": ""}
    answer = add(admin_client, small_site, **values, **stream, **{"body-0-value": body})
    assert answer.status_code == 302
    page = text_page_model().objects.get(slug="tests")
    assert (page.title, page.summary) == ("Blood tésts", "Why and how.")
    assert "Soft <b>bold</b>" in page.body[0].value.source


@pytest.mark.parametrize("action", ["publish", ""])
@pytest.mark.parametrize("title", ["\u200b", "\u00ad\u2060", "\u3164", " \u2800 ", "\u202e\u200f"])
def test_a_title_that_nobody_can_see_is_refused(
    admin_client: Client, small_site: SmallSite, title: str, action: str
) -> None:
    answer = add(admin_client, small_site, action, title=title, slug="nothing", summary="Why and how.")
    assert answer.status_code == 200
    assert answer.context["form"].errors["title"] == ["Write a title."]


def test_a_page_that_comes_from_a_file_is_cleaned_too(small_site: SmallSite) -> None:
    page = text_page_model()(title="\u200b", summary="Why.", slug="x")
    with pytest.raises(ValidationError) as refused:
        page.full_clean()
    assert "title" in refused.value.error_dict
    assert add_page(small_site.home, title="Ab\u00adout us").title == "About us"


def test_rich_text_keeps_what_a_script_needs() -> None:
    text = "می‌خواهم"
    block = {"key": "a", "type": "unstyled", "depth": 0, "text": text, "inlineStyleRanges": [], "entityRanges": []}
    sent = QueryDict(mutable=True)
    sent["text"] = json.dumps({"entityMap": {}, "blocks": [block]})
    assert text in (CleanRichTextArea().value_from_datadict(sent, {}, "text") or "")


def test_a_password_is_taken_as_it_is() -> None:
    request = RequestFactory().post("/", {"password": "a\u00adb", "old_password2": "\uff21", "name": "a\u00adb"})
    EntryMiddleware(lambda request: HttpResponse()).process_view(request, None, [], {})
    assert request.POST.dict() == {"password": "a\u00adb", "old_password2": "\uff21", "name": "ab"}


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/admin/tag-autocomplete/?term=%00", 200),
        ("/admin/tag-autocomplete/?term=a%00b", 200),
        ("/admin/pages/?q=%00&%00=1", 200),
        ("/search/?query=%00", 200),
        ("/news/?year=0", 200),
        ("/news/?year=0000", 200),
        ("/news/?year=10000", 200),
        ("/news/?year=9999", 200),
        ("/%00/", 404),
        ("/documents/1/%00.pdf", 404),
        (f"/admin/pages/{2**70}/edit/", 404),
        (f"/admin/pages/{2**31}/", 404),
        ("/admin/choose-external-link/?parent_page_id=x", 400),
        ("/admin/choose-page/?target_pages[]=1e9", 400),
        ("/admin/api/main/pages/find/?id=", 400),
        ("/admin/bulk/core/sitedocument/delete/?id=%D9%A3", 400),
        (f"/admin/images/chooser/chosen-multiple/?id={2**63}", 400),
        ("/admin/images/chooser/?p=0", 200),
        ("/admin/images/chooser/results/?collection_id=&q=a&tag=b", 200),
        ("/admin/centres/services/?items=1", 200),
        ("/admin/centres/change-status/?next=d", 302),
        ("/admin/login/?next=*", 302),
    ],
)
def test_what_is_no_number_or_no_text_is_answered(
    admin_client: Client, small_site: SmallSite, address: str, status: int
) -> None:
    answer = admin_client.get(address)
    assert answer.status_code == status or (status == 200 and answer.status_code == 302)
    if status == 400:
        assert "This address has a mistake in it" in answer.content.decode()


def test_all_is_no_number_but_of_ticked_rows(admin_client: Client, small_site: SmallSite) -> None:
    assert admin_client.get("/admin/choose-page/chosen-multiple/?id=all").status_code == 400
    root = f"/admin/bulk/wagtailcore/page/publish/?id=all&parentId={small_site.home.pk}"
    assert admin_client.get(root).status_code == 200


def test_a_list_that_has_no_such_page_shows_its_first(admin_client: Client, small_site: SmallSite) -> None:
    workflow = Workflow.objects.get_or_create(name="Juggling")[0]
    address = f"/admin/workflows/edit/{workflow.pk}/"
    response = admin_client.get(f"{address}?p=11408448", follow=True)
    assert response.redirect_chain == [(address, 302)]
    assert response.status_code == 200


def test_the_api_searches_what_it_has_filtered(admin_client: Client, small_site: SmallSite) -> None:
    add_page(small_site.home, title="Juggling")
    for filtered in ("has_children=0", "has_children=0&translation_of=1", "for_explorer=1"):
        for address in ("/admin/api/main/pages/", f"/admin/api/main/pages/{small_site.home.pk}/"):
            assert admin_client.get(f"{address}?search=juggling&{filtered}").status_code in (200, 400, 404), address


def test_a_cookie_with_a_null_character_is_no_cookie(client: Client, small_site: SmallSite) -> None:
    client.cookies.load({"sessionid": "abcdefgh\0ijkl"})
    assert client.get("/admin/login/").status_code == 200


@pytest.fixture
def long_site(small_site: SmallSite) -> Page:
    """A page in an address of some 500 letters, above another."""
    parent = add_page(small_site.home, title="Long", slug="a" * 250)
    child = add_page(parent, title="Longer", slug="b" * 250)
    add_page(child, title="Longest", slug="c" * 250)
    return child


def test_a_page_whose_address_is_too_long_for_a_redirect_is_renamed_all_the_same(
    admin_client: Client, long_site: Page, django_capture_on_commit_callbacks: Any
) -> None:
    address = edit_url(long_site)
    form = fill(shown_form(admin_client, address, text_page_model()), slug="short", title="Longer now")
    with django_capture_on_commit_callbacks(execute=True) as done:
        assert send(admin_client, address, form).status_code == 302
    assert done
    long_site.refresh_from_db()
    assert (long_site.slug, long_site.title) == ("short", "Longer now")
    assert long_site.get_children().get().url_path.endswith(f"/short/{'c' * 250}/")
    assert not Redirect.objects.exists()
    parent = Page.objects.get(slug="a" * 250)
    form = fill(shown_form(admin_client, edit_url(parent), text_page_model()), slug="parent")
    with django_capture_on_commit_callbacks(execute=True):
        assert send(admin_client, edit_url(parent), form).status_code == 302
    # Of the pages beneath, the first has an address that is short enough by now to be sent on from.
    assert Redirect.objects.get(redirect_page=parent).old_path == f"/{'a' * 250}"


def test_nobody_is_sent_on_from_an_address_that_is_too_long(admin_client: Client, long_site: Page) -> None:
    target = add_page(long_site.get_parent().get_parent(), title="Target")
    address = f"/admin/pages/{long_site.pk}/unpublish/"
    answer = admin_client.post(address, {"redirect_to": target.pk})
    assert "too long to send people on" in answer.content.decode()
    assert admin_client.post(address, {"redirect_to": ""}).status_code == 302
