"""A canary in everything that is not public, and a walk through all that an anonymous visitor can reach."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urldefrag, urljoin

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from centres.factories import (
    CentrePageFactory,
    CentreServicePageFactory,
    MilestoneFactory,
    PartnerFactory,
    RolePageFactory,
    ServicePageFactory,
)
from centres.models import CentreServicePage, ServiceStatus
from core.factories import AlertFactory
from core.models import BasePage, SiteSettings
from core.tests.pages import Answer
from home.factories import ContentPageFactory, SmallSite

# Each thing to hide has a canary of its own in its words ("zebrafinchcentre") and in its address ("quagga-centre").
CANARY = "zebrafinch"
NEST = "quagga-"
# A word of every page, hidden or not, so that a search for it would find them all.
COMMON = "juggling"

LINK = re.compile(r'(?:href|action)="([^"]*)"')


@dataclass(frozen=True)
class World:
    """A site on which each thing to hide is tied to something public in every way there is."""

    site: SmallSite
    text: BasePage
    centre: BasePage
    service: BasePage
    role: BasePage
    offer: CentreServicePage
    # Live itself, but at the centre to hide, or of the service to hide.
    at_centre: CentreServicePage
    of_service: CentreServicePage


def words(name: str) -> dict[str, Any]:
    """Return the canary in every field that all pages have."""
    canary = CANARY + name
    return {
        "title": f"{COMMON} {canary}",
        "summary": f"{COMMON} {canary} summary.",
        "seo_title": f"{canary} seo",
        "search_description": f"{canary} description",
        "team": f"{canary} team",
        "checked_on": timezone.localdate(),
    }


def body(name: str) -> list[dict[str, Any]]:
    return [{"type": "text", "value": f"<p>{COMMON} {CANARY}{name}</p>"}]


@pytest.fixture
def world(small_site: SmallSite) -> World:
    home, centres, services, roles = small_site.home, small_site.centres, small_site.services, small_site.roles

    text = ContentPageFactory(parent=home, slug=f"{NEST}text", show_in_menus=True, body=body("text"), **words("text"))
    centre = CentrePageFactory(
        parent=centres,
        slug=f"{NEST}centre",
        short_name=f"{CANARY}centre town",
        also_known_as=f"{COMMON} {CANARY}centre",
        notice=f"{CANARY}centre notice",
        notice_ends_on=timezone.localdate() + timedelta(days=9),
        address=f"{CANARY}centre street",
        travel=f"<p>{CANARY}centre bus</p>",
        body=body("centre"),
        **words("centre"),
    )
    MilestoneFactory(centre=centre, title=f"{CANARY}centre milestone")
    PartnerFactory(centre=centre, name=f"{CANARY}centre partner")
    service = ServicePageFactory(
        parent=services,
        slug=f"{NEST}service",
        also_known_as=f"{COMMON} {CANARY}service",
        how_to_use=f"<p>{CANARY}service</p>",
        body=body("service"),
        **words("service"),
    )
    role = RolePageFactory(
        parent=roles, slug=f"{NEST}role", helps_with=f"<p>{CANARY}role</p>", body=body("role"), **words("role")
    )

    seen_centre = CentrePageFactory(parent=centres, short_name="Testville", title=f"Testville {COMMON} centre")
    seen_service = ServicePageFactory(parent=services, title=f"Open {COMMON}", roles=[role])
    other_service = ServicePageFactory(parent=services, title=f"Other {COMMON}")
    CentreServicePageFactory(parent=seen_centre, service=seen_service, roles=[role])
    offer_words = words("offer")
    del offer_words["title"]  # an offer has the name of its service
    offer = CentreServicePageFactory(
        parent=seen_centre,
        service=other_service,
        status=ServiceStatus.POSSIBLE,
        note=f"{COMMON} {CANARY}offer note",
        access_details=f"<p>{CANARY}offer</p>",
        **offer_words,
    )
    at_words = {**words("here"), "title": seen_service.title}
    at_centre = CentreServicePageFactory(parent=centre, service=seen_service, note=f"{CANARY}here", **at_words)
    of_words = {**words("about"), "title": service.title}
    of_service = CentreServicePageFactory(parent=seen_centre, service=service, note=f"{CANARY}about", **of_words)

    hidden = (text, centre, service, role, offer)
    linked = "".join(f'<p><a linktype="page" id="{page.pk}">Words</a></p>' for page in hidden)
    ContentPageFactory(
        parent=home,
        title=f"Seen {COMMON}",
        body=[
            {"type": "text", "value": linked},
            *(
                {"type": "action_link", "value": {"text": "Go", "external_url": "", "internal_page": page.pk}}
                for page in hidden
            ),
        ],
    )
    settings = SiteSettings.for_site(small_site.site)
    settings.urgent_999 = linked
    settings.footer_links = [{"type": "link", "value": {"text": "", "page": page.pk, "url": ""}} for page in hidden]
    settings.save()
    for name, page in zip(("text", "centre", "service", "role", "offer"), hidden, strict=True):
        AlertFactory(title=f"{CANARY}{name} alert", pages=[page])
    return World(small_site, *hidden, at_centre, of_service)


def as_draft(page: Page) -> None:
    page.live = False
    page.first_published_at = page.last_published_at = None
    page.save()


def unpublished(page: Page) -> None:
    page.unpublish()


def expired(page: Page) -> None:
    page.expire_at = timezone.now() - timedelta(minutes=1)
    page.save()
    call_command("publish_scheduled")
    page.refresh_from_db()
    assert not page.live


def private(kind: str) -> Callable[[Page], None]:
    def hide(page: Page) -> None:
        restriction = PageViewRestriction.objects.create(page=page, restriction_type=kind, password="open-sesame")
        if kind == PageViewRestriction.GROUPS:
            restriction.groups.add(Group.objects.create(name=f"Friends of {page.pk}"))

    return hide


PRIVATE = {
    "for those who sign in": private(PageViewRestriction.LOGIN),
    "with a password": private(PageViewRestriction.PASSWORD),
    "for a group": private(PageViewRestriction.GROUPS),
}
HIDE: dict[str, Callable[[Page], None]] = {
    "draft": as_draft,
    "unpublished": unpublished,
    "expired": expired,
    **PRIVATE,
}


def starts() -> list[str]:
    """Return the addresses at which a walk begins: those that no link leads to, too."""
    searches = (COMMON, f"open {COMMON}", "testville", "town", "street", "summary", "description", "note", "bus")
    return [
        "/",
        "/centres/",
        "/services/",
        "/services/roles/",
        "/sitemap.xml",
        "/robots.txt",
        "/no-such-page/",
        f"/services/?centre={NEST}centre",
        *(f"/search/?query={query}" for query in searches),
        *(f"/services/?status={status}" for status in ServiceStatus.values),
    ]


def walk(client: Client) -> Iterator[tuple[str, Answer]]:
    """Yield everything that links lead to, as an anonymous visitor gets it."""
    waiting = starts()
    known = set(waiting)
    while waiting:
        url = waiting.pop()
        response = client.get(url)
        yield url, response
        for address in LINK.findall(response.content.decode().replace("&amp;", "&")):
            link = urldefrag(urljoin(f"http://testserver{url}", address)).url
            path = link.removeprefix("http://testserver")
            if path.startswith("/") and path not in known and not path.startswith(("/static/", "/admin/")):
                known.add(path)
                waiting.append(path)


def heard(response: Answer, *names: str) -> list[str]:
    """Return the lines of an answer that have the canary or the address of what is hidden."""
    cries = [f"{start}{name}" for name in names for start in (CANARY, NEST)]
    return [line for line in response.content.decode().lower().splitlines() if any(cry in line for cry in cries)]


def assert_silence(client: Client, *names: str) -> None:
    """Walk the site: no canary, no address of a hidden page, and no link that leads nowhere."""
    walked = set()
    for url, response in walk(client):
        assert heard(response, *names) == [], url
        assert response.status_code == (404 if url == "/no-such-page/" else 200), url
        walked.add(url)
    assert {"/centres/testville/", f"/services/open-{COMMON}/", f"/seen-{COMMON}/"} <= walked


def assert_silence_at(client: Client, page: Page, *names: str) -> None:
    """Go to a hidden page itself: not found, sign in, or a password."""
    response = client.get(page.url)
    html = response.content.decode()
    assert response.status_code in (302, 404) or "This page needs a password" in html, page.url
    assert [name for name in names if CANARY + name in html.lower()] == [], page.url


ALL = ("text", "centre", "service", "role", "offer", "here", "about")


def test_the_canary_is_heard_everywhere_while_nothing_is_hidden(client: Client, world: World) -> None:
    # Otherwise the silence below would prove nothing.
    answers = dict(walk(client))
    for url, names in {
        "/": ("text", "centre", "service"),
        "/centres/": ("centre",),
        "/centres/testville/": ("service", "offer", "about"),
        "/services/": ("centre", "service"),
        "/services/roles/": ("role",),
        f"/services/open-{COMMON}/": ("centre", "role"),
        f"/search/?query={COMMON}": ("text", "centre", "service", "role", "offer", "here", "about"),
        "/sitemap.xml": ("text", "centre", "service", "role"),
        "/no-such-page/": ("text", "centre", "service", "role"),
        world.text.url: ("text",),
        world.centre.url: ("centre", "here"),
        world.service.url: ("service",),
        world.role.url: ("role",),
        world.offer.url: ("offer",),
        world.at_centre.url: ("centre", "here"),
        world.of_service.url: ("service", "about"),
    }.items():
        assert [name for name in names if not heard(answers[url], name)] == [], url


@pytest.mark.parametrize("hide", HIDE.values(), ids=HIDE)
def test_hidden_pages_of_every_type_are_silent_everywhere(
    client: Client, world: World, hide: Callable[[Page], None]
) -> None:
    # The pages about a service before the service, because unpublishing a service unpublishes them.
    hidden = (world.text, world.offer, world.at_centre, world.centre, world.of_service, world.service, world.role)
    for page in hidden:
        hide(page)
    assert_silence(client, *ALL)
    for page in hidden:
        assert_silence_at(client, page, *ALL)


@pytest.mark.parametrize("hide", HIDE.values(), ids=HIDE)
@pytest.mark.parametrize("hidden", ["centre", "service"])
def test_a_live_page_at_a_hidden_centre_or_of_a_hidden_service_is_silent(
    client: Client, world: World, hidden: str, hide: Callable[[Page], None]
) -> None:
    hide(getattr(world, hidden))
    between, name = {"centre": (world.at_centre, "here"), "service": (world.of_service, "about")}[hidden]
    # However its service or centre was hidden, the page between them is as it was.
    CentreServicePage.objects.filter(pk=between.pk).update(live=True)
    assert_silence(client, hidden, name)
    assert_silence_at(client, between, hidden, name)


@pytest.mark.parametrize("hide", PRIVATE.values(), ids=PRIVATE)
@pytest.mark.parametrize(
    ("section", "beneath"),
    [
        ("centres", {"centre": "centre", "offer": "offer", "here": "at_centre"}),
        ("services", {"service": "service", "role": "role", "about": "of_service"}),
        ("roles", {"role": "role"}),
    ],
)
def test_what_lies_beneath_a_private_page_is_silent_everywhere(
    client: Client, world: World, section: str, beneath: dict[str, str], hide: Callable[[Page], None]
) -> None:
    hide(getattr(world.site, section))
    for url, response in walk(client):
        assert heard(response, *beneath) == [], url
    for field in beneath.values():
        assert_silence_at(client, getattr(world, field), *beneath)


def test_nothing_of_a_private_site_is_heard(client: Client, world: World) -> None:
    private(PageViewRestriction.LOGIN)(world.site.home)
    for url, response in walk(client):
        assert heard(response, *ALL) == [], url


def test_drafts_of_public_pages_are_silent(client: Client, world: World) -> None:
    for page in Page.objects.filter(live=True, depth__gt=1).exclude(slug__startswith=NEST).specific():
        page.title = f"{COMMON} {CANARY}draft"
        page.summary = f"{COMMON} {CANARY}draft"
        page.slug = f"{NEST}draft{page.pk}"
        page.save_revision(clean=False)
    for url, response in walk(client):
        assert heard(response, "draft") == [], url
