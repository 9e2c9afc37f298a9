"""What files add to the admin and to how they are sent: who gets them, and the report of PDFs to mend."""

from django.http import Http404, HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import policy_registry

from core.models import SiteDocument

from .access import may_have
from .views import ToMendView


@hooks.register("before_serve_document")
def only_what_something_shows(document: SiteDocument, request: HttpRequest) -> None:
    """Send a file only to those who may see something that uses it, or who work with it."""
    if not may_have(document, request):
        raise Http404("Nothing that this visitor may see uses the document.")


@hooks.register("register_admin_urls")
def register_to_mend_urls() -> list[URLPattern]:
    """Give the report its addresses: the screen, and the part of it that changes with a filter."""
    return [
        path("reports/pdfs-to-mend/", ToMendView.as_view(), name="leaflets_to_mend"),
        path("reports/pdfs-to-mend/results/", ToMendView.as_view(results_only=True), name="leaflets_to_mend_results"),
    ]


class ToMendMenuItem(MenuItem):
    """The report in the menu of those who work with documents."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person may open it."""
        policy = policy_registry.get_by_type(SiteDocument)
        return bool(policy.user_has_any_permission(request.user, ToMendView.any_permission_required))


@hooks.register("register_reports_menu_item")
def register_to_mend_menu_item() -> MenuItem:
    """Put the report into the menu Reports."""
    return ToMendMenuItem(
        "PDFs to mend", reverse("leaflets_to_mend"), name="pdfs-to-mend", icon_name="doc-full-inverse", order=750
    )
