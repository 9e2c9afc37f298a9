"""What core adds to the admin and to rich text: alerts, and links to public pages only."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from wagtail import hooks
from wagtail.models import Page
from wagtail.rich_text.feature_registry import FeatureRegistry
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from .models import Alert, BasePage
from .queries import get_navigation, known_private_paths
from .rich_text import PublicPageLinkHandler, linked_pages, rich_texts


class AlertViewSet(SnippetViewSet):
    """Alerts, in the main menu, because they are needed in a hurry."""

    model = Alert
    icon = "warning"
    menu_label = "Alerts"
    menu_order = 250
    add_to_admin_menu = True
    list_display = ["title", "severity", "starts_at", "ends_at"]
    list_filter = ["severity"]
    search_fields = ["title", "text"]


register_snippet(AlertViewSet)


# After Wagtail's own hook (order 0), whose handler this one replaces.
@hooks.register("register_rich_text_features", order=1)
def link_public_pages_only(features: FeatureRegistry) -> None:
    """Replace the handler of links to pages."""
    features.register_link_type(PublicPageLinkHandler)


Serve = Callable[[Page, HttpRequest, list[Any], dict[str, Any]], HttpResponseBase]


@hooks.register("on_serve_page")
def look_up_links_once(serve: Serve) -> Serve:
    """Serve a page while the links of all its texts, and the private pages, are known."""

    def inner(page: Page, request: HttpRequest, args: list[Any], kwargs: dict[str, Any]) -> HttpResponseBase:
        with known_private_paths(get_navigation(request).private_paths):
            response = serve(page, request, args, kwargs)
            if isinstance(page, BasePage) and isinstance(response, SimpleTemplateResponse):
                with linked_pages(rich_texts(*page.text_sources)):
                    response.render()
        return response

    return inner
