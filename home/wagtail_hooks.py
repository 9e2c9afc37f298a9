"""What home adds to the admin: groups for new centres and forums, and a line in the history of starter pages."""

from django.db.models import Q
from django.http import HttpRequest
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page
from wagtail.query import PageQuerySet

from core.queries import pages_of

from .groups import set_up_groups_of
from .services import MADE


@hooks.register("register_log_actions")
def register_starter_content_action(actions: LogActionRegistry) -> None:
    """Name the action by which the loader knows its pages again."""
    actions.register_action(MADE, "Starter content", "Made from the starter content")


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def set_up_groups(request: HttpRequest, page: Page) -> None:
    """Give a new centre or forum its groups, and let these follow a new name."""
    set_up_groups_of(page)


@hooks.register("after_copy_page")
def set_up_groups_of_copy(request: HttpRequest, page: Page, new_page: Page) -> None:
    """Give a copied centre or forum groups of its own."""
    set_up_groups_of(new_page)


@hooks.register("construct_page_chooser_queryset")
def leave_out_drafts_of_others(pages: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    """Offer pages to link to: those that residents see, and drafts that this editor works on."""
    return pages.filter(Q(live=True) | Q(pk__in=pages_of(request.user).order_by().values("pk")))
