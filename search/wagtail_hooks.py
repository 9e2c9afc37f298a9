"""What search adds to the admin: the words it knows, and the report of what people search for."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from .admin_views import SearchesView, teach_view
from .models import SynonymGroup, UrgentPhrase


class SynonymGroupViewSet(SnippetViewSet):
    """Words that mean the same."""

    model = SynonymGroup
    icon = "openquote"
    menu_label = "Words that mean the same"
    list_display = ["__str__"]
    search_fields = ["words"]


class UrgentPhraseViewSet(SnippetViewSet):
    """Words that may mean an emergency."""

    model = UrgentPhrase
    icon = "warning"
    menu_label = "Urgent words"
    list_display = ["phrase", "urgency"]
    list_filter = ["urgency"]
    search_fields = ["phrase"]


class SearchViewSetGroup(SnippetViewSetGroup):
    """Both, in one menu."""

    menu_label = "Search words"
    menu_icon = "search"
    menu_name = "search-words"
    menu_order = 270
    items = (SynonymGroupViewSet, UrgentPhraseViewSet)


register_snippet(SearchViewSetGroup)


@hooks.register("register_admin_urls")
def register_report_urls() -> list[URLPattern]:
    """Give the report its addresses, and the screen that teaches the search a word."""
    return [
        path("reports/searches/", SearchesView.as_view(), name="search_report"),
        path("reports/searches/results/", SearchesView.as_view(results_only=True), name="search_report_results"),
        path("reports/searches/teach/", teach_view, name="search_teach"),
    ]


class SearchesMenuItem(MenuItem):
    """The report in the menu of those who may see it."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person may open it."""
        return request.user.has_perm("search.view_loggedsearch")


@hooks.register("register_reports_menu_item")
def register_report_menu_item() -> MenuItem:
    """Put the report into the menu Reports."""
    return SearchesMenuItem(
        "What people search for", reverse("search_report"), name="searches", icon_name="search", order=760
    )


# Wagtail's own report counts searches that this site does not count in its way.
@hooks.register("construct_reports_menu")
def leave_out_the_report_of_search_terms(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Show one report of searches."""
    menu_items[:] = [item for item in menu_items if item.name != "search-terms"]


@hooks.register("register_permissions")
def register_report_permission() -> "QuerySet[Permission]":
    """Let whoever makes groups choose who sees the report."""
    return Permission.objects.filter(content_type__app_label="search", codename="view_loggedsearch")
