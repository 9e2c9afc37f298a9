"""The admin's API, telling each editor only of what he or she may know."""

from typing import Any

from django.db.models import QuerySet
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.api.v2.filters import SearchFilter
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.permissions import policy_registry

from .permissions import SEES_FILES


class ReadOnlyPages(PagesAdminAPIViewSet):
    """Pages, without what can be done to them: no screen uses that, and it goes round the rules of the forms."""

    actions: dict[str, type] = {}
    # What was searched for cannot be filtered any more, and Wagtail 8.0.1 adds two filters after the search.
    filter_backends = [
        *(each for each in PagesAdminAPIViewSet.filter_backends if each is not SearchFilter),
        SearchFilter,
    ]


class OwnDocuments(DocumentsAdminAPIViewSet):
    """The files of one's own collections."""

    authentication_classes = PagesAdminAPIViewSet.authentication_classes

    def get_queryset(self) -> QuerySet[Any]:
        """Return the files that whoever asks may work with."""
        policy = policy_registry.get_by_type(self.model)
        own = policy.instances_user_has_any_permission_for(self.request.user, SEES_FILES)
        return super().get_queryset().filter(pk__in=own.order_by().values("pk"))


class OwnImages(ImagesAdminAPIViewSet):
    """The pictures of one's own collections."""

    authentication_classes = PagesAdminAPIViewSet.authentication_classes

    def get_queryset(self) -> QuerySet[Any]:
        """Return the pictures that whoever asks may work with."""
        policy = policy_registry.get_by_type(self.model)
        own = policy.instances_user_has_any_permission_for(self.request.user, SEES_FILES)
        return super().get_queryset().filter(pk__in=own.order_by().values("pk"))
