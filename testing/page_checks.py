"""What must hold of every page type: how it renders, and who may edit it."""

from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from .admin_forms import edit_url
from .html import read, words
from .people import person_who_may, signed_in


def assert_renders(client: Client, page: Page, heading: str) -> BeautifulSoup:
    """Check that a page answers with one h1 that says `heading`, and with a title that begins with it."""
    soup = read(client, page.url)
    assert [words(h1) for h1 in soup.find_all("h1")] == [heading]
    assert words(soup.title).startswith(heading)
    return soup


def assert_refused(client: Client, url: str, method: str = "get") -> None:
    """Check that the admin turns somebody away: back to its front page, as Wagtail does."""
    response = getattr(client, method)(url)
    assert response.status_code == 302
    assert response["Location"] == reverse("wagtailadmin_home")


def assert_only_its_editors_may_edit(page: Page, elsewhere: Page) -> None:
    """Walk the four steps: a stranger, somebody without rights, with rights elsewhere, with the right one."""
    url = edit_url(page)
    stranger = Client().get(url)
    assert stranger.status_code == 302
    assert stranger["Location"].startswith(reverse("wagtailadmin_login"))
    assert_refused(signed_in(person_who_may()), url)
    assert_refused(signed_in(person_who_may("change", at=elsewhere)), url)
    assert signed_in(person_who_may("change", at=page)).get(url).status_code == 200
