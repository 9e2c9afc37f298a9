"""Template tags through which pages show leaflets, newsletters and files."""

from django import template
from django.template.context import RequestContext

from centres.models import CentrePage
from core.models import SiteDocument
from leaflets import facets, file_descriptions, queries
from leaflets.models import LeafletPage, NewsletterIssuePage, NewsletterPage

register = template.Library()


@register.simple_tag(takes_context=True)
def library_content(context: RequestContext) -> facets.LibraryContent:
    """Return the library, narrowed as the address says."""
    return facets.library_content(context["request"].GET)


@register.simple_tag
def leaflet_content(page: LeafletPage) -> queries.LeafletContent:
    """Return what a leaflet's page shows."""
    return queries.leaflet_content(page)


@register.simple_tag
def issue_content(page: NewsletterIssuePage) -> queries.IssueContent:
    """Return where an issue stands in its newsletter."""
    return queries.issue_content(page)


@register.simple_tag(takes_context=True)
def newsletter_content(context: RequestContext, page: NewsletterPage) -> queries.NewsletterContent:
    """Return what a newsletter's page shows."""
    return queries.newsletter_content(page, context["request"].GET.get("page"))


@register.simple_tag
def centre_leaflets(centre: CentrePage) -> queries.CentreLeaflets:
    """Return the newest leaflets about a centre."""
    return queries.centre_leaflets(centre)


@register.simple_tag(takes_context=True)
def request_link(context: RequestContext, page: LeafletPage, email: str) -> str:
    """Return the link that begins an e-mail asking for a leaflet in another format."""
    return file_descriptions.request_link(email, page.title, page.get_full_url(context["request"]) or "")


@register.filter
def file_details(document: SiteDocument) -> str:
    """Return a file's type, size, pages and language, such as "PDF, 1.4 MB, 8 pages, English"."""
    return file_descriptions.describe_file(document)
