"""What an editor may know of, choose and change; the rules that the admin asks."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db.models import IntegerField, Model, Q, QuerySet
from django.db.models.functions import Cast
from wagtail.models import Page, Revision, WorkflowState
from wagtail.permissions import policy_registry
from wagtail.query import PageQuerySet

from users.models import User

from .visibility import hidden_pages, is_private, public

P = TypeVar("P", bound=Page)
# What lets somebody see a picture or a file in the lists and choosers of the admin.
SEES_FILES = ["change", "delete", "choose"]


def may_change(page: Page, user: User) -> bool:
    """Whether somebody may change a page now: a mirrored or locked page is not theirs to change."""
    permissions = page.permissions_for_user(user)
    return bool(not page.alias_of_id and permissions.can_edit() and not permissions.page_locked())


def pages_of(user: User) -> PageQuerySet:
    """Return the pages that somebody's groups let him or her change, whether or not that is possible just now."""
    return policy_registry.get_by_type(Page).instances_user_has_permission_for(user, "change")


def known_pages(pages: QuerySet[P], user: User) -> QuerySet[P]:
    """Return those of `pages` of which somebody may know: residents see them, or they are his or her own.

    The pages above one's own count as such. What is private is known to those alone who work on it, whoever else may
    open it: its title stands in no list of the admin.
    """
    if user.is_superuser:
        return pages
    shown = public(Page.objects.all()).exclude(pk__in=hidden_pages().order_by().values("pk"))
    own = policy_registry.get_by_type(Page).explorable_instances(user)
    # Subqueries, so that a search engine outside the database can follow them.
    return pages.filter(Q(pk__in=shown.order_by().values("pk")) | Q(pk__in=own.order_by().values("pk")))


def may_know_of_all(user: User, pages: Collection[int]) -> bool:
    """Whether somebody may know of all these pages, given by their keys; those that do not exist count for nothing.

    It says of a few pages what `known_pages` says of many, and is asked for every screen about a page.
    """
    if not pages or user.is_superuser:
        return True
    rights = policy_registry.get_by_type(Page).get_cached_permissions_for_user(user)
    own = tuple({right.page.path for right in rights})
    others = []
    for key, path, live, mirrored in Page.objects.filter(pk__in=pages).values_list(
        "pk", "path", "live", "alias_of__path"
    ):
        if path.startswith(own) or any(each.startswith(path) for each in own):
            continue
        if not live or is_private(path, mirrored):
            return False
        others.append(key)
    return not others or not hidden_pages().filter(pk__in=others).exists()


def known_of(user: User, model: type[Model], keys: Collection[Any]) -> set[Any]:
    """Return those of `keys` that are of things of which somebody may know: pages, or what some right reaches."""
    if issubclass(model, Page):
        things: QuerySet[Any] = known_pages(Page.objects.filter(pk__in=keys), user)
    else:
        policy = policy_registry.get_by_type(model)
        things = policy.instances_user_has_any_permission_for(user, ["view", *SEES_FILES]).filter(pk__in=keys)
    return set(things.values_list("pk", flat=True))


def choosable(user: User, model: type[Model], keys: Collection[Any]) -> set[str]:
    """Return those of `keys`, as text, that somebody may bring into a page, as choosers offer them.

    Pages of which he or she may know, and pictures and files of his or her own collections.
    """
    numbers = {int(key) for key in keys if str(key).isdecimal()}
    if issubclass(model, Page):
        things: QuerySet[Any] = known_pages(Page.objects.all(), user)
    else:
        things = policy_registry.get_by_type(model).instances_user_has_any_permission_for(user, ["choose"])
    return {str(key) for key in things.filter(pk__in=numbers).values_list("pk", flat=True)}


# Who looks at the admin; None elsewhere.
_asking: ContextVar[User | None] = ContextVar("asking", default=None)


@contextmanager
def asked_by(user: User) -> Iterator[None]:
    """While this lasts, what is written of pages is for this editor; the middleware opens it for the admin."""
    token = _asking.set(user)
    try:
        yield
    finally:
        _asking.reset(token)


def is_draft_title_known(page: Page) -> bool:
    """Whether whoever asks may read the title that a draft of this page has: only those who work on it."""
    user = _asking.get()
    return user is None or user.is_superuser or bool(page.permissions_for_user(user).permissions)


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
