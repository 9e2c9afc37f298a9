"""Which pages use a picture, a file or another page, as an editor may know it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from wagtail.models import Page, ReferenceIndex

from core.permissions import pages_of, titles_with_parents
from users.models import User


@dataclass
class Usage:
    """The pages that use a thing: by key those this editor may change, with where they are; how many others."""

    pages: dict[int, str] = field(default_factory=dict)
    others: int = 0

    def __str__(self) -> str:
        titles = list(self.pages.values())
        return "; ".join([*titles, self.others_text] if self.others else titles)

    @property
    def others_text(self) -> str:
        """The pages that this editor may not change, which are not named."""
        return "1 page you cannot change" if self.others == 1 else f"{self.others} pages you cannot change"


def usage_of(things: Iterable[Model], user: User) -> dict[int, Usage]:
    """Return, for each of several things of one model by its key, the pages that use it.

    It takes a fixed number of queries. A page that uses itself does not count.
    """
    page_type = ContentType.objects.get_for_model(Page)
    references = ReferenceIndex.get_references_to_in_bulk(list(things)).filter(base_content_type=page_type)
    using: dict[int, set[int]] = defaultdict(set)
    for thing, page, model in references.values_list("to_object_id", "object_id", "to_content_type"):
        if (thing, model) != (page, page_type.pk):
            using[int(thing)].add(int(page))
    theirs = pages_of(user).filter(pk__in=set().union(*using.values()))
    pages = titles_with_parents(theirs.order_by("title", "pk"))
    return {
        thing: Usage({pk: title for pk, title in pages.items() if pk in keys}, len(keys - pages.keys()))
        for thing, keys in using.items()
    }
