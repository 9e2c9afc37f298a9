"""What an editor brings in by its number: only what he or she may choose, in every kind of field and by every way."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection, GroupCollectionPermission, Page, ReferenceIndex
from wagtail.test.utils.form_data import rich_text

from centres.factories import CentrePageFactory, ServicePageFactory
from core.blocks import BodyBlock
from core.editorial_rules.references import references, without_refused
from core.factories import AlertFactory, SiteDocumentFactory, SiteImageFactory
from core.models import Alert
from home.factories import SmallSite
from leaflets.factories import LeafletPageFactory
from leaflets.models import LeafletPage
from news.factories import ForumPageFactory, ForumUpdatePageFactory
from testing.admin_forms import Blocks, add_row, create_url, edit_url, fill, send, shown_form, tick
from testing.people import person_who_may, signed_in
from testing.privacy import PRIVATE
from users.models import User
from whats_on.factories import EventDateFactory, EventPageFactory

CANARY = "zebrafinch"
FILE = "You may not use this file. Choose one from your own collections."
PICTURE = "You may not use this picture. Choose one from your own collections."
PAGE = "You may not use this page: not everyone can see it, and it is not yours. Choose another page."
WORDS = {"documents": FILE, "images": PICTURE, "pages": PAGE}


@dataclass
class Desk:
    """An editor at work: what is his or her own and what is not, by kind."""

    client: Client
    user: User
    site: SmallSite
    own: dict[str, Any]
    foreign: dict[str, Any]


@pytest.fixture
def desk(small_site: SmallSite) -> Desk:
    """Somebody who publishes everything, and may choose the files of one collection."""
    root = Collection.get_first_root_node()
    mine, theirs = root.add_child(name="Testville"), root.add_child(name="Otherville")
    forum = ForumPageFactory(parent=small_site.forums)
    user = person_who_may("change", "publish", "add", at=[forum, small_site.leaflets, small_site.events])
    user.groups.get().permissions.add(Permission.objects.get(codename="change_alert"))
    for codename in ("choose_document", "choose_image"):
        permission = Permission.objects.get(codename=codename)
        GroupCollectionPermission.objects.create(group=user.groups.get(), collection=mine, permission=permission)
    things: list[dict[str, Any]] = [
        {
            "documents": SiteDocumentFactory(title=f"{name} file", collection=collection),
            "images": SiteImageFactory(title=f"{name} picture", file__filename=f"{name}.png", collection=collection),
        }
        for name, collection in (("own", mine), (CANARY, theirs))
    ]
    own, foreign = things
    own["pages"] = ServicePageFactory(parent=small_site.services, title="Own service")
    foreign["pages"] = ServicePageFactory(parent=small_site.services, title=f"{CANARY} service", live=False)
    own["centres"] = CentrePageFactory(parent=small_site.centres, title="Own centre")
    foreign["centres"] = CentrePageFactory(parent=small_site.centres, title=f"{CANARY} centre", live=False)
    own["leaflets"] = LeafletPageFactory(parent=small_site.leaflets, title="Own leaflet", live=False)
    section = LeafletPageFactory(parent=small_site.home, title=f"{CANARY} leaflet")
    PRIVATE["for a group"](section)
    foreign["leaflets"] = section
    return Desk(signed_in(user), user, small_site, own, foreign)


def link(kind: str, thing: Any) -> str:
    return rich_text(f'<p>Read <a linktype="{kind}" id="{thing.pk}">the whole of it</a>.</p>')


# For each kind of block, what it holds when it names a thing, and of which kind that is.
BLOCKS: dict[str, tuple[str, Callable[[Any], Blocks]]] = {
    "a file": ("documents", lambda thing: [("document", {"document": thing.pk, "title": ""})]),
    "a picture": (
        "images",
        lambda thing: [
            ("image", {"image": {"image": thing.pk, "decorative": "on", "alt_text": ""}, "caption": "Clubs"})
        ],
    ),
    "a page": (
        "pages",
        lambda thing: [("action_link", {"text": "See the clubs", "internal_page": thing.pk, "external_url": ""})],
    ),
    "a link to a page": ("pages", lambda thing: [("text", link("page", thing))]),
    "a link within a block": ("pages", lambda thing: [("inset", {"body": link("page", thing)})]),
}


def said(response: HttpResponseBase) -> str:
    """Return a screen; that its form came back shows that nothing was saved."""
    assert response.status_code == 200
    return response.getvalue().decode().replace("\\u0026", "&")


@pytest.mark.parametrize("action", ["publish", ""], ids=["published", "kept as a draft"])
@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_takes_only_what_its_editor_may_choose(desk: Desk, name: str, action: str) -> None:
    kind, blocks = BLOCKS[name]
    forum = Page.objects.get(title__startswith="Testville Forum")
    page = ForumUpdatePageFactory(parent=forum)
    page.save_revision()
    url = edit_url(page)
    refused = send(desk.client, url, form(desk, url, page, blocks(desk.foreign[kind])), action)
    answer = said(refused)
    assert WORDS[kind] in answer
    # Neither the title nor a thumbnail is shown.
    assert CANARY not in answer
    page.refresh_from_db()
    assert page.revisions.count() == 1
    taken = send(desk.client, url, form(desk, url, page, blocks(desk.own[kind])), action)
    assert taken.status_code == 302
    assert page.revisions.count() == 2
    # It can be published with no picture of the foreign one made.
    assert not desk.foreign["images"].renditions.exists()


def form(desk: Desk, url: str, page: Page, blocks: Blocks) -> QueryDict:
    return shown_form(desk.client, url, type(page.specific), streams={"body": blocks})


def test_a_link_to_a_file_is_not_kept(desk: Desk) -> None:
    # Our rich text has none; Wagtail leaves out what the editor does not offer.
    page = ForumUpdatePageFactory(parent=Page.objects.get(title__startswith="Testville Forum"))
    url = edit_url(page)
    blocks = [("text", link("document", desk.foreign["documents"]))]
    assert send(desk.client, url, form(desk, url, page, blocks)).status_code == 302
    assert not ReferenceIndex.get_references_to(desk.foreign["documents"]).exists()


def test_an_autosave_takes_only_what_its_editor_may_choose(desk: Desk) -> None:
    page = ForumUpdatePageFactory(parent=Page.objects.get(title__startswith="Testville Forum"))
    page.save_revision()
    url = edit_url(page)
    data = form(desk, url, page, BLOCKS["a file"][1](desk.foreign["documents"]))
    response = desk.client.post(
        url, data.urlencode(), content_type="application/x-www-form-urlencoded", HTTP_ACCEPT="application/json"
    )
    assert response.status_code == 400
    assert page.revisions.count() == 1


def test_a_preview_shows_nothing_that_its_editor_may_not_choose(desk: Desk) -> None:
    page = ForumUpdatePageFactory(parent=Page.objects.get(title__startswith="Testville Forum"))
    url = edit_url(page)
    data = form(desk, url, page, BLOCKS["a picture"][1](desk.foreign["images"]))
    answer = desk.client.post(
        f"{url}preview/", data.urlencode(), content_type="application/x-www-form-urlencoded"
    ).json()
    assert not answer["is_valid"]
    assert CANARY not in desk.client.get(f"{url}preview/").content.decode()
    assert not desk.foreign["images"].renditions.exists()


def test_a_new_page_takes_only_what_its_editor_may_choose(desk: Desk) -> None:
    url = create_url(desk.site.leaflets, LeafletPage)
    for things, status in ((desk.foreign, 200), (desk.own, 302)):
        data = shown_form(desk.client, url, LeafletPage, {"body": [("text", rich_text("<p>Juggling.</p>"))]})
        fill(data, title="Clubs", slug="clubs", summary="Clubs.", date="2020-05-01")
        add_row(data, "files", document=things["documents"].pk, address="", language="en", kind="other")
        response = send(desk.client, url, data, action="")
        assert response.status_code == status
        if status == 200:
            assert FILE in said(response)
            assert CANARY not in said(response)
    assert LeafletPage.objects.get(slug="clubs").files.get().document == desk.own["documents"]


def test_a_stream_of_pages_takes_only_those_that_its_editor_may_choose(desk: Desk) -> None:
    page = ForumUpdatePageFactory(parent=Page.objects.get(title__startswith="Testville Forum"))
    url = edit_url(page)
    for things, status in ((desk.foreign, 200), (desk.own, 302)):
        streams: dict[str, Blocks] = {
            "linked": [("leaflet", things["leaflets"].pk)],
            "body": [("text", rich_text("<p>Juggling.</p>"))],
        }
        response = send(desk.client, url, shown_form(desk.client, url, type(page), streams=streams), action="")
        assert response.status_code == status
        if status == 200:
            assert PAGE in said(response)
            assert CANARY not in said(response)


def test_a_field_takes_only_a_page_that_its_editor_may_choose(desk: Desk) -> None:
    page = EventPageFactory(parent=desk.site.events, centre=None, place="The hall")
    EventDateFactory(event=page)
    url = edit_url(page)
    for things, status in ((desk.foreign, 200), (desk.own, 302)):
        data = fill(shown_form(desk.client, url, type(page)), centre=things["centres"].pk)
        response = send(desk.client, url, data, action="")
        assert response.status_code == status
        if status == 200:
            assert PAGE in said(response)
            assert CANARY not in said(response)


def test_boxes_offer_and_take_only_pages_that_somebody_may_know_of(desk: Desk) -> None:
    page = LeafletPageFactory(parent=desk.site.leaflets)
    url = edit_url(page)
    shown = desk.client.get(url).content.decode()
    assert "Own service" in shown
    assert CANARY not in shown
    data = tick(shown_form(desk.client, url, type(page)), "services", desk.foreign["pages"].pk)
    assert CANARY not in said(send(desk.client, url, data, action=""))
    data = tick(shown_form(desk.client, url, type(page)), "services", desk.own["pages"].pk)
    assert send(desk.client, url, data, action="").status_code == 302


def test_an_alert_takes_only_pages_that_its_editor_may_choose(desk: Desk) -> None:
    alert = AlertFactory.create()
    url = reverse("wagtailsnippets_core_alert:edit", args=[alert.pk])
    for things, status in ((desk.foreign, 200), (desk.own, 302)):
        data = QueryDict(mutable=True)
        fill(data, title=alert.title, text=alert.text, severity=alert.severity)
        fill(data, starts_at="2020-01-01 10:00", ends_at="2020-02-01 10:00")
        row = {"id": "", "ORDER": 1, "DELETE": "", "page": things["pages"].pk}
        management = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
        for name, value in {**management, **{f"0-{key}": value for key, value in row.items()}}.items():
            data[f"places-{name}"] = str(value)
        response = desk.client.post(url, data.urlencode(), content_type="application/x-www-form-urlencoded")
        assert response.status_code == status
        if status == 200:
            assert PAGE in said(response)
            assert CANARY not in said(response)
    assert [place.page_id for place in Alert.objects.get().places.all()] == [desk.own["pages"].pk]


def test_what_is_there_already_stays(desk: Desk) -> None:
    page = ForumUpdatePageFactory(
        parent=Page.objects.get(title__startswith="Testville Forum"),
        body=[{"type": "document", "value": {"document": desk.foreign["documents"].pk, "title": ""}}],
    )
    page.save_revision()
    url = edit_url(page)
    blocks = BLOCKS["a file"][1](desk.foreign["documents"])
    assert send(desk.client, url, form(desk, url, page, blocks)).status_code == 302
    # It is live, so it can come back into a draft from which it was taken out.
    assert send(desk.client, url, form(desk, url, page, []), action="").status_code == 302
    assert ReferenceIndex.get_references_to(desk.foreign["documents"]).exists()
    assert send(desk.client, url, form(desk, url, page, blocks), action="").status_code == 302


def test_an_older_version_brings_back_only_what_its_editor_may_choose(desk: Desk) -> None:
    page = ForumUpdatePageFactory(
        parent=Page.objects.get(title__startswith="Testville Forum"),
        body=[{"type": "document", "value": {"document": desk.foreign["documents"].pk, "title": ""}}],
    )
    older = page.save_revision()
    page.body = []
    page.save_revision().publish()
    url = edit_url(page)
    # The screen of an older version sends it to the page's own.
    assert desk.client.get(reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, older.pk])).status_code == 200
    blocks = BLOCKS["a file"][1](desk.foreign["documents"])
    assert FILE in said(send(desk.client, url, form(desk, url, page, blocks)))
    api = reverse("wagtailadmin_api:pages:action", args=[page.pk, "revert_to_page_revision"])
    assert desk.client.post(api, {"revision_id": older.pk}).status_code == 404


@pytest.mark.parametrize("alias", ["", "on"], ids=["copied", "mirrored"])
def test_a_page_of_others_is_not_copied_with_what_it_holds(desk: Desk, alias: str) -> None:
    forum = Page.objects.get(title__startswith="Testville Forum")
    other = ForumUpdatePageFactory(
        parent=ForumPageFactory(parent=desk.site.forums, title="Otherville"),
        body=[{"type": "document", "value": {"document": desk.foreign["documents"].pk, "title": ""}}],
    )
    before = Page.objects.count()
    data = {"new_title": "Mine", "new_slug": "mine", "new_parent_page": forum.pk, "alias": alias}
    desk.client.post(reverse("wagtailadmin_pages:copy", args=[other.pk]), data)
    assert Page.objects.count() == before
    own = ForumUpdatePageFactory(parent=forum)
    desk.client.post(reverse("wagtailadmin_pages:copy", args=[own.pk]), data)
    assert Page.objects.count() == before + 2


def test_tables_and_lists_are_looked_into_however_deep(small_site: SmallSite) -> None:
    draft = ServicePageFactory(parent=small_site.services, live=False)
    text = f'<p><a linktype="page" id="{draft.pk}">Clubs</a></p>'
    body = BodyBlock()
    value = body.to_python(
        [
            {"type": "details", "value": {"title": "More", "body": [{"type": "richtext", "value": text}]}},
            {"type": "do_list", "value": {"heading_level": "2", "label": "", "do": ["Catch", text]}},
        ]
    )
    refused = references(body.extract_references(value))
    assert refused
    error, shown = without_refused(body, value, refused)
    assert error
    assert not references(body.extract_references(shown))
    assert "Clubs" in json.dumps(body.get_prep_value(shown))


def test_whoever_may_choose_everything_is_asked_nothing_more(
    admin_client: Client, desk: Desk, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    page = ForumUpdatePageFactory(parent=Page.objects.get(title__startswith="Testville Forum"))
    url = edit_url(page)
    data = shown_form(admin_client, url, type(page), streams={"body": BLOCKS["a file"][1](desk.foreign["documents"])})
    assert send(admin_client, url, data).status_code == 302
