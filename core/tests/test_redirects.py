"""Whoever follows an address is led to the page, in one step and never in a circle, whatever editors do and undo."""

import pytest
from django.test import Client, TestCase
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from testing.pages import SmallSite, add_page
from users.factories import AdministratorFactory

pytestmark = [pytest.mark.database, pytest.mark.django_db]


class Visitor:
    """A browser: it keeps a permanent redirect for ever, unless it is told to ask again."""

    def __init__(self) -> None:
        self.client = Client()
        self.kept: dict[str, str] = {}

    def visit(self, url: str, *, most: int = 1) -> str:
        """Return where one ends who follows `url`; the status where that is no page. It takes `most` redirects."""
        passed = [url]
        asked = 0
        while True:
            if url in self.kept:
                url = self.kept[url]
            else:
                response = self.client.get(url)
                if response.status_code not in (301, 302):
                    return url if response.status_code == 200 else str(response.status_code)
                asked += 1
                assert asked <= most, f"{passed} in several steps"
                if response.status_code == 301 and "no-cache" not in response.headers.get("Cache-Control", ""):
                    self.kept[url] = response["Location"]
                url = response["Location"]
            assert url not in passed, f"{[*passed, url]} is a circle"
            passed.append(url)


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


def rename(page: Page, slug: str) -> None:
    page = Page.objects.get(pk=page.pk).specific
    page.slug = slug
    # Wagtail makes its redirects once the change is saved for good.
    with TestCase.captureOnCommitCallbacks(execute=True):
        page.save_revision().publish()


def move(page: Page, to: Page) -> None:
    Page.objects.get(pk=page.pk).specific.move(Page.objects.get(pk=to.pk), pos="last-child")


@pytest.fixture
def page(small_site: SmallSite) -> Page:
    return add_page(small_site.home, "A")


def test_a_page_that_is_renamed_and_back_is_found_at_both_addresses(visitor: Visitor, page: Page) -> None:
    child = add_page(page, "Child")
    rename(page, "b")
    assert visitor.visit("/a/") == "/b/"
    assert visitor.visit(child.url) == "/b/child/"
    rename(page, "a")
    assert visitor.visit("/a/", most=0) == "/a/"
    assert visitor.visit("/b/") == "/a/"
    assert visitor.visit("/b/child/") == "/a/child/"
    rename(page, "b")
    assert [visitor.visit("/a/"), visitor.visit("/b/", most=0)] == ["/b/", "/b/"]


def test_a_page_that_is_renamed_many_times_is_one_step_away(visitor: Visitor, page: Page) -> None:
    add_page(page, "Child")
    Redirect.add_redirect("/poster", "/a/")
    for slug in ("b", "c", "d"):
        rename(page, slug)
    for old in ("/a/", "/b/", "/c/", "/poster", "/a"):
        assert visitor.visit(old) == "/d/", old
    assert visitor.visit("/b/child/") == "/d/child/"


def test_two_pages_that_change_their_addresses_are_told_apart(
    visitor: Visitor, small_site: SmallSite, page: Page
) -> None:
    other = add_page(small_site.home, "B")
    rename(page, "for-now")
    rename(other, "a")
    rename(page, "b")
    for old, title in (("/a/", "B"), ("/b/", "A"), ("/for-now/", "A")):
        found = visitor.visit(old)
        assert f"<h1>{title}</h1>" in visitor.client.get(found).content.decode(), old


def test_pages_that_move_there_and_back_are_found(visitor: Visitor, small_site: SmallSite, page: Page) -> None:
    add_page(page, "Child")
    new = add_page(small_site.home, "New")
    move(page, new)
    assert visitor.visit("/a/child/") == "/new/a/child/"
    move(page, small_site.home)
    assert visitor.visit("/new/a/child/") == "/a/child/"
    assert visitor.visit("/a/child/", most=0) == "/a/child/"
    rename(new, "newer")
    move(page, new)
    assert visitor.visit("/new/a/child/") == "/newer/a/child/"


def test_all_that_led_to_a_deleted_page_leads_on(visitor: Visitor, small_site: SmallSite, page: Page) -> None:
    add_page(page, "Child")
    rename(page, "b")
    target = add_page(small_site.home, "Target")
    admin(visitor, "delete", page, target)
    for old in ("/a/", "/b/", "/a/child/", "/b/child/"):
        assert visitor.visit(old) == "/target/", old
    rename(target, "a")
    assert [visitor.visit(old) for old in ("/a/", "/b/", "/target/")] == ["/a/"] * 3


def test_pages_that_are_unpublished_together_lead_on_until_they_are_back(
    visitor: Visitor, small_site: SmallSite, page: Page
) -> None:
    child = add_page(page, "Child")
    rename(page, "b")
    target = add_page(small_site.home, "Target")
    admin(visitor, "unpublish", page, target, include_descendants="on")
    assert [visitor.visit(old) for old in ("/a/", "/b/", "/b/child/")] == ["/target/"] * 3
    rename(page, "b")
    assert [visitor.visit(old) for old in ("/a/", "/b/")] == ["/b/"] * 2
    assert visitor.visit(child.url.replace("/a/", "/b/")) == "/target/"
    # What was meant for the time it was away is not left over when it is renamed.
    rename(page, "c")
    assert visitor.visit("/b/") == "/c/"


