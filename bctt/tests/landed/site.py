"""Asks a whole site, at a moment of one's choosing, what it answers at each of its addresses."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest import mock
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup
from django.test import Client
from wagtail.models import Page

from bctt.tests.landed.answers import Answer, answer_of, soup_of

# Files are not kept with the database, and editors' screens are nobody's public pages.
NOT_PAGES = ("/documents/", "/media/", "/static/", "/admin/")
# Forms, whose words are the code's and not the site's: only that they answer is kept.
FORMS = ("/follow/", "/search/")


@contextmanager
def clock_stopped(at: datetime) -> Iterator[None]:
    """Let it be `at`, which is aware, for all that asks Django for the time."""
    with mock.patch("django.utils.timezone.now", return_value=at):
        yield


def known_addresses() -> list[str]:
    """Return the paths of all pages there are, public or not, and of what no page links to."""
    pages = Page.objects.filter(depth__gt=1).order_by("path")
    return ["/sitemap.xml", *(page.url for page in pages if page.url)]


def ask(address: str) -> tuple[Answer, BeautifulSoup | None]:
    """Return what a stranger is answered at a path, and its HTML if it is a page."""
    response = Client(raise_request_exception=False).get(address)
    soup = soup_of(response)
    answer = answer_of(response, soup)
    return ({"status": answer["status"]} if address.startswith(FORMS) else answer), soup


def ask_everywhere(addresses: Iterable[str]) -> dict[str, Answer]:
    """Return the answers at these paths, and at all to which they lead."""
    answers: dict[str, Answer] = {}
    waiting = list(addresses)
    while waiting:
        address = waiting.pop()
        if address not in answers:
            answers[address], soup = ask(address)
            waiting += _links(address, soup) if soup else []
    return dict(sorted(answers.items()))


def _links(address: str, soup: BeautifulSoup) -> Iterator[str]:
    """Yield the paths of this site to which a page leads; of lists also the next page, but not what narrows them."""
    for link in soup.select("a[href], link[rel=alternate][href]"):
        target = urlsplit(urljoin(f"http://testserver{address}", str(link["href"])))
        is_ours = target.scheme == "http" and target.netloc == "testserver" and not target.path.startswith(NOT_PAGES)
        if is_ours and (not target.query or "next" in link.get_attribute_list("rel")):
            yield target._replace(scheme="", netloc="", fragment="").geturl()
