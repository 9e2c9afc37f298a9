"""What is written about redirects: those of pages that go away, and those that an address at which a page is ends."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.db.models import Q
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

# The longest address from which Wagtail can send people on.
LONGEST_PATH: int = Redirect._meta.get_field("old_path").max_length


def old_path(page: Page) -> str:
    """Return the address of a page as redirects know it."""
    path: str = Redirect.normalise_path(urlsplit(page.full_url or "").path)
    return path


def own_addresses(page: Page, *, with_pages_beneath: bool = True) -> set[str]:
    """Return the addresses of a page and of the live ones beneath it, as redirects know them."""
    pages = _live_beneath(page) if with_pages_beneath else []
    return {_as_old_path(page, url_path) for url_path in (page.url_path, *(url_path for _, url_path in pages))}


def all_addresses(page: Page) -> set[str]:
    """Return the addresses that lead to a page and what is beneath it: their own, and those from which they redirect.

    Of a page that goes for good: Wagtail deletes its redirects with it.
    """
    beneath = Q(redirect_page__path__startswith=page.path)
    return own_addresses(page) | set(Redirect.objects.filter(beneath).values_list("old_path", flat=True))


def lead_on(*, page: Page, addresses: Iterable[str], target: Page, is_for_good: bool) -> None:
    """Lead whoever follows one of these addresses to `target`: `is_for_good`, or until a page is there again.

    `page` is the one that went away.
    """
    site = page.get_site()
    defaults = {
        "redirect_page": target,
        "redirect_page_route_path": "",
        "redirect_link": "",
        "is_permanent": is_for_good,
        "automatically_created": False,
    }
    for address in sorted(addresses):
        if len(address) <= LONGEST_PATH:
            Redirect.objects.update_or_create(old_path=address, site=site, defaults=defaults)


def end_redirects_from(page: Page) -> None:
    """Take away the redirects from the addresses of a page and of those beneath it that people find there again.

    They would come back to life, leading elsewhere, if the page went away one day.
    """
    found_there = own_addresses(page) if page.live else own_addresses(page) - {old_path(page)}
    Redirect.objects.filter(_of_site(page), old_path__in=found_there).delete()


def take_over_redirects(page: Page, *, url_path_before: str) -> None:
    """Lead from the addresses that a page and those beneath it had to where they are now.

    Wagtail does, except from an address for which an editor made a redirect while nothing was there.
    """
    before = {}
    for pk, url_path in [(page.pk, page.url_path), *_live_beneath(page)]:
        before[_as_old_path(page, f"{url_path_before}{url_path.removeprefix(page.url_path)}")] = pk
    kept = Redirect.objects.filter(_of_site(page), old_path__in=before, automatically_created=False)
    for redirect in kept:
        redirect.redirect_page_id, redirect.redirect_link = before[redirect.old_path], ""
        redirect.is_permanent = redirect.automatically_created = True
    Redirect.objects.bulk_update(
        kept, ["redirect_page", "redirect_link", "is_permanent", "automatically_created"], batch_size=500
    )


def _of_site(page: Page) -> Q:
    return Q(site=page.get_site()) | Q(site=None)


def _live_beneath(page: Page) -> list[tuple[int, str]]:
    """Return the key and the path of each live page beneath this one."""
    return list(page.get_descendants().live().values_list("pk", "url_path"))


def _as_old_path(page: Page, url_path: str) -> str:
    site = page.get_site()
    root = site.root_page.url_path if site else "/"
    path: str = Redirect.normalise_path(f"/{url_path.removeprefix(root)}")
    return path
