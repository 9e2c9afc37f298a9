"""Which pages use a picture, a file or another page, as an editor may know it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q
from wagtail.models import Page, ReferenceIndex

from core.permissions import pages_of, titles_with_parents
from users.models import User


@dataclass
class Usage:
    """The pages that use a thing: by key those this editor may change, with where they are; how many others.

    `beneath` are the titles of the pages beneath a page, which go with it.
    """

    pages: dict[int, str] = field(default_factory=dict)
    others: int = 0
    beneath: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        titles = list(self.pages.values())
        return "; ".join([*titles, self.others_text] if self.others else titles)

    @property
    def others_text(self) -> str:
        """The pages that this editor may not change, which are not named."""
        return "1 page you cannot change" if self.others == 1 else f"{self.others} pages you cannot change"


def usage_of(things: Iterable[Model], user: User) -> dict[int, Usage]:
    """Return, for each of several things of one model by its key, the pages that use it.

    It takes a fixed number of queries. Where the things are pages, these and those beneath them do not count: they go
    together.
    """
    things = list(things)
    paths = tuple(thing.path for thing in things if isinstance(thing, Page))
    page_type = ContentType.objects.get_for_model(Page)
    references = ReferenceIndex.get_references_to_in_bulk(things).filter(base_content_type=page_type)
    using: dict[int, set[int]] = defaultdict(set)
    for thing, page in references.values_list("to_object_id", "object_id"):
        using[int(thing)].add(int(page))
    used_by = Page.objects.filter(pk__in=set().union(*using.values()))
    staying = {pk for pk, path in used_by.values_list("pk", "path") if not path.startswith(paths)}
    pages = titles_with_parents(pages_of(user).filter(pk__in=staying).order_by("title", "pk"))
    found = {
        thing: Usage({pk: title for pk, title in pages.items() if pk in keys}, len((keys & staying) - pages.keys()))
        for thing, keys in using.items()
    }
    if paths:
        _add_beneath(found, things)
    return found


def _add_beneath(found: dict[int, Usage], things: Iterable[Any]) -> None:
    """Add to each page what goes with it."""
    paths = {thing.path: thing.pk for thing in things}
    beneath = Q(pk__in=[])
    for path in paths:
        beneath |= Q(path__startswith=path)
    for path, title in Page.objects.filter(beneath).order_by("path").values_list("path", "title"):
        for above, pk in paths.items():
            if path.startswith(above) and path != above:
                found.setdefault(pk, Usage()).beneath.append(title)
