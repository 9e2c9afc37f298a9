"""What the centres add to the admin: "Add services", the lists across the centres; services in use are kept."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.models import Page
from wagtail_modeladmin.options import modeladmin_register

from users.models import User

from .admin.modeladmin import AcrossTheCentres
from .admin.stage_forms import STEPS
from .admin.stage_views import stage_view
from .admin.views import change_status_view, confirm_import_view, grid_view, import_view
from .models import CentrePage, CentreServicePage, Stage
from .models.choices import GONE
from .queries import drafts_of_centres, services_in_use
from .views import add_services_view

modeladmin_register(AcrossTheCentres)


@hooks.register("register_admin_urls")
def register_centres_urls() -> list[URLPattern]:
    """Give "Add services" its address, and the screens across the centres theirs."""
    return [
        path("centres/<int:page_id>/add-services/", add_services_view, name="centres_add_services"),
        *(path(f"centres/<int:page_id>/{name}/", stage_view, {"name": name}, name=f"centres_{name}") for name in STEPS),
        path("centres/grid/", grid_view, name="centres_grid"),
        path("centres/change-status/", change_status_view, name="centres_change_status"),
        path("centres/import/", import_view, name="centres_import"),
        path("centres/import/confirm/", confirm_import_view, name="centres_import_confirm"),
    ]


def _add_services_button(page: Page, user: User, priority: int) -> Iterator[Button]:
    if issubclass(page.specific_class or Page, CentrePage) and page.permissions_for_user(user).can_add_subpage():
        yield Button(
            "Add services", reverse("centres_add_services", args=[page.pk]), icon_name="plus", priority=priority
        )


@hooks.register("register_page_header_buttons")
def add_services_in_header(page: Page, user: User, view_name: str, next_url: str | None = None) -> Iterable[Button]:
    """Offer "Add services" in the menu of a centre's own screens."""
    return _add_services_button(page, user, priority=16)


@hooks.register("register_page_listing_more_buttons")
def add_services_in_listing(page: Page, user: User, next_url: str | None = None) -> Iterable[Button]:
    """Offer "Add services" beside a centre in a list of pages."""
    return _add_services_button(page, user, priority=16)


@hooks.register("register_page_header_buttons")
def guided_steps_in_header(page: Page, user: User, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """Offer what happens to a centre next: it opens, or it closes."""
    if issubclass(page.specific_class or Page, CentrePage) and page.permissions_for_user(user).can_edit():
        stage = page.specific.stage
        for number, (step, is_offered) in enumerate(
            [(STEPS["opens"], stage != Stage.OPEN), (STEPS["closes"], stage not in GONE)]
        ):
            if is_offered:
                url = reverse(f"centres_{step.name}", args=[page.pk])
                yield Button(step.heading, url, icon_name="site", priority=17 + number)


def _refuse_while_in_use(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Say which centres list a service, instead of breaking their pages."""
    used = services_in_use(page)
    if not used:
        return None
    places = "; ".join(each.heading for each in used)
    messages.error(
        request, f"“{page.title}” cannot be deleted while centres list it: {places}. Delete these pages first."
    )
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_delete_page")
def keep_services_in_use(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to delete a service that centres list."""
    return _refuse_while_in_use(request, page)


@hooks.register("before_bulk_action")
def keep_services_in_use_in_bulk(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    """Refuse to delete a service that centres list, among several pages ticked."""
    if action_type == "delete":
        for page in objects:
            if isinstance(page, Page) and (refusal := _refuse_while_in_use(request, page)):
                return refusal
    return None


@hooks.register("before_bulk_action")
def ask_why_dates_changed_in_bulk(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    """Refuse to publish a centre, among several pages ticked, whose changed dates nobody has explained."""
    if action_type != "publish":
        return None
    for centre in drafts_of_centres([page for page in objects if isinstance(page, Page)]):
        if unexplained := centre.unexplained_milestones():
            titles = ", ".join(f"“{milestone.title}”" for milestone in unexplained)
            messages.error(
                request, f"Nothing was published. Open {centre.title} and say why the date changed: {titles}."
            )
            return redirect("wagtailadmin_pages:edit", centre.pk)
    return None


@hooks.register("before_copy_page")
def no_copies_of_services_at_centres(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Lead from copying a service at a centre to adding it where it is missing."""
    if not isinstance(page.specific, CentreServicePage):
        return None
    messages.error(
        request, "A service at a centre is not copied. Go to the other centre and choose “Add services” there."
    )
    return redirect("wagtailadmin_explore", page.get_parent().pk)
