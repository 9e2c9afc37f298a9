"""Who gets a file: everyone, those a private page let in, editors; and what hides one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from wagtail.models import (
    Collection,
    PageViewRestriction,
    ReferenceIndex,
)
from wagtail.test.utils.form_data import rich_text

from core.models import SiteDocument, SiteSettings
from core.visibility import is_document_public
from home.factories import SmallSite
from leaflets.factories import LeafletFileFactory, LeafletPageFactory, NewsletterIssuePageFactory, NewsletterPageFactory
from leaflets.models import LeafletPage, NewsletterIssuePage
from testing.admin_forms import edit_url, fill, send, shown_form
from testing.people import member_of, person_who_may, signed_in
from testing.privacy import PRIVATE, make_collection_private, make_private
from users.factories import UserFactory

from .files import cover_url, document_of, get, status

pytestmark = [pytest.mark.database, pytest.mark.django_db, pytest.mark.usefixtures("temporary_media")]


def hide(page: LeafletPage) -> None:
    page.unpublish()


def delete(page: LeafletPage) -> None:
    page.delete()


def take_files_off(page: LeafletPage) -> None:
    page.files.set([])
    page.save()


WAYS_TO_HIDE: dict[str, Callable[[LeafletPage], Any]] = {
    "unpublished": hide,
    "deleted": delete,
    **PRIVATE,
    "inherited": lambda page: make_private(page.get_parent()),
    "removed from the page": take_files_off,
}


@pytest.mark.parametrize("way", WAYS_TO_HIDE)
def test_what_no_public_page_uses_is_not_sent(
    client: Client, document: SiteDocument, leaflet: LeafletPage, way: str
) -> None:
    tags = {url: get(client, url)[1]["ETag"] for url in (document.url, cover_url(document))}

    WAYS_TO_HIDE[way](LeafletPage.objects.get(pk=leaflet.pk))

    for url, tag in tags.items():
        assert status(client, url) == 404
        assert get(client, url, if_none_match=tag)[0] == 404
    assert not is_document_public(document)


def test_what_nothing_uses_yet_is_not_sent(client: Client, document: SiteDocument) -> None:
    assert status(client, document.url) == 404
    assert status(client, cover_url(document)) == 404


def test_a_draft_alone_does_not_publish_a_file(client: Client, small_site: SmallSite, document: SiteDocument) -> None:
    draft = LeafletPageFactory.create(parent=small_site.leaflets, live=False)
    LeafletFileFactory.create(leaflet=draft, document=document)
    assert status(client, document.url) == 404
    draft.save_revision().publish()
    assert status(client, document.url) == 200


def test_a_draft_of_a_public_page_does_not_publish_a_file(
    client: Client, small_site: SmallSite, document: SiteDocument
) -> None:
    page = LeafletPageFactory.create(parent=small_site.leaflets)
    draft = page.get_latest_revision_as_object()
    draft.body.append(("document", {"document": document, "title": ""}))
    revision = draft.save_revision()
    assert status(client, document.url) == 404
    revision.publish()
    assert status(client, document.url) == 200


def test_a_file_of_an_issue_is_hidden_with_its_newsletter(
    client: Client, small_site: SmallSite, document: SiteDocument
) -> None:
    newsletter = NewsletterPageFactory.create(parent=small_site.leaflets)
    issue = NewsletterIssuePageFactory.create(parent=newsletter)
    LeafletFileFactory.create(leaflet=issue, document=document)
    assert status(client, document.url) == 200
    newsletter.live = False
    newsletter.save()
    assert status(client, document.url) == 404


def test_a_file_that_an_editor_took_off_a_page_is_not_sent(
    client: Client, admin_client: Client, small_site: SmallSite, document: SiteDocument
) -> None:
    newsletter = NewsletterPageFactory.create(parent=small_site.leaflets)
    issue = NewsletterIssuePageFactory.create(parent=newsletter)
    LeafletFileFactory.create(leaflet=issue, document=document)
    LeafletFileFactory.create(leaflet=issue, document=document_of(b"Name,Balls\n", "table.csv"))
    assert status(client, document.url) == 200

    text = [("text", rich_text("<p>Take a ball.</p>"))]
    data = shown_form(admin_client, edit_url(issue), NewsletterIssuePage, streams={"body": text})
    send(admin_client, edit_url(issue), fill(data, **{"files-0-DELETE": "on"}))

    assert issue.files.count() == 1
    assert status(client, document.url) == 404


def test_one_public_page_is_enough(
    client: Client, small_site: SmallSite, document: SiteDocument, leaflet: LeafletPage
) -> None:
    private = LeafletPageFactory.create(parent=small_site.leaflets)
    LeafletFileFactory.create(leaflet=private, document=document)
    make_private(private)
    assert status(client, document.url) == 200


def test_what_is_used_elsewhere_than_on_pages_is_sent(
    client: Client, small_site: SmallSite, document: SiteDocument
) -> None:
    settings = SiteSettings.for_site(small_site.site)
    settings.urgent_999 = f'<p><a linktype="document" id="{document.pk}">How to juggle</a></p>'
    settings.save()
    ReferenceIndex.create_or_update_for_object(settings)
    assert status(client, document.url) == 200


def test_a_private_page_gives_its_files_to_whom_it_let_in(
    client: Client, document: SiteDocument, leaflet: LeafletPage
) -> None:
    restriction = make_private(leaflet, PageViewRestriction.PASSWORD, password="secret")
    url = f"/_util/authenticate_with_password/{restriction.pk}/{leaflet.pk}/"

    client.post(url, {"password": "wrong", "return_url": leaflet.url})
    assert status(client, document.url) == 404
    client.post(url, {"password": "secret", "return_url": leaflet.url})
    assert status(client, document.url) == 200
    assert status(client, cover_url(document)) == 200

    hide(leaflet)
    assert status(client, document.url) == 404


def test_a_page_of_a_group_gives_its_files_to_that_group(document: SiteDocument, leaflet: LeafletPage) -> None:
    group = make_private(leaflet, PageViewRestriction.GROUPS).groups.get()
    member, other = member_of(group.name), UserFactory.create()
    assert status(signed_in(member), document.url) == 200
    assert status(signed_in(other), document.url) == 404


def test_editors_get_the_files_of_their_drafts(document: SiteDocument, admin_client: Client) -> None:
    stranger = person_who_may()
    chooser = person_who_may("choose_document", at=Collection.get_first_root_node())
    assert status(signed_in(chooser), document.url) == 200
    assert status(signed_in(chooser), cover_url(document)) == 200
    assert status(signed_in(stranger), document.url) == 404
    assert status(admin_client, document.url) == 200


def test_a_private_collection_keeps_its_files(client: Client, document: SiteDocument, leaflet: LeafletPage) -> None:
    collection = Collection.get_first_root_node().add_child(name="Members")
    SiteDocument.objects.filter(pk=document.pk).update(collection=collection)
    make_collection_private(collection)
    for url in (document.url, cover_url(document)):
        code, headers, _ = get(client, url)
        assert code == 302
        assert headers["Location"].startswith("/admin/login/")
