"""Who gets a file: everyone, if a public page uses it; else those who may see what uses it, or work with it."""

from django.http import HttpRequest
from wagtail.models import Page, PageViewRestriction, ReferenceIndex
from wagtail.permissions import policy_registry

from core.models import SiteDocument
from core.visibility import hidden_pages, is_document_public


def may_have(document: SiteDocument, request: HttpRequest) -> bool:
    """Whether whoever asks gets a document's file or cover, its collection aside (Wagtail asks about that)."""
    return is_document_public(document) or _works_with(document, request) or _sees_what_uses(document, request)


def _works_with(document: SiteDocument, request: HttpRequest) -> bool:
    """Whether this is an editor who may change or choose the document."""
    if not request.user.is_authenticated:
        return False
    policy = policy_registry.get_by_type(SiteDocument)
    return bool(policy.user_has_any_permission_for_instance(request.user, ["change", "delete", "choose"], document))


def _sees_what_uses(document: SiteDocument, request: HttpRequest) -> bool:
    """Whether a private page that uses the document has let this visitor in, by its password for example."""
    pages = ReferenceIndex.get_references_to(document).values_list("object_id", flat=True)
    paths = (
        Page.objects.filter(pk__in=[int(pk) for pk in pages], live=True)
        .exclude(pk__in=hidden_pages())
        .values_list("path", "alias_of__path")
    )
    restrictions = list(PageViewRestriction.objects.select_related("page").prefetch_related("groups")) if paths else []
    return any(
        all(
            restriction.accept_request(request)
            for restriction in restrictions
            if path.startswith(restriction.page.path) or (mirrored or "").startswith(restriction.page.path)
        )
        for path, mirrored in paths
    )
