"""The editors' lists across the centres: services at centres, milestones, partners.

Each shows what its reader may change and leads to Wagtail's own page editor. Nothing is added, changed or deleted by
wagtail-modeladmin, which knows nothing of the rights on pages.
"""

from typing import Any, cast

from django.contrib.admin import display
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.menu import MenuItem
from wagtail_modeladmin.options import ModelAdminGroup

from centres.bulk.columns import HEADINGS
from centres.bulk.plans import ENTERED_STATUS, centres_to_change, pages_to_change, works_on_centres
from centres.models import CentreServicePage, Milestone, Partner, ServiceStatus
from core.dates import describe_day
from users.models import User

from .filters import (
    PARTNER_BEFORE,
    PARTNER_NOW,
    CentreFilter,
    CheckFilter,
    MilestoneStateFilter,
    PartnerStateFilter,
    ServiceFilter,
    StatusFilter,
)
from .grid import state_words
from .lists import RowsAdmin, ServicesView
from .views import choose_centre_view


class ServicesAdmin(RowsAdmin):
    """Services at centres."""

    model = CentreServicePage
    base_url_path = "centres/services"
    menu_label = "Services at centres"
    menu_icon = "list-ul"
    index_view_class = ServicesView
    list_display = ("tick", "service_name", "centre_name", "status_words", "check_words", "state")
    list_display_add_buttons = "service_name"
    list_filter = (CentreFilter, ServiceFilter, StatusFilter, CheckFilter)
    list_export = HEADINGS
    list_select_related = ("centre", "service", "latest_revision")
    export_filename = "services-at-centres"
    search_fields = ("service__title", "centre__short_name", "centre__title", "note")
    ordering = ("centre__short_name", "title")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """Return the pages that the reader may change, with what their newest drafts say."""
        pages = pages_to_change(cast(User, request.user)).order_by(*self.ordering)
        return pages.annotate(entered=ENTERED_STATUS)

    def get_admin_urls_for_registration(self) -> tuple[URLPattern, ...]:
        """Return the addresses of the list, and of the way to add to it."""
        name = self.url_helper.get_action_url_name("create")
        return (
            *super().get_admin_urls_for_registration(),
            path(f"{self.base_url_path}/add/", choose_centre_view, name=name),
        )

    @display(description="Tick")
    def tick(self, page: CentreServicePage) -> SafeString:
        """Return a tick box with its label."""
        return format_html(
            '<input type="checkbox" name="id" value="{0}" id="tick-{0}" data-action="w-bulk#toggle" '
            'data-w-bulk-target="item"><label class="w-sr-only" for="tick-{0}">Tick {1}</label>',
            page.pk,
            page.heading,
        )

    @display(description="Service", ordering="title")
    def service_name(self, page: CentreServicePage) -> str:
        """Return the service."""
        return page.title

    @display(description="Centre", ordering="centre__short_name")
    def centre_name(self, page: CentreServicePage) -> str:
        """Return the centre."""
        return page.centre.short_name

    @display(description="Status")
    def status_words(self, page: Any) -> str:
        """Return what was entered, and what residents see if that is something else."""
        entered = ServiceStatus(page.entered)
        if not page.live or page.shown_status == entered:
            return str(entered.label)
        return f"{entered.label}. Residents see “{page.status_info.label}”."

    @display(description="Check")
    def check_words(self, page: CentreServicePage) -> str:
        """Return when a page that residents see was checked, and by when it should be again."""
        if not page.live:
            return "Not published"
        if page.checked_on is None or page.check_due_on is None:
            return "Never checked"
        what_next = "Check due since" if page.is_check_due else "Next check"
        return f"Checked {describe_day(page.checked_on)}. {what_next} {describe_day(page.check_due_on)}."

    @display(description="Published or draft")
    def state(self, page: CentreServicePage) -> str:
        """Return whether residents see the page, and all of it."""
        words = state_words(live=page.live, is_changed=page.has_unpublished_changes)
        return words if words == "Draft" else f"Published. {words}." if words else "Published"


class InlineRowsAdmin(RowsAdmin):
    """Rows that belong to a centre and are changed on its page."""

    list_select_related = ("centre",)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """Return the rows of the centres that the reader may change."""
        rows = self.model._default_manager.filter(
            centre__in=centres_to_change(cast(User, request.user)).order_by().values("pk")
        )
        return rows.order_by(*self.ordering)

    @display(description="Centre", ordering="centre__short_name")
    def centre_name(self, row: Any) -> str:
        """Return the centre."""
        return str(row.centre.short_name)


class MilestonesAdmin(InlineRowsAdmin):
    """Milestones."""

    model = Milestone
    base_url_path = "centres/milestones"
    menu_label = "Milestones"
    menu_icon = "calendar-check"
    list_display = ("title", "centre_name", "date_words", "state")
    list_filter = (CentreFilter, MilestoneStateFilter)
    search_fields = ("title", "centre__short_name", "centre__title")
    ordering = ("centre__short_name", "date", "pk")

    @display(description="Date", ordering="date")
    def date_words(self, milestone: Milestone) -> str:
        """Return the date as exactly as it is known, and whether it has passed in vain."""
        return f"{milestone.date_text}. Overdue." if milestone.is_overdue else milestone.date_text


class PartnersAdmin(InlineRowsAdmin):
    """Partner organisations."""

    model = Partner
    base_url_path = "centres/partners"
    menu_label = "Partners"
    menu_icon = "group"
    list_display = ("name", "centre_name", "dates_words", "state")
    list_filter = (CentreFilter, PartnerStateFilter)
    search_fields = ("name", "other_names", "centre__short_name", "centre__title")
    ordering = ("centre__short_name", "name", "pk")

    @display(description="When", ordering="from_date")
    def dates_words(self, partner: Partner) -> str:
        """Return from when to when, as exactly as it is known."""
        return partner.years_text or "Not known"

    @display(description="State")
    def state(self, partner: Partner) -> str:
        """Return whether it still takes part."""
        return PARTNER_BEFORE if partner.is_over() else PARTNER_NOW


class EditorsMenuItem(MenuItem):
    """A screen of ours in the menu of those who may use it."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person may change any centre or service at one."""
        return works_on_centres(cast(User, request.user))


class AcrossTheCentres(ModelAdminGroup):
    """The lists, the grid and the import, in one menu."""

    menu_label = "All centres"
    menu_item_name = "across-the-centres"
    menu_icon = "globe"
    menu_order = 210
    items = (ServicesAdmin, MilestonesAdmin, PartnersAdmin)

    def get_submenu_items(self) -> list[MenuItem]:
        """Return the lists, with the screens that are none."""
        return [
            *super().get_submenu_items(),
            EditorsMenuItem("Grid of services", reverse("centres_grid"), icon_name="table", order=10),
            EditorsMenuItem("Import a spreadsheet", reverse("centres_import"), icon_name="upload", order=20),
        ]
