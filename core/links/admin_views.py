"""The report of the links that lead nowhere."""

from typing import ClassVar

from django.http import HttpRequest
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page
from wagtail.permissions import policy_registry

from core.dates import describe_day

from .report import DeadLink, dead_links


class WhereColumn(Column):
    """A column that leads to where a link is mended."""

    cell_template_name = "core/admin/where_cell.html"


def since_text(link: DeadLink) -> str:
    """Return since when a link is dead, as far as that is known."""
    return describe_day(link.since) if link.since else "Not known"


class DeadLinksView(ReportView):
    """The report "Dead links"."""

    permission_policy = policy_registry.get_by_type(Page)
    any_permission_required: ClassVar[list[str]] = ["change"]
    page_title = "Dead links"
    header_icon = "link"
    verbose_name_plural = "dead links"
    results_template_name = "core/admin/dead_links_results.html"
    index_url_name = "core_dead_links"
    index_results_url_name = "core_dead_links_results"
    is_searchable = False
    default_ordering = None
    columns: ClassVar[list[Column]] = [
        WhereColumn("where", label="Where it is"),
        Column("clicked", label="Words of the link"),
        Column("address", label="Where it should lead"),
        Column("words", label="What is wrong"),
        Column("since", label="Since", accessor=since_text),
    ]
    list_export: ClassVar[list[str]] = ["where", "clicked", "address", "words", "since"]
    export_headings: ClassVar[dict[str, str]] = {
        "where": "Where it is",
        "clicked": "Words of the link",
        "address": "Where it should lead",
        "words": "What is wrong",
        "since": "Since",
    }
    export_filename = "dead-links"

    def get_base_queryset(self) -> list[DeadLink]:
        """Return the links that this editor can mend."""
        return dead_links(self.request.user)

    def order_queryset(self, queryset: list[DeadLink]) -> list[DeadLink]:
        """Return them in the order in which they came."""
        return queryset


class DeadLinksMenuItem(MenuItem):
    """The report in the menu of those who may change a page."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person may open it."""
        policy = DeadLinksView.permission_policy
        return bool(policy.user_has_any_permission(request.user, DeadLinksView.any_permission_required))
