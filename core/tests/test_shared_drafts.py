"""A link that shows a draft to people who cannot sign in: one draft, for a week, and nothing else."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from core.page_tools.shared_drafts import SHOWN_FOR, token_for
from testing.pages import SmallSite, add_page
from testing.people import person_who_may
from testing.privacy import make_private

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(small_site: SmallSite) -> Page:
    page = add_page(small_site.home, "About Testshire")
    page.summary = "A zebrafinch draft."
    page.save_revision()
    return page


def link(page: Page) -> str:
    return reverse("shared_draft", args=[token_for(page.get_latest_revision())])


def test_the_link_shows_the_draft_and_says_what_it_is(client: Client, draft: Page) -> None:
    response = client.get(link(draft))
    html = response.content.decode()
    assert "A zebrafinch draft." in html
    assert "This is a draft that somebody has shown you." in html
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "zebrafinch" not in client.get(draft.url).content.decode()


@pytest.mark.database
def test_an_editor_finds_the_link_in_the_menu(client: Client, draft: Page) -> None:
    client.force_login(person_who_may("change", at=draft))
    assert (
        reverse("core_share_draft", args=[draft.pk])
        in client.get(reverse("wagtailadmin_pages:edit", args=[draft.pk])).content.decode()
    )
    html = client.get(reverse("core_share_draft", args=[draft.pk])).content.decode()
    [address] = [each.split('"')[0] for each in html.split('value="')[1:] if "/drafts/" in each]
    assert "zebrafinch" in Client().get(address).content.decode()


@pytest.mark.database
def test_only_who_may_change_the_page_gets_a_link(client: Client, small_site: SmallSite, draft: Page) -> None:
    address = reverse("core_share_draft", args=[draft.pk])
    assert client.get(address)["Location"].startswith(reverse("wagtailadmin_login"))
    client.force_login(person_who_may("change", at=add_page(small_site.home, "Other")))
    assert client.get(address).status_code == 302


@pytest.mark.database
def test_it_ends_after_a_week(client: Client, draft: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    address = link(draft)
    later = timezone.now().timestamp() + SHOWN_FOR.total_seconds()
    monkeypatch.setattr("django.core.signing.time.time", lambda: later - 5)
    assert client.get(address).status_code == 200
    monkeypatch.setattr("django.core.signing.time.time", lambda: later + 5)
    assert client.get(address).status_code == 404


def test_nobody_can_make_one_up(client: Client, draft: Page) -> None:
    token = token_for(draft.get_latest_revision())
    number, time, signature = token.split(":")
    for made_up in (
        f"{int(number) + 1}:{time}:{signature}",
        f"{number}:zzzzzz:{signature}",
        number,
        "x" * 500,
        "é:é:é",
    ):
        assert client.get(reverse("shared_draft", args=[made_up])).status_code == 404


def test_a_deleted_page_is_not_shown(client: Client, draft: Page) -> None:
    address = link(draft)
    draft.delete()
    assert client.get(address).status_code == 404


def test_drafts_and_private_pages_around_it_stay_unknown(client: Client, small_site: SmallSite) -> None:
    private = add_page(small_site.home, "Zebrafinch private")
    make_private(private)
    hidden = add_page(private, "Quagga hidden", live=False)
    page = add_page(hidden, "About Testshire")
    page.save_revision()
    html = client.get(link(page)).content.decode()
    assert "About Testshire" in html
    assert "Zebrafinch" not in html
    assert "Quagga" not in html


def test_nothing_can_be_sent_to_it(client: Client, draft: Page) -> None:
    assert client.post(link(draft)).status_code == 405


def test_what_is_published_has_no_draft_to_show(
    admin_client: Client, draft: Page, london_time_is: Callable[..., datetime]
) -> None:
    draft.get_latest_revision().publish()
    html = admin_client.get(reverse("wagtailadmin_pages:edit", args=[draft.pk])).content.decode()
    assert reverse("core_share_draft", args=[draft.pk]) not in html
    assert timedelta(days=7) == SHOWN_FOR
