"""Says of an address of this site itself whether it leads somewhere, without asking over the network."""

from urllib.parse import unquote, urlsplit

from django.http import Http404
from django.urls import Resolver404, resolve
from wagtail.contrib.redirects.middleware import get_redirect
from wagtail.contrib.redirects.models import Redirect
from wagtail.coreutils import get_dummy_request
from wagtail.models import Page, Site

from cleaning.addresses import clean_host
from core.models import BasePage
from core.visibility import is_public

from .requests import LinkResult, LinkState


def check_internal_url(address: str) -> LinkResult | None:
    """Return where an address of this site leads residents; None if it is for no page, such as a file or the search."""
    path = unquote(urlsplit(address).path)
    # Whoever leaves out the stroke at the end is sent on.
    path = f"{path.rstrip('/')}/"
    site = _site_of(address)
    try:
        is_for_a_page = resolve(path).url_name == "wagtail_serve"
    except Resolver404:
        is_for_a_page = False
    if site is None or not is_for_a_page:
        return None
    request = get_dummy_request(path=path, site=site)
    try:
        page = site.root_page.specific.route(request, [step for step in path.split("/") if step]).page
    except Http404:
        redirect = get_redirect(request, Redirect.normalise_path(path))
        if redirect is None or redirect.link is None:
            return LinkResult(LinkState.GONE, "This site has no page there", is_reply=False)
        page = redirect.redirect_page
    if page and not _is_shown(page.specific):
        return LinkResult(LinkState.GONE, "Not everyone may see the page there", is_reply=False)
    return LinkResult(LinkState.FINE, "It is there", is_reply=False)


def _site_of(address: str) -> Site | None:
    host = clean_host(urlsplit(address).hostname or "")
    sites = Site.objects.select_related("root_page")
    return sites.filter(hostname=host).first() or sites.filter(is_default_site=True).first()


def _is_shown(page: Page) -> bool:
    return is_public(page) and (not isinstance(page, BasePage) or page.is_shown)
