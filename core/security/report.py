"""The report "Security": the security log, for administrators."""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic.history import HistoryFilterSet
from wagtail.admin.views.reports import ReportView
from wagtail.models.audit_log import LogEntryQuerySet

from core.models import SecurityEvent


class SecurityFilterSet(HistoryFilterSet):
    """Leaves some actions, people or days."""

    class Meta:
        model = SecurityEvent
        fields: ClassVar[list[str]] = []


class SecurityView(ReportView):
    """What matters for safety, newest first."""

    model = SecurityEvent
    permission_policy = None
    page_title = "Security"
    header_icon = "lock"
    verbose_name_plural = "security events"
    results_template_name = "core/admin/security_results.html"
    index_url_name = "core_security"
    index_results_url_name = "core_security_results"
    filterset_class = SecurityFilterSet
    is_searchable = False
    default_ordering = "-timestamp"
    columns: ClassVar[list[Column]] = [
        DateColumn("timestamp", label="When"),
        Column("message", label="What"),
        Column("label", label="About"),
        Column("who", label="Who"),
        Column("where", label="From where"),
    ]
    list_export: ClassVar[list[str]] = ["timestamp", "message", "label", "who", "where"]
    export_headings: ClassVar[dict[str, str]] = {
        "timestamp": "When",
        "message": "What",
        "label": "About",
        "who": "Who",
        "where": "From where",
    }
    export_filename = "security"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer an administrator. Raises PermissionDenied for anybody else."""
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_base_queryset(self) -> LogEntryQuerySet:
        """Return all events that this person may see."""
        return SecurityEvent.objects.viewable_by_user(self.request.user).select_related("user", "content_type")
