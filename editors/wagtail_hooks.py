"""What editors have in the admin beside Wagtail's own: the dashboard, the guide, groups for new centres and forums."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.models import Page

from .admin_views import GuidePanel, ToDoPanel, guide_task_view, guide_view, to_do_view
from .groups import set_up_groups_of


@hooks.register("after_create_page")
def set_up_groups(request: HttpRequest, page: Page) -> None:
    """Give a new centre or forum its groups; they follow a new name when it is published."""
    set_up_groups_of(page)


@hooks.register("after_copy_page")
def set_up_groups_of_copy(request: HttpRequest, page: Page, new_page: Page) -> None:
    """Give a copied centre or forum groups of its own."""
    set_up_groups_of(new_page)


@hooks.register("register_admin_urls")
def register_our_urls() -> list[URLPattern]:
    """Give each list of what there is to do its address, and the guide."""
    return [
        path("to-do/<slug:kind>/", to_do_view, name="editors_to_do"),
        path("how-do-i/", guide_view, name="editors_guide"),
        path("how-do-i/<slug:slug>/", guide_task_view, name="editors_guide_task"),
    ]


@hooks.register("register_help_menu_item")
def register_guide_menu_item() -> MenuItem:
    """Put the guide into the menu Help."""
    return MenuItem("How do I…?", reverse("editors_guide"), name="guide", icon_name="help", order=10)


@hooks.register("construct_help_menu")
def leave_out_what_does_not_know_this_site(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Leave out news and a guide of Wagtail's own, which lead to another site."""
    menu_items[:] = [item for item in menu_items if not item.name.startswith(("whats-new", "editor-guide"))]


@hooks.register("construct_homepage_panels")
def add_to_do_panel(request: HttpRequest, panels: list[Component]) -> None:
    """Put what there is to do at the top of the dashboard, then how things are done."""
    panels += [ToDoPanel(), GuidePanel()]
