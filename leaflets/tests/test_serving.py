"""Sending files: who gets one, under which address and name, and that nobody gets an old one."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.http import http_date
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    GroupCollectionPermission,
    Page,
    PageViewRestriction,
    ReferenceIndex,
)

from centres.tests.admin_forms import edit_url, fill, send, shown_form
from centres.tests.page_checks import person_who_may, signed_in
from core.models import SiteDocument, SiteSettings
from core.queries import is_document_public
from home.factories import SmallSite
from leaflets.factories import LeafletFileFactory, LeafletPageFactory, NewsletterIssuePageFactory, NewsletterPageFactory
from leaflets.models import DocumentReading, LeafletPage, NewsletterIssuePage
from users.factories import UserFactory

from .bad_files import word
from .pdfs import text_pdf
from .uploading import replace

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scratch_media")]


def document_of(content: bytes, name: str = "leaflet.pdf") -> SiteDocument:
    document = SiteDocument(title="Juggling", file=ContentFile(content, name=name))
    with TestCase.captureOnCommitCallbacks(execute=True):
        document.save()
    return document


@pytest.fixture
def document(db: None, scratch_media: Path) -> SiteDocument:
    return document_of(text_pdf())


@pytest.fixture
def leaflet(small_site: SmallSite, document: SiteDocument) -> LeafletPage:
    """A public leaflet that offers the document."""
    page: LeafletPage = LeafletPageFactory.create(parent=small_site.leaflets)
    LeafletFileFactory.create(leaflet=page, document=document)
    return page


def get(client: Client, url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return the status, the headers and the content of an answer."""
    response: Any = client.get(url, headers={key.replace("_", "-"): value for key, value in headers.items()})
    content = b"".join(response) if response.streaming else response.content
    response.close()
    return response.status_code, dict(response.headers), content


def status(client: Client, url: str) -> int:
    return get(client, url)[0]


def cover_url(document: SiteDocument) -> str:
    return f"/documents/{document.pk}/cover.webp"


@pytest.mark.usefixtures("leaflet")
def test_a_pdf_opens_in_the_browser_under_its_own_name(client: Client, document: SiteDocument) -> None:
    code, headers, content = get(client, document.url, accept_encoding="gzip")
    assert code == 200
    assert content == text_pdf()
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"] == 'inline; filename="leaflet.pdf"'
    assert headers["Content-length"] == str(len(content))
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-cache"
    assert "Content-Encoding" not in headers
    assert "Last-Modified" not in headers


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("letter.docx", word(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("table.csv", b"Name,Balls\n", "text/csv"),
        ("żonglerka.csv", b"Nazwa\n", "text/csv"),
    ],
)
def test_other_files_are_saved_under_their_own_name(
    client: Client, leaflet: LeafletPage, name: str, content: bytes, kind: str
) -> None:
    other = document_of(content, name)
    LeafletFileFactory.create(leaflet=leaflet, document=other)
    code, headers, _ = get(client, other.url)
    assert code == 200
    assert headers["Content-Type"] == kind
    assert headers["Content-Disposition"].startswith("attachment; ")
    if name.isascii():
        assert f'filename="{name}"' in headers["Content-Disposition"]
    else:
        assert "filename*=UTF-8''%C5%BConglerka.csv" in headers["Content-Disposition"]


@pytest.mark.usefixtures("leaflet")
def test_a_file_is_asked_for_again_and_sent_only_if_it_changed(client: Client, document: SiteDocument) -> None:
    _, headers, _ = get(client, document.url)
    code, again, content = get(client, document.url, if_none_match=headers["ETag"])
    assert (code, content) == (304, b"")
    assert again["ETag"] == headers["ETag"]
    assert get(client, document.url, if_none_match='"another"')[0] == 200


@pytest.mark.usefixtures("leaflet")
def test_an_old_address_gives_the_new_file_and_never_the_old_one(
    client: Client, admin_client: Client, document: SiteDocument
) -> None:
    old_url, old_tag = document.url, get(client, document.url)[1]["ETag"]
    replaced = replace(admin_client, document, "timetable 2021.pdf", text_pdf("New")).document
    assert replaced is not None
    assert replaced.url != old_url
    tomorrow = http_date((timezone.now() + timedelta(days=1)).timestamp())

    for url in (old_url, replaced.url, f"/documents/{document.pk}/a/name/nobody/gave.pdf"):
        for headers in ({}, {"if_none_match": old_tag}, {"if_modified_since": tomorrow}):
            code, _, content = get(client, url, **headers)
            assert (code, content) == (200, text_pdf("New")), (url, headers)


@pytest.mark.usefixtures("leaflet")
def test_only_the_headers_are_sent_to_who_asks_for_them(client: Client, document: SiteDocument) -> None:
    for url in (document.url, cover_url(document)):
        response = client.head(url)
        assert response.status_code == 200
        assert int(response["Content-Length"]) > 0
        response.close()
        assert client.post(url).status_code == 405


def test_a_document_that_does_not_exist_is_not_found(client: Client) -> None:
    assert status(client, "/documents/12345/x.pdf") == 404
    assert status(client, "/documents/12345/cover.webp") == 404
    assert status(client, "/documents/99999999999999999999/x.pdf") == 404


def test_a_file_that_is_gone_from_storage_is_not_found(
    client: Client, document: SiteDocument, leaflet: LeafletPage
) -> None:
    for kept in (DocumentReading.objects.get().cover, document.file):
        kept.storage.delete(str(kept.name))
    assert status(client, document.url) == 404
    assert status(client, cover_url(document)) == 404


def hide(page: LeafletPage) -> None:
    page.unpublish()


def delete(page: LeafletPage) -> None:
    page.delete()


