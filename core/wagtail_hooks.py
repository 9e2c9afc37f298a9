"""What core adds to the admin: alerts."""

from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from .models import Alert


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
