"""Keeps the links of live pages in rows, so that reports read no texts, and know what led to a page now deleted."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from wagtail.models import Page

from core.models import LinkCheck, PageLink

from .extraction import FoundLink, links_of, live_pages, sources_beside_pages

_Row = tuple[str, int | None, int | None, str | None]


def _rows(links: Iterable[FoundLink]) -> list[_Row]:
    """Return links as `_remembered` does, in an order that says only whether they are the same."""
    return sorted(((link.words, link.page, link.document, link.address or None) for link in links), key=str)


def _remembered(links: "QuerySet[PageLink]") -> dict[int, list[_Row]]:
    """Return what is remembered of the links of each page, by the key of the page."""
    rows: dict[int, list[_Row]] = defaultdict(list)
    columns = ("page", "words", "to_page", "to_document", "to_address__address")
    for page, words, to_page, to_document, address in links.values_list(*columns):
        rows[page].append((words, to_page, to_document, address))
    return {page: sorted(each, key=str) for page, each in rows.items()}


@transaction.atomic
def note_links(page_id: int) -> None:
    """Remember the links that stand on a page now, and no others of it; none of a draft or of one that mirrors another.

    The page is locked and read again: of two that do this at once, the second sees what the first did.
    """
    page = Page.objects.select_for_update().filter(pk=page_id).first()
    counts = page is not None and page.live and page.alias_of_id is None
    links = links_of(page.specific) if page and counts else set()
    known = PageLink.objects.filter(page=page_id)
    if _remembered(known).get(page_id, []) == _rows(links):
        return
    addresses = {link.address for link in links if link.address}
    note_addresses(addresses)
    # Locked, so that nobody forgets one of them before this is done.
    locked = LinkCheck.objects.select_for_update().filter(address__in=addresses).order_by("pk")
    checks = {check.address: check for check in locked}
    known.delete()
    PageLink.objects.bulk_create(
        PageLink(page=page, words=words, to_page=to_page, to_document=to_document, to_address=checks.get(address or ""))
        for words, to_page, to_document, address in _rows(links)
        if not address or address in checks
    )


def note_addresses(addresses: set[str]) -> None:
    """Have these web addresses checked from now on."""
    new = addresses - set(LinkCheck.objects.filter(address__in=addresses).values_list("address", flat=True))
    # In order, so that two that add the same ones wait for each other in one direction only.
    LinkCheck.objects.bulk_create((LinkCheck(address=address) for address in sorted(new)), ignore_conflicts=True)


def note_all_links() -> None:
    """Remember the links of everything live, and forget those and the addresses that nothing has any more."""
    found = {page.pk: _rows(links_of(page)) for page in live_pages()}
    remembered = _remembered(PageLink.objects.all())
    for page in sorted(found.keys() | remembered.keys()):
        if found.get(page, []) != remembered.get(page, []):
            note_links(page)
    others = {link.address for thing in sources_beside_pages() for link in links_of(thing) if link.address}
    note_addresses(others)
    _forget_addresses(others)


@transaction.atomic
def _forget_addresses(kept: set[str]) -> None:
    """Forget the addresses that stand on no page, but for these."""
    # Locked first and looked at afterwards: a page may just have been published with one of them.
    locked = LinkCheck.objects.select_for_update(of=("self",)).filter(links=None).order_by("pk")
    unused = {check.pk: check.address for check in locked}
    still_unused = LinkCheck.objects.filter(pk__in=unused, links=None).values_list("pk", flat=True)
    LinkCheck.objects.filter(pk__in=[pk for pk in still_unused if unused[pk] not in kept]).delete()
