"""Where an address leads that is no page's: by a redirect, or because it is nearly the address of something."""

import re
from urllib.parse import quote, urlsplit, urlunsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from wagtail.contrib.redirects.middleware import get_redirect
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from cleaning.addresses import folded
from core.addresses import base_url
from core.models import BasePage

# What mail programs and texts put after an address: the end of a sentence, brackets, quotation marks.
_AFTER_AN_ADDRESS = re.compile(r"[\s/.,;:!?()\[\]{}<>'\"*_~|\\«»‘’“”„…]+\Z")
_SEVERAL_SLASHES = re.compile(r"/{2,}")
# A file has an ending, and no slash after it.
_FILE = re.compile(r"\.[A-Za-z0-9]{1,5}\Z")
# What a part of an address is made of that belongs to a page.
_STEPS = re.compile(r"/(?:[\w-]{1,255}/)*", re.ASCII)


def where_to(request: HttpRequest) -> tuple[str, bool] | None:
    """Return where the address that was asked for leads, and whether for good; None where it leads nowhere.

    It is asked of an address at which nothing was found. What was asked for after "?" goes with it, unless the
    redirect is from just that. The answer never leads back to the address that was asked for, nor on to another
    redirect.
    """
    asked = Redirect.normalise_path(request.get_full_path(), decode_unicode=False)
    redirect = get_redirect(request, asked) or get_redirect(request, urlsplit(asked).path)
    if redirect is None:
        found, is_for_good = _tidied(request), True
    else:
        found, is_for_good = _end_of(request, redirect), redirect.is_permanent
    if found is None:
        return None
    is_of_query = redirect is not None and "?" in redirect.old_path
    return (found if is_of_query else _with_query(found, request.META.get("QUERY_STRING", ""))), is_for_good


def _with_query(url: str, query: str) -> str:
    """Return an address with `query` after what it asks for itself."""
    if not query:
        return url
    parts = urlsplit(url)
    both = "&".join(each for each in (parts.query, query) if each)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, both, parts.fragment))


def _end_of(request: HttpRequest, redirect: Redirect) -> str | None:
    """Return the address at which a visitor ends who follows a redirect and those that it leads to; None for none."""
    # An address without its slash belongs to what is there with one.
    path = Redirect.normalise_path(request.path_info)
    if _page_at(request, path):
        return None
    passed = {path}
    while True:
        link = _link(redirect)
        path = _path_on_this_site(request, link)
        if path is None:
            return link
        if path in passed:
            return None
        passed.add(path)
        if redirect.redirect_page_id and _is_seen(redirect.redirect_page):
            return link
        if _page_at(request, path):
            return link
        following = get_redirect(request, path)
        if following is None:
            # A page that is not published is nowhere; other addresses, such as those of files, may well be.
            return None if redirect.redirect_page_id else link
        redirect = following


def _link(redirect: Redirect) -> str | None:
    link: str | None = redirect.link
    return link


def _path_on_this_site(request: HttpRequest, link: str | None) -> str | None:
    """Return the path of a link, as redirects know it, if it leads to this site."""
    parts = urlsplit(link or "/")
    ours = {"", urlsplit(base_url()).netloc, request.get_host()}
    return Redirect.normalise_path(parts.path) if parts.netloc in ours else None


def _is_seen(page: Page) -> bool:
    specific = page.specific
    return bool(page.live and (not isinstance(specific, BasePage) or specific.is_shown))


def _page_at(request: HttpRequest, path: str) -> Page | None:
    """Return the page at a path, whether in capitals or not, if there is one to be seen."""
    site = Site.find_for_request(request)
    path = f"{path.rstrip('/')}/"
    if site is None or not _STEPS.fullmatch(path):
        return None
    here: Page | None = (
        Page.objects.filter(url_path__iexact=f"{site.root_page.url_path}{path.lstrip('/')}", live=True)
        .order_by("pk")
        .first()
    )
    return here if here and _is_seen(here) else None


def _tidied(request: HttpRequest) -> str | None:
    """Return the address that was meant, where one was written in capitals or with signs that are not part of it."""
    asked = request.path_info
    path = _SEVERAL_SLASHES.sub("/", folded(asked)).replace(" ", "")
    path = _AFTER_AN_ADDRESS.sub("", path) or "/"
    if path == "/" and asked.strip("/"):
        # Nothing is left of what was asked for, so that nobody knows what was meant.
        return None
    if page := _page_at(request, path):
        url: str | None = page.get_url(request)
        return url if url != asked else None
    for each in dict.fromkeys((path, path.lower())):
        is_other = each != Redirect.normalise_path(asked)
        if is_other and (redirect := get_redirect(request, quote(each))):
            return _end_of(request, redirect)
        if is_other and (view := _view_at(each, is_as_written=each == path)):
            return view
    return None


def _view_at(path: str, *, is_as_written: bool) -> str | None:
    """Return the whole path if something beside pages is there: a view, a file, a feed, a calendar."""
    path = path if _FILE.search(path) else f"{path.rstrip('/')}/"
    try:
        match = resolve(path)
    except Resolver404:
        return None
    # Signed addresses and names of files are not the same in small letters.
    is_same = is_as_written or not {"token", "name"}.intersection(match.kwargs)
    return quote(path) if match.url_name != "wagtail_serve" and is_same else None
