"""What an editor may know of and change; the rules that the admin asks."""

from collections.abc import Collection, Iterable
from typing import TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db.models import IntegerField, Q, QuerySet
from django.db.models.functions import Cast
from wagtail.models import Page, Revision, WorkflowState
from wagtail.permissions import policy_registry
from wagtail.query import PageQuerySet

from users.models import User

from .models import BasePage

P = TypeVar("P", bound=Page)


def may_change(page: Page, user: User) -> bool:
    """Whether somebody may change a page now: a mirrored or locked page is not theirs to change."""
    permissions = page.permissions_for_user(user)
    return bool(not page.alias_of_id and permissions.can_edit() and not permissions.page_locked())


def may_confirm(page: Page, user: User) -> bool:
    """Whether somebody may record that a page is still right: residents see it, and it is theirs to change."""
    return isinstance(page, BasePage) and page.live and may_change(page, user)


def pages_of(user: User) -> PageQuerySet:
    """Return the pages that somebody's groups let him or her change, whether or not that is possible just now."""
    return policy_registry.get_by_type(Page).instances_user_has_permission_for(user, "change")


def may_know_of_all(user: User, pages: Collection[int]) -> bool:
    """Whether somebody may know of these pages, given by their keys: residents see them, or they are his or her own.

    The pages above one's own count as such.
    """
    if not pages:
        return True
    own = policy_registry.get_by_type(Page).explorable_instances(user)
    drafts = Page.objects.filter(pk__in=pages, live=False)
    return not drafts.exclude(pk__in=own.order_by().values("pk")).exists()


def titles_with_parents(pages: Iterable[Page]) -> dict[int, str]:
    """Return for each page, by its key, its title with that of the page above it, which says where it is.

    It takes one query. Pages right beneath the home page have their title alone.
    """
    pages = list(pages)
    above = {page.path[: -Page.steplen] for page in pages}
    titles = dict(Page.objects.filter(path__in=above, depth__gt=2).values_list("path", "title"))
    found = {}
    for page in pages:
        parent = titles.get(page.path[: -Page.steplen])
        found[page.pk] = f"{page.title} ({parent})" if parent else page.title
    return found


def changeable(pages: QuerySet[P], user: User) -> QuerySet[P]:
    """Return those of `pages` that somebody may change now, for lists; `may_change` says it of a page at hand.

    What waits for its day or for approval is left out, even for those who could interfere.
    """
    number = Cast("object_id", IntegerField())
    scheduled = Revision.page_revisions.filter(approved_go_live_at__isnull=False).values_list(number)
    in_review = WorkflowState.objects.active().filter(base_content_type=ContentType.objects.get_for_model(Page))
    waiting = Q(pk__in=scheduled) | Q(pk__in=in_review.values_list(number))
    theirs = Q(pk__in=pages_of(user).order_by().values("pk"))
    return pages.filter(theirs, Q(locked=False) | Q(locked_by=user.pk), alias_of=None).exclude(waiting)