def take_files_off(page: LeafletPage) -> None:
    page.files.set([])
    page.save()


def make_private(page: Page, **values: Any) -> None:
    PageViewRestriction.objects.create(page=page, **values)


WAYS_TO_HIDE: dict[str, Callable[[LeafletPage], None]] = {
    "unpublished": hide,
    "deleted": delete,
    "login": lambda page: make_private(page, restriction_type="login"),
    "password": lambda page: make_private(page, restriction_type="password", password="secret"),
    "group": lambda page: make_private(page, restriction_type="groups"),
    "inherited": lambda page: make_private(page.get_parent(), restriction_type="login"),
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
    draft.body = [{"type": "document", "value": {"document": document.pk, "title": ""}}]
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

    data = shown_form(admin_client, edit_url(issue), NewsletterIssuePage)
    send(admin_client, edit_url(issue), fill(data, **{"files-0-DELETE": "on"}))

    assert issue.files.count() == 1
    assert status(client, document.url) == 404


def test_one_public_page_is_enough(
    client: Client, small_site: SmallSite, document: SiteDocument, leaflet: LeafletPage
) -> None:
    private = LeafletPageFactory.create(parent=small_site.leaflets)
    LeafletFileFactory.create(leaflet=private, document=document)
    make_private(private, restriction_type="login")
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
    make_private(leaflet, restriction_type="password", password="secret")
    restriction = PageViewRestriction.objects.get()
    url = f"/_util/authenticate_with_password/{restriction.pk}/{leaflet.pk}/"

    client.post(url, {"password": "wrong", "return_url": leaflet.url})
    assert status(client, document.url) == 404
    client.post(url, {"password": "secret", "return_url": leaflet.url})
    assert status(client, document.url) == 200
    assert status(client, cover_url(document)) == 200

    hide(leaflet)
    assert status(client, document.url) == 404


def test_a_page_of_a_group_gives_its_files_to_that_group(document: SiteDocument, leaflet: LeafletPage) -> None:
    make_private(leaflet, restriction_type="groups")
    group = Group.objects.create(name="Jugglers")
    PageViewRestriction.objects.get().groups.add(group)
    member, other = UserFactory.create(), UserFactory.create()
    member.groups.add(group)
    assert status(signed_in(member), document.url) == 200
    assert status(signed_in(other), document.url) == 404


def test_editors_get_the_files_of_their_drafts(document: SiteDocument, admin_client: Client) -> None:
    chooser, stranger = person_who_may(), person_who_may()
    GroupCollectionPermission.objects.create(
        group=chooser.groups.get(),
        collection=Collection.get_first_root_node(),
        permission=Permission.objects.get(content_type__app_label="wagtaildocs", codename="choose_document"),
    )
    assert status(signed_in(chooser), document.url) == 200
    assert status(signed_in(chooser), cover_url(document)) == 200
    assert status(signed_in(stranger), document.url) == 404
    assert status(admin_client, document.url) == 200


def test_a_private_collection_keeps_its_files(client: Client, document: SiteDocument, leaflet: LeafletPage) -> None:
    collection = Collection.get_first_root_node().add_child(name="Members")
    SiteDocument.objects.filter(pk=document.pk).update(collection=collection)
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    for url in (document.url, cover_url(document)):
        code, headers, _ = get(client, url)
        assert code == 302
        assert headers["Location"].startswith("/admin/login/")


@pytest.mark.usefixtures("leaflet")
def test_a_cover_is_sent_as_a_picture_that_is_asked_for_again(client: Client, document: SiteDocument) -> None:
    code, headers, content = get(client, cover_url(document))
    assert code == 200
    assert content.startswith(b"RIFF")
    assert headers["Content-Type"] == "image/webp"
    assert headers["Cache-Control"] == "private, no-cache"
    assert get(client, cover_url(document), if_none_match=headers["ETag"])[0] == 304


@pytest.mark.usefixtures("leaflet")
def test_a_new_file_has_a_new_cover(client: Client, admin_client: Client, document: SiteDocument) -> None:
    _, headers, _ = get(client, cover_url(document))
    replace(admin_client, document, "new.pdf", text_pdf("Another first page"))
    code, new_headers, _ = get(client, cover_url(document), if_none_match=headers["ETag"])
    assert code == 200
    assert new_headers["ETag"] != headers["ETag"]


def test_a_file_that_has_no_cover_has_no_address_for_one(client: Client, leaflet: LeafletPage) -> None:
    table = document_of(b"Name,Balls\n", "table.csv")
    LeafletFileFactory.create(leaflet=leaflet, document=table)
    assert status(client, cover_url(table)) == 404


@pytest.mark.usefixtures("leaflet", "document")
def test_neither_files_nor_covers_are_sent_past_these_checks(client: Client, scratch_media: Path) -> None:
    stored = [path.relative_to(scratch_media) for path in scratch_media.rglob("*") if path.is_file()]
    assert {path.parent.name for path in stored} == {"covers", "documents"}
    for path in stored:
        assert status(client, f"/media/{path}") == 404


def test_sending_a_file_takes_few_queries_however_many_pages_use_it(
    client: Client, small_site: SmallSite, document: SiteDocument, leaflet: LeafletPage
) -> None:
    def queries(url: str) -> int:
        status(client, url)
        with CaptureQueriesContext(connection) as captured:
            assert status(client, url) == 200
        return len(captured)

    before = [queries(document.url), queries(cover_url(document))]
    for page in LeafletPageFactory.create_batch(5, parent=small_site.leaflets):
        LeafletFileFactory.create(leaflet=page, document=document)
    assert [queries(document.url), queries(cover_url(document))] == before
    assert max(before) <= 7
