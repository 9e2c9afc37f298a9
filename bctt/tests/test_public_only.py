"""A canary in everything that is not public, and a walk through all that an anonymous visitor can reach."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import permutations, product
from typing import Any
from urllib.parse import urldefrag, urljoin

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from centres.models import ServiceStatus
from core.mail.sending import send
from followers.factories import FollowerFactory, FollowFactory
from followers.jobs import prepare
from followers.models import Follow, Frequency, Notice, PublishedFacts
from followers.topics import MODELS
from home.factories import SmallSite
from news.feeds import FORMATS
from testing.privacy import HIDE, PRIVATE

from .canaries import BETWEEN, CANARY, COMMON, NEST, World, addresses_of, make_world

LINK = re.compile(r'(?:href|action|src)="([^"]*)"')
# Three ways to narrow a list ask nothing that two do not.
MOST_PARAMETERS = 2


@pytest.fixture
def world(small_site: SmallSite) -> World:
    return make_world(small_site)


def starts() -> list[str]:
    """Return the addresses at which a walk begins: those that no link leads to, too."""
    searches = (
        COMMON,
        f"open {COMMON}",
        "testville",
        "town",
        "street",
        "summary",
        "description",
        "note",
        "bus",
        "spoken",
    )
    return [
        "/",
        "/services/roles/",
        "/follow/",
        *(f"/{section}/" for section in ("centres", "services", "news", "forums", "events", "leaflets")),
        "/sitemap.xml",
        "/robots.txt",
        "/no-such-page/",
        *(reverse("feed", args=[ending]) for ending in FORMATS),
        reverse("calendar"),
        *(f"/{section}/?centre={NEST}centre" for section in ("services", "news", "events", "leaflets")),
        f"/leaflets/?service={NEST}service",
        *(f"/search/?query={query}" for query in searches),
        f"/search/?format=json&query={COMMON}",
        # Misspelt, so that it is compared with all words that search knows.
        *(f"/search/?format=json&query={CANARY}{end}x" for end in ("centr", "servic", "rol", "new", "even")),
        *(f"/search/suggestions/?query={begun}" for begun in (COMMON, CANARY[:4], "testv")),
        *(f"/services/?status={status}" for status in ServiceStatus.values),
    ]


def walk(client: Client) -> Iterator[tuple[str, int, str]]:
    """Yield the address, the status and the text of everything that links lead to, for an anonymous visitor."""
    waiting = starts()
    known = set(waiting)
    while waiting:
        url = waiting.pop()
        status, text = fetch(client, url)
        yield url, status, text
        for address in LINK.findall(text.replace("&amp;", "&")):
            link = urldefrag(urljoin(f"http://testserver{url}", address)).url
            path, _, query = link.removeprefix("http://testserver").partition("?")
            # The order of parameters means nothing.
            parameters = sorted(query.split("&"))
            place = f"{path}?{'&'.join(parameters)}" if query else path
            is_elsewhere = not path.startswith("/") or path.startswith(("/static/", "/admin/"))
            # What narrows a search shows no more than the pages of its results.
            is_narrowed = path == "/search/" and any(not each.startswith(("page=", "query=")) for each in parameters)
            if not (is_elsewhere or is_narrowed or place in known or len(parameters) > MOST_PARAMETERS):
                known.add(place)
                waiting.append(place)


def fetch(client: Client, url: str) -> tuple[int, str]:
    """Return the status and the text of an answer, that of a file too; a way to the newest issue is followed."""
    response: Any = client.get(url)
    if response.status_code == 302 and response["Location"].startswith("/leaflets/"):
        response = client.get(response["Location"])
    # Reading a stream to its end closes the file, and leaves the database's connection to the test.
    content = b"".join(response) if response.streaming else response.content
    return response.status_code, content.decode(errors="replace").lower()


def heard(text: str, *names: str) -> list[str]:
    """Return the lines of an answer that have the canary or the address of what is hidden."""
    cries = [f"{start}{name}" for name in names for start in (CANARY, NEST)]
    return [line for line in text.splitlines() if any(cry in line for cry in cries)]


def assert_silence(client: Client, *names: str) -> None:
    """Walk the site: no canary, no address of a hidden page, and no link that leads nowhere."""
    walked = set()
    for url, status, text in walk(client):
        assert heard(text, *names) == [], url
        assert status == (404 if url == "/no-such-page/" else 200), url
        walked.add(url)
    assert {
        "/centres/testville/",
        f"/services/open-{COMMON}/",
        f"/seen-{COMMON}/",
        f"/news/seen-news-of-{COMMON}/",
        f"/forums/seen-forum-of-{COMMON}/seen-update-of-{COMMON}/",
        "/events/seen-centre-event/",
        "/events/?when=past",
        f"/leaflets/seen-leaflet-of-{COMMON}/",
        f"/leaflets/seen-{COMMON}-letter/latest/",
    } <= walked


def assert_silence_at(client: Client, page: Page, *names: str) -> None:
    """Go to a hidden page itself and to all that belongs to it: not found, sign in, or a password."""
    for url in addresses_of(page):
        status, text = fetch(client, url)
        assert status in (302, 403, 404) or "this page needs a password" in text, url
        assert [name for name in names if CANARY + name in text] == [], url


def test_the_canary_is_heard_everywhere_while_nothing_is_hidden(client: Client, world: World) -> None:
    # Otherwise the silence below would prove nothing.
    answers = {url: text for url, _, text in walk(client)}
    search = f"/search/?query={COMMON}"
    answers[search] = "\n".join(text for url, text in answers.items() if f"query={COMMON}" in url)
    posts, events = ("news", "update", "within"), ("event",)
    leaflets = ("leaflet", "issue", "inside")
    for url, names in {
        "/": ("text", "centre", "service", *posts, *events),
        "/centres/": ("centre",),
        "/centres/testville/": ("service", "offer", "about", *posts, *events, "leaflet"),
        "/follow/": ("centre", "service", "forum", "series"),
        "/services/": ("centre", "service"),
        "/services/roles/": ("role",),
        f"/services/open-{COMMON}/": ("centre", "role"),
        "/news/": ("news", "centre"),
        f"/news/?topic={NEST}news-topic": ("news",),
        f"/news/seen-news-of-{COMMON}/": ("centre", "service"),
        "/forums/": ("forum",),
        f"/forums/seen-forum-of-{COMMON}/": ("update", "event", "over", "centre"),
        f"/forums/seen-forum-of-{COMMON}/seen-update-of-{COMMON}/": ("leaflet", "inside", "event", "centre"),
        "/events/": ("event", "centre"),
        "/events/?when=past": ("over",),
        "/events/seen-centre-event/": ("centre",),
        "/events/seen-forum-event/": ("forum",),
        "/leaflets/": ("series", "centre", "service", *leaflets),
        f"/leaflets/seen-leaflet-of-{COMMON}/": ("centre", "service"),
        f"/leaflets/seen-{COMMON}-letter/": ("issue", "centre", "service"),
        f"/leaflets/seen-{COMMON}-letter/latest/": ("issue",),
        **{reverse("feed", args=[ending]): posts for ending in FORMATS},
        reverse("calendar"): events,
        search: tuple(world.pages),
        f"/search/suggestions/?query={CANARY[:4]}": ("centre", "service", "role"),
        f"/search/?format=json&query={CANARY}centrx": ("centre",),
        "/search/?query=spoken": ("leaflet", "issue"),
        "/sitemap.xml": tuple(name for name in world.pages if name not in ("offer", "here", "about")),
        "/no-such-page/": ("text", "centre", "service", "role", "news", "forum", "event", "leaflet"),
    }.items():
        assert [name for name in names if not heard(answers[url], name)] == [], url
    for name, page in world.pages.items():
        for url in addresses_of(page):
            assert heard(answers.get(url) or fetch(client, url)[1], name), url


@pytest.mark.parametrize("hide", HIDE.values(), ids=HIDE)
def test_hidden_pages_of_every_type_are_silent_everywhere(
    client: Client, world: World, hide: Callable[[Page], None]
) -> None:
    for page in (*world.between.values(), *world.hidden.values()):
        hide(page)
    assert_silence(client, *world.pages)
    for page in world.pages.values():
        assert_silence_at(client, page, *world.pages)


@pytest.mark.parametrize("way", ["unpublished", "with a password"])
def test_live_pages_that_other_pages_hide_are_silent(client: Client, world: World, way: str) -> None:
    for hidden in BETWEEN.values():
        HIDE[way](world.hidden[hidden])
    pages = [world.between[between] for between in BETWEEN]
    for page in pages:
        # However the other page was hidden, this one is as it was.
        type(page).objects.filter(pk=page.pk).update(live=True)
    names = (*BETWEEN, *BETWEEN.values())
    assert_silence(client, *names)
    for page in pages:
        assert_silence_at(client, page, *names)


@pytest.mark.parametrize("way", sorted(HIDE.keys() - PRIVATE.keys()))
def test_nobody_is_led_to_what_is_hidden(client: Client, world: World, way: str) -> None:
    """Private pages ask whoever comes for them to sign in or for a password, so old addresses lead there."""
    asked: dict[str, str] = {}
    for name, page in world.pages.items():
        Redirect.objects.create(old_path=f"/old-{name}", redirect_page=page, site=world.site.site)
        asked |= {f"/old-{name}/": page.url, page.url.upper(): page.url, f"{page.url}).": page.url}
    assert {url: client.get(url).get("Location") for url in asked} == asked
    for page in (*world.between.values(), *world.hidden.values()):
        HIDE[way](page)
    # However the other page was hidden, these are as they were.
    for page in world.between.values():
        type(page).objects.filter(pk=page.pk).update(live=True)
    answers = {url: client.get(url) for url in asked}
    assert {url: answer["Location"] for url, answer in answers.items() if NEST in answer.get("Location", "")} == {}
    assert {url for url, answer in answers.items() if answer.status_code == 200} == set()


SECTIONS = {
    "centres": ("centre", "offer", "here"),
    "services": ("service", "role", "about"),
    "roles": ("role",),
    "news": ("news",),
    "forums": ("forum", "update", "within"),
    "events": ("event", "over"),
    "leaflets": ("leaflet", "series", "issue", "inside"),
}
TOGETHER = [
    ("for those who sign in", {"centres", "services", "roles", "leaflets"}),
    ("for those who sign in", {"centres", "news", "forums"}),
    ("with a password", {"services", "roles", "news", "events"}),
    ("for a group", {"roles", "forums", "events"}),
    ("with a password", {"leaflets", "events"}),
]


def test_every_section_is_private_once_while_any_other_is_public() -> None:
    # Roles lie beneath services.
    pairs = set(permutations(SECTIONS, 2)) - {("services", "roles")}
    assert pairs == {pair for _, private in TOGETHER for pair in product(private, SECTIONS.keys() - private)}


@pytest.mark.parametrize(("kind", "private"), TOGETHER)
@pytest.mark.database
def test_what_lies_beneath_a_private_page_is_silent_everywhere(
    client: Client, world: World, kind: str, private: set[str]
) -> None:
    beneath = {name for section in private for name in SECTIONS[section]}
    sections = {section: getattr(world.site, section) for section in SECTIONS}
    for section in private:
        PRIVATE[kind](sections[section])
    walked = {}
    for url, status, text in walk(client):
        assert heard(text, *beneath) == [], url
        walked[url] = status
    assert {walked[sections[section].url] for section in SECTIONS.keys() - private} == {200}
    for name in beneath:
        assert_silence_at(client, world.pages[name], *beneath)


def test_nothing_of_a_private_site_is_heard(client: Client, world: World) -> None:
    PRIVATE["for those who sign in"](world.site.home)
    for url, _, text in walk(client):
        assert heard(text, *world.pages) == [], url


def test_drafts_of_public_pages_are_silent(client: Client, world: World) -> None:
    for page in Page.objects.filter(live=True, depth__gt=1).exclude(slug__startswith=NEST).specific():
        page.title = f"{COMMON} {CANARY}draft"
        page.summary = f"{COMMON} {CANARY}draft"
        page.slug = f"{NEST}draft{page.pk}"
        page.save_revision(clean=False)
    assert_silence(client, "draft")


def mails_about(world: World, hide: Callable[[Page], None] | None = None) -> str:
    """Publish everything anew with a follower of everything, hide it, and return all that is mailed."""
    for frequency in Frequency.values:
        follower = FollowerFactory.create()
        for page in Page.objects.type(MODELS):
            FollowFactory.create(page=page, follower=follower, frequency=frequency)
    PublishedFacts.objects.all().delete()
    for page in world.pages.values():
        page.refresh_from_db()
        draft = page.specific
        draft.notification = {"choice": "line", "line": "It is another one now."}
        PublishedFacts.objects.create(page=page, revision_id=0)
        draft.save_revision(clean=False).publish(skip_permission_checks=True)
    Follow.objects.update(confirmed_at=timezone.now() - timedelta(days=9))
    Notice.objects.update(released_at=timezone.now() - timedelta(days=8))
    if hide:
        for page in (*world.between.values(), *world.hidden.values()):
            page.refresh_from_db()
            hide(page)
    prepare()
    send()
    return "\n".join(str(message.body).lower() for message in mail.outbox)


def test_mails_tell_of_everything_while_nothing_is_hidden(world: World) -> None:
    told = mails_about(world)
    assert len(mail.outbox) > 2
    # A service at a centre has its own words in its summary only, of which no mail tells.
    followed = ("centre", "service", "news", "update", "within", "event", "issue", "inside")
    assert [name for name in followed if not heard(told, name)] == []


@pytest.mark.parametrize("hide", HIDE.values(), ids=HIDE)
def test_mails_are_silent_about_what_was_hidden_after_it_was_published(
    world: World, hide: Callable[[Page], None]
) -> None:
    assert heard(mails_about(world, hide), *world.pages) == []