def test_pages_that_lead_to_one_another_lead_nowhere_rather_than_in_a_circle(
    visitor: Visitor, small_site: SmallSite, page: Page
) -> None:
    other = add_page(small_site.home, "B")
    admin(visitor, "unpublish", page, other)
    admin(visitor, "unpublish", other, add_page(small_site.home, "C"))
    Redirect.objects.filter(old_path="/b").update(redirect_page=page)
    Redirect.add_redirect("/x", "/y/")
    Redirect.add_redirect("/y", "http://testserver/x/")
    Redirect.add_redirect("/z", "/z/")
    assert [visitor.visit(url, most=0) for url in ("/a/", "/b/", "/x/", "/y/", "/z/")] == ["404"] * 5


def test_a_redirect_that_an_editor_made_gives_way_to_a_page_there(
    visitor: Visitor, small_site: SmallSite, page: Page
) -> None:
    Redirect.add_redirect("/later", small_site.home, site=small_site.site)
    assert visitor.visit("/later") == "/"
    rename(page, "later")
    assert visitor.visit("/later") == "/later/"
    # One that was there before this site ended them.
    Redirect.add_redirect("/later", small_site.home)
    assert visitor.visit("/later") == "/later/"
    rename(page, "at-last")
    assert visitor.visit("/later") == "/at-last/"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("/a/?utm=x&b=%20", "/b/?utm=x&b=%20"),
        ("/a?when=past", "/b/?when=past"),
        ("/paper?page=2", "/b/?from=paper&page=2"),
        ("/old.php?id=7", "/b/"),
        ("/A/?q=1", "/b/?q=1"),
        ("/away?q=1", "https://elsewhere.example.org/?q=1"),
    ],
)
def test_what_was_asked_for_is_kept(client: Client, page: Page, asked: str, found: str) -> None:
    rename(page, "b")
    Redirect.add_redirect("/paper", "/b/?from=paper")
    Redirect.add_redirect("/old.php?id=7", page)
    Redirect.add_redirect("/away", "https://elsewhere.example.org/")
    response = client.get(asked)
    assert (response.status_code, response["Location"], response["Cache-Control"]) == (301, found, "no-cache")


def test_the_slash_at_the_end_is_not_remembered_either(client: Client, page: Page) -> None:
    response = client.get("/a?q=1")
    assert (response.status_code, response["Location"], response["Cache-Control"]) == (301, "/a/?q=1", "no-cache")


def admin(visitor: Visitor, action: str, page: Page, target: Page, **fields: str) -> None:
    """Delete or unpublish a page in the admin, and lead people on to `target`."""
    client = Client()
    client.force_login(AdministratorFactory.create())
    response = client.post(
        reverse(f"wagtailadmin_pages:{action}", args=[page.pk]), {"redirect_to": target.pk, **fields}
    )
    assert response.status_code == 302


@pytest.mark.parametrize(
    "asked",
    [
        "/About/Team/",
        "/ABOUT/TEAM",
        "/about/team/)",
        "/about/team)",
        "/about/team).",
        "/about/team/.",
        "/about/team,",
        "/about/team/%3E",
        "/about/team”",
        "/about/team/%E2%80%8B",
        "/about/%E2%80%8Bteam/",
        "/about//team/",
        "/about/team/…",
        "/about/te%C2%ADam/",
    ],
)
def test_an_address_that_is_nearly_right_leads_to_the_page(visitor: Visitor, small_site: SmallSite, asked: str) -> None:
    add_page(add_page(small_site.home, "About"), "Team")
    assert visitor.visit(asked) == "/about/team/"
    assert visitor.visit(f"{asked}?page=2") == "/about/team/?page=2"


def test_pages_with_capitals_in_their_address_are_found(visitor: Visitor, small_site: SmallSite) -> None:
    add_page(small_site.home, "Team", slug="OurTeam")
    assert visitor.visit("/ourteam/") == "/OurTeam/"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("/search)", "/search/"),
        ("/Search/?query=x", "/search/?query=x"),
        ("/calendars/events.ics,", "/calendars/events.ics"),
        ("/feeds/news.atom)", "/feeds/news.atom"),
        ("/Follow/confirm/AbC:x/", "404"),
    ],
)
def test_what_is_no_page_is_found_too(visitor: Visitor, small_site: SmallSite, asked: str, found: str) -> None:
    assert visitor.visit(asked) == found


@pytest.mark.parametrize("asked", ["/no-such-page/)", "/%FF/", "/draft)", "/Draft/", "/draft"])
def test_what_is_nowhere_leads_nowhere(visitor: Visitor, small_site: SmallSite, asked: str) -> None:
    add_page(small_site.home, "Draft", live=False)
    assert visitor.visit(asked) == "404"


def test_a_form_is_not_sent_on(client: Client, page: Page) -> None:
    rename(page, "b")
    assert client.post("/a/").status_code in (403, 404, 405)
