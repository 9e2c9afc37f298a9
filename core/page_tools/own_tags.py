"""Tags of pictures and files: each editor is offered those of his or her own collections."""

from typing import Any, cast

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, JsonResponse
from taggit.models import Tag, TaggedItem
from wagtail.admin.filters import BaseMediaFilterSet
from wagtail.documents import get_document_model
from wagtail.documents.views.documents import DocumentsFilterSet
from wagtail.images import get_image_model
from wagtail.images.views.chooser import ImageChooseView
from wagtail.images.views.images import ImagesFilterSet
from wagtail.permissions import policy_registry

from core.permissions import SEES_FILES
from users.models import User

# As many as Wagtail offers.
MOST = 10


def own_tags(user: User, *models: type[Any]) -> QuerySet[Tag]:
    """Return the tags of what somebody sees of these models, most used first."""
    used = Q(pk__in=[])
    for model in models:
        things = policy_registry.get_by_type(model).instances_user_has_any_permission_for(user, SEES_FILES)
        tagged = TaggedItem.objects.filter(
            content_type=ContentType.objects.get_for_model(model), object_id__in=things.order_by().values("pk")
        )
        used |= Q(pk__in=tagged.order_by().values("tag"))
    return Tag.objects.filter(used).annotate(uses=Count("taggit_taggeditem_items")).order_by("-uses", "name")


def complete_tag(request: HttpRequest, user: User) -> JsonResponse:
    """Answer with the tags that begin as somebody has typed, as Wagtail's own screen does."""
    begun = request.GET.get("term", "").replace("\0", "")
    tags = own_tags(user, get_document_model(), get_image_model()).filter(name__istartswith=begun).order_by("name")
    return JsonResponse([tag.name for tag in tags[:MOST]] if begun else [], safe=False)


class OwnTagsFilterSet(BaseMediaFilterSet):
    """Filters of a list of pictures or files, without the tags of others."""

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        if "tag" in self.filters:
            tags = own_tags(cast(User, request.user), self._meta.model)[:MOST]
            self.filters["tag"].extra["choices"] = [(tag.name, tag.name) for tag in tags]


class OwnDocumentTags(OwnTagsFilterSet, DocumentsFilterSet):
    """Those of the list of files."""

    class Meta(DocumentsFilterSet.Meta):
        pass


class OwnImageTags(OwnTagsFilterSet, ImagesFilterSet):
    """Those of the list of pictures."""

    class Meta(ImagesFilterSet.Meta):
        pass


class OwnTagsChooseView(ImageChooseView):
    """The chooser of pictures, without the tags of others."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what the template shows."""
        return {**super().get_context_data(**kwargs), "popular_tags": own_tags(self.request.user, self.model)[:MOST]}
