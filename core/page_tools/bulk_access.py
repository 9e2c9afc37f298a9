"""Wagtail's actions on ticked things, telling nobody of what is not his or her own."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.pages import bulk_actions as pages
from wagtail.documents.views import bulk_actions as documents
from wagtail.images.views import bulk_actions as images
from wagtail.models import Page
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction as DeleteSnippets
from wagtail.users.views import bulk_actions as users

from core.permissions import known_of

WAGTAILS_OWN: list[type[BulkAction]] = [
    *(pages.DeleteBulkAction, pages.MoveBulkAction, pages.PublishBulkAction, pages.UnpublishBulkAction),
    *(documents.AddTagsBulkAction, documents.AddToCollectionBulkAction, documents.DeleteBulkAction),
    *(images.AddTagsBulkAction, images.AddToCollectionBulkAction, images.DeleteBulkAction),
    *(users.AssignRoleBulkAction, users.DeleteBulkAction, users.SetActiveStateBulkAction),
    DeleteSnippets,
]


class KnownThingsOnly(BulkAction):
    """An action that does not name what somebody ticked, by a number in the address, without being able to know it.

    Wagtail's own lists everything that it will not do something with, by its title.
    """

    def get_actionable_objects(self) -> tuple[list[Any], dict[str, Any]]:
        """Return what it can be done with and, by reason, the others. Raises PermissionDenied if there is nothing."""
        things, others = super().get_actionable_objects()
        refused = others["items_with_no_access"]
        known = known_of(self.request.user, self.model, [thing.pk for thing in refused])
        others["items_with_no_access"] = list(_shown(self.model, known)) if known else []
        if not things and not any(others.values()):
            raise PermissionDenied
        return things, others


def _shown(model: type[Model], keys: set[Any]) -> QuerySet[Any]:
    """Return things as their titles are shown: a page as its own type, which knows who may read its draft's title."""
    if issubclass(model, Page):
        return Page.objects.filter(pk__in=keys).specific(defer=True).order_by("path")
    return model._default_manager.filter(pk__in=keys).order_by("pk")


def guarded(action: type[BulkAction]) -> type[BulkAction]:
    """Return an action that tells nobody of what is not his or her own."""
    return type(action.__name__, (KnownThingsOnly, action), {})
