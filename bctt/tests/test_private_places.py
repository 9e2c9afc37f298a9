"""Somebody who has signed in, at what is private: shown, asked for a password or told plainly; never sent round."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode
from wagtail.models import Collection, CollectionViewRestriction, Page

from core.factories import SiteDocumentFactory
from home.factories import ContentPageFactory, SmallSite
from leaflets.factories import LeafletPageFactory
from leaflets.tests.documents import add_file
from testing.html import headings, link_to, read, soup_of
from testing.people import person_who_may, signed_in
from testing.privacy import PRIVATE
from users.factories import UserFactory
from users.models import User

REFUSED = "You may not see this page"
SECRET = "zebrafinch"


def outsider() -> User:
    return person_who_may()


def without_admin() -> User:
    user: User = UserFactory.create()
    return user


def insider() -> User:
    """Return somebody in the group that `make_private` made."""
    user = person_who_may()
    user.groups.add(*Group.objects.filter(name__startswith="Jugglers", page_permissions=None).exclude(user=user))
    return user


PEOPLE: dict[str, Callable[[], User]] = {"outsider": outsider, "without admin": without_admin, "insider": insider}
KINDS = list(PRIVATE)


def follow(client: Client, url: str) -> Any:
    """Return where somebody ends who opens an address; a loop fails."""
    return client.get(url, follow=True)


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", ["itself", "beneath", "mirrored"])
def test_a_private_page_is_shown_or_refused_plainly(small_site: SmallSite, place: str, kind: str, person: str) -> None:
    section: Page = ContentPageFactory(parent=small_site.home, title=f"{SECRET} section", slug="section")
    page: Page = ContentPageFactory(parent=section, title=f"{SECRET} page")
    PRIVATE[kind](section)
    page = {"itself": section, "beneath": page}.get(place) or section.create_alias(
        parent=small_site.home, update_slug="mirror"
    )
    client = signed_in(PEOPLE[person]())
    response = follow(client, page.url)
    text = response.content.decode()
    if kind == "with a password":
        assert response.status_code == 200
        assert "password" in text
    elif kind == "for a group" and person != "insider":
        assert response.status_code == 403
        assert headings(soup_of(response), "h1") == [REFUSED]
        assert f"{SECRET} " not in text
        assert response["Cache-Control"] == "private, no-store"
    else:
        assert response.status_code == 200
        assert SECRET in text


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("kind", [each for each, _ in CollectionViewRestriction.RESTRICTION_CHOICES if each != "none"])
def test_a_file_of_a_private_collection_is_sent_or_refused_plainly(
    small_site: SmallSite, kind: str, person: str
) -> None:
    collection = Collection.get_first_root_node().add_child(name="Private")
    restriction = CollectionViewRestriction.objects.create(
        collection=collection, restriction_type=kind, password="open-sesame"
    )
    user = PEOPLE[person]()
    if kind == CollectionViewRestriction.GROUPS:
        group = Group.objects.create(name="Readers")
        restriction.groups.add(group)
        if person == "insider":
            user.groups.add(group)
    file = ContentFile(SECRET.encode(), "clubs.csv")
    document = SiteDocumentFactory(title="Clubs", collection=collection, file=file)
    add_file(LeafletPageFactory(parent=small_site.leaflets), document)
    response = follow(signed_in(user), document.url)
    content = b"".join(response) if response.streaming else response.content
    if kind == CollectionViewRestriction.PASSWORD:
        assert response.status_code == 200
        assert b"password" in content
    elif kind == CollectionViewRestriction.GROUPS and person != "insider":
        assert response.status_code == 403
        assert REFUSED.encode() in content
    else:
        assert content == SECRET.encode()


def test_whoever_may_not_see_a_page_can_sign_in_as_somebody_else(small_site: SmallSite) -> None:
    page = ContentPageFactory(parent=small_site.home, title=f"{SECRET} page")
    PRIVATE["for a group"](page)
    client = Client(enforce_csrf_checks=True)
    client.force_login(outsider())
    soup = soup_of(client.get(page.url))
    form = soup.find("form", method="post")
    assert form
    sent = {field["name"]: field["value"] for field in form.find_all("input")}
    response = client.post(str(form["action"]), sent, follow=True)
    assert response.redirect_chain[-1][0] == f"{reverse('wagtailadmin_login')}?{urlencode({'next': page.url})}"
    assert response.status_code == 200
    assert "_auth_user_id" not in client.session
    friend = insider()
    client.force_login(friend)
    assert headings(read(client, page.url), "h1") == [f"{SECRET} page"]


def test_signing_in_for_a_page_that_one_may_not_see_ends_there(small_site: SmallSite) -> None:
    page = ContentPageFactory(parent=small_site.home, title=f"{SECRET} page")
    PRIVATE["for a group"](page)
    visitor = Client()
    response = visitor.get(page.url)
    # A stranger is still asked to sign in.
    assert response.status_code == 302
    assert response["Location"] == f"{reverse('wagtailadmin_login')}?next={page.url}"
    user = outsider()
    data = {"username": user.email, "password": "correct-horse-battery", "next": page.url}
    response = visitor.post(response["Location"], data, follow=True)
    assert response.status_code == 403
    assert link_to(soup_of(response), "the home page")
    # The way that the login itself would send them.
    assert visitor.get(f"{reverse('wagtailadmin_login')}?next={page.url}", follow=True).status_code == 403
