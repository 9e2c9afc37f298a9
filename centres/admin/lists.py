"""What the editors' lists across the centres have in common, and where they differ from wagtail-modeladmin's own."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, cast

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from wagtail.query import PageQuerySet
from wagtail_modeladmin.helpers import ButtonHelper, PermissionHelper
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import IndexView

from centres.bulk.imports import exported_row, names_of_centres
from centres.bulk.plans import centres_to_add_to, works_on_centres
from centres.models import CentreServicePage, Milestone, Partner
from users.models import User

BYTE_ORDER_MARK = "\ufeff".encode()

Row = CentreServicePage | Milestone | Partner


class OnlyWhoWorksOnCentres(PermissionHelper):
    """Shows the lists to those who may change any centre or service at one, and lets nobody do more with them."""

    def user_can_list(self, user: User) -> bool:
        """Whether the list has anything to show."""
        return works_on_centres(user)

    def user_can_create(self, user: User) -> bool:
        """Return False: services are added with “Add services”, under Wagtail's own rights on pages."""
        return False

    def get_valid_parent_pages(self, user: User) -> PageQuerySet:
        """Return the centres to which services can be added."""
        return centres_to_add_to(user)

    def user_can_edit_obj(self, user: User, obj: Row) -> bool:
        """Return False: the buttons lead to Wagtail's page editor, which asks for rights itself."""
        return False

    user_can_delete_obj = user_can_inspect_obj = user_can_edit_obj


class EditPageButton(ButtonHelper):
    """Leads from a row to Wagtail's editor of the page it is, or is part of."""

    def _button(self, row: Row, classnames: list[str]) -> dict[str, str]:
        if isinstance(row, CentreServicePage):
            page, name, tab = row.pk, row.heading, ""
        else:
            page, name, tab = row.centre_id, f"{row} at {row.centre.short_name}", "#tab-story_and_partners"
        back = urlencode({"next": self.request.get_full_path()})
        return {
            "url": f"{reverse('wagtailadmin_pages:edit', args=[page])}?{back}{tab}",
            "label": "Edit",
            "title": f"Edit {name}",
            "classname": self.finalise_classname([*self.edit_button_classnames, *classnames]),
        }

    def get_buttons_for_obj(self, obj: Row, classnames_add: list[str], **_: Any) -> list[dict[str, str]]:
        """Return the one button there is."""
        return [self._button(obj, classnames_add)]

    def get_primary_button(self, obj: Row) -> dict[str, str]:
        """Return where the row's name leads."""
        return self._button(obj, [])


class RowsView(IndexView):
    """A list that can be narrowed by its own filters only.

    wagtail-modeladmin takes any lookup from the address, through which somebody could ask about fields of other
    models, and fails on one that makes no sense.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer; a parameter called "items" would be taken for Python's own word in wagtail-modeladmin's template."""
        if "items" in request.GET:
            others = request.GET.copy()
            del others["items"]
            request.GET = cast(Any, others)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def get_filters_params(self, params: Any = None) -> dict[str, list[str]]:
        """Return what the address says to the filters of this list."""
        own = {each.parameter_name for each in self.list_filter}
        return {name: values for name, values in super().get_filters_params(params).items() if name in own}

    def get_search_results(self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str) -> Any:
        """Return what is found; PostgreSQL refuses a null character."""
        return super().get_search_results(request, queryset, search_term.replace("\0", ""))


class ServicesView(RowsView):
    """The list of services at centres, whose export is what the import reads."""

    @cached_property
    def centre_names(self) -> dict[int, str]:
        """What the export calls each centre."""
        return names_of_centres()

    def get_heading(self, queryset: "QuerySet[Any]", field: str) -> str:
        """Return the heading of a column, which is its name."""
        return field

    def to_row_dict(self, item: CentreServicePage) -> dict[str, Any]:
        """Return a row of the export."""
        return exported_row(item, self.centre_names)

    def stream_csv(self, queryset: "QuerySet[Any]") -> Iterator[bytes]:
        """Yield the file; without the mark in front, Excel takes its letters for others."""
        yield BYTE_ORDER_MARK
        yield from super().stream_csv(queryset)


class RowsAdmin(ModelAdmin):
    """A list of rows that the reader may change, and nothing but the list."""

    permission_helper_class = OnlyWhoWorksOnCentres
    button_helper_class = EditPageButton
    index_view_class = RowsView
    list_per_page = 50

    def get_admin_urls_for_registration(self) -> tuple[URLPattern, ...]:
        """Return the address of the list only."""
        return (path(f"{self.base_url_path}/", self.index_view, name=self.url_helper.get_action_url_name("index")),)

    def get_permissions_for_registration(self) -> "QuerySet[Permission]":
        """Return none: rights on pages decide."""
        return Permission.objects.none()

    def register_admin_url_finders(self) -> None:
        """Register none: a row has no screen of its own."""

    def register_indexing(self) -> None:
        """Register nothing: pages are registered by themselves, with their rows."""
