"""Template tags through which pages show leaflets, newsletters and files."""

from django import template
from django.template.context import RequestContext

from centres.models import CentrePage
from core.models import SiteDocument
from leaflets import facets, queries, words
from leaflets.models import LeafletPage, NewsletterIssuePage, NewsletterPage

register = template.Library()


@register.simple_tag(takes_context=True)
def library_view(context: RequestContext) -> facets.LibraryView:
    """Return the library, narrowed as the address says."""
    return facets.library_view(context["request"].GET)


@register.simple_tag
def leaflet_view(page: LeafletPage) -> queries.LeafletView:
    """Return what a leaflet's page shows."""
    return queries.leaflet_view(page)


@register.simple_tag
def issue_view(page: NewsletterIssuePage) -> queries.IssueView:
    """Return where an issue stands in its newsletter."""
    return queries.issue_view(page)


@register.simple_tag(takes_context=True)
def newsletter_view(context: RequestContext, page: NewsletterPage) -> queries.NewsletterView:
    """Return what a newsletter's page shows."""
    return queries.newsletter_view(page, context["request"].GET.get("page"))


@register.simple_tag
def centre_leaflets(centre: CentrePage) -> queries.CentreLeaflets:
    """Return the newest leaflets about a centre."""
    return queries.centre_leaflets(centre)


@register.simple_tag(takes_context=True)
def request_link(context: RequestContext, page: LeafletPage, email: str) -> str:
    """Return the link that begins an e-mail asking for a leaflet in another format."""
    return words.request_link(email, page.title, page.get_full_url(context["request"]) or "")


@register.filter
def file_details(document: SiteDocument) -> str:
    """Return a file's type, size, pages and language, such as "PDF, 1.4 MB, 8 pages, English"."""
    return words.describe_file(document)
