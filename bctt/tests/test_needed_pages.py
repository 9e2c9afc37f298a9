"""What the site cannot do without stays, whatever way somebody tries; and the screens say truly what goes."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from centres.factories import CentrePageFactory, CentreServicePageFactory, ServicePageFactory
from core.models import SiteSettings
from core.models.needed import needed_pages
from home.factories import ContentPageFactory, SmallSite
from testing.admin_forms import edit_url, fill, send, shown_form
from testing.html import read, soup_of, words

pytestmark = pytest.mark.database

NAMES = ("home", "centres", "services", "roles", "news", "forums", "events", "leaflets", "privacy", "urgent help")


@pytest.fixture
def pages(small_site: SmallSite) -> dict[str, Page]:
    """The pages that the site needs, and one that it does not, by name."""
    found = {name: getattr(small_site, name) for name in NAMES[:8]}
    found["about"] = ContentPageFactory(parent=small_site.home, title="About")
    found["privacy"] = ContentPageFactory(parent=found["about"], title="Privacy")
    found["urgent help"] = ContentPageFactory(parent=small_site.home, title="Urgent help", show_in_menus=True)
    found["plain"] = ContentPageFactory(parent=small_site.home, title="Plain")
    link = {"type": "link", "value": {"text": "", "page": found["privacy"].pk, "url": ""}}
    settings = SiteSettings.for_site(small_site.site)
    settings.footer_links = json.dumps([link])
    settings.save()
    return found


def in_bulk(client: Client, action: str, *pages: Page, **data: str) -> None:
    address = reverse("wagtail_bulk_action", args=("wagtailcore", "page", action))
    client.post(f"{address}?next=/admin/&{'&'.join(f'id={page.pk}' for page in pages)}", data)


SITE_NAME = {"confirm_site_name": "Better Care Together Thurrock"}
WAYS: dict[str, Callable[[Client, Page, Page], object]] = {
    "delete": lambda client, page, _: client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]), SITE_NAME),
    "unpublish": lambda client, page, _: client.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk])),
    "move": lambda client, page, plain: client.post(
        reverse("wagtailadmin_pages:move_confirm", args=[page.pk, plain.pk])
    ),
    "delete ticked": lambda client, page, plain: in_bulk(client, "delete", page, plain, **SITE_NAME),
    "unpublish ticked": lambda client, page, plain: in_bulk(client, "unpublish", page, plain),
    "move ticked": lambda client, page, plain: in_bulk(client, "move", page, chooser=str(plain.pk)),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_way_takes_away_what_the_site_needs(admin_client: Client, pages: dict[str, Page], way: str) -> None:
    before = set(Page.objects.values_list("pk", "live", "path"))
    for name in NAMES:
        WAYS[way](admin_client, pages[name], pages["plain"])
        assert set(Page.objects.values_list("pk", "live", "path")) == before, name


@pytest.mark.parametrize("way", ["delete", "unpublish", "delete ticked", "unpublish ticked"])
def test_other_pages_go(admin_client: Client, pages: dict[str, Page], way: str) -> None:
    other = ContentPageFactory(parent=pages["home"], title="Other")
    WAYS[way](admin_client, other, pages["plain"])
    assert not Page.objects.filter(pk=other.pk, live=True).exists()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("centres", "The site needs “Centres”, which is the only page of its kind."),
        ("privacy", "Every page leads to “Privacy” at its foot. An administrator can change that, under Settings."),
        ("urgent help", "Every page leads to “Urgent help” in its menu. Untick “Show in the menu” there first."),
        # Beneath it is one that the site needs.
        ("about", "“About” cannot be deleted. Every page leads to “Privacy” at its foot."),
    ],
)
def test_a_plain_sentence_says_why(admin_client: Client, pages: dict[str, Page], name: str, reason: str) -> None:
    response = admin_client.get(reverse("wagtailadmin_pages:delete", args=[pages[name].pk]), follow=True)
    said = words(soup_of(response).select_one(".messages"))
    assert f"“{pages[name].title}” cannot be deleted." in said
    assert reason in said
    assert Page.objects.filter(pk=pages[name].pk).exists()


def test_a_page_goes_off_the_site_and_what_it_needs_beneath_stays(admin_client: Client, pages: dict[str, Page]) -> None:
    url = reverse("wagtailadmin_pages:unpublish", args=[pages["about"].pk])
    admin_client.post(url, {"include_descendants": "on"})
    assert set(Page.objects.filter(pk__in=[pages["about"].pk, pages["privacy"].pk]).values_list("live", flat=True)) == {
        True
    }
    admin_client.post(url)
    assert not Page.objects.get(pk=pages["about"].pk).live
    assert Page.objects.get(pk=pages["privacy"].pk).live


def test_nor_does_the_clock_take_it_off_the_site(admin_client: Client, pages: dict[str, Page]) -> None:
    page = pages["privacy"].specific
    url = edit_url(page)
    later = (timezone.localtime() + timedelta(days=3)).strftime("%Y-%m-%d %H:%M")
    response = send(admin_client, url, fill(shown_form(admin_client, url, type(page)), expire_at=later))
    assert "It cannot be taken off the site." in response.content.decode()  # type: ignore[attr-defined]
    page.refresh_from_db()
    assert page.expire_at is None


def test_a_page_that_left_the_menu_may_go(pages: dict[str, Page]) -> None:
    page = pages["urgent help"]
    Page.objects.filter(pk=page.pk).update(show_in_menus=False)
    assert needed_pages([page]) == {}


def test_the_delete_screens_say_truly_what_goes(admin_client: Client, small_site: SmallSite) -> None:
    centre = CentrePageFactory(parent=small_site.centres, title="Testville Centre")
    for title in ("Archery", "Bowling"):
        CentreServicePageFactory(parent=centre, service=ServicePageFactory(parent=small_site.services, title=title))
    link = [("text", f'<p><a linktype="page" id="{centre.pk}">The centre</a></p>')]
    ContentPageFactory(parent=small_site.home, title="How we got here", body=link)
    alone = read(admin_client, reverse("wagtailadmin_pages:delete", args=[centre.pk]))
    bulk = reverse("wagtail_bulk_action", args=("wagtailcore", "page", "delete"))
    ticked = read(admin_client, f"{bulk}?next=/admin/&id={centre.pk}&id={small_site.events.pk}")
    for soup in (alone, ticked):
        text = words(soup.main)
        assert text.count("They stay, without the link.") == 1, text
        goes, stays = text.split("They stay, without the link.")
        assert "2 pages beneath it: Archery Bowling" in goes.split("Where it is used")[0]
        assert "How we got here" in stays
        assert "Archery" not in stays
        assert "Bowling" not in stays
