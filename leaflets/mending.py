"""Which PDFs are to be mended, by whom, and which pages use them: the part of `queries` that only editors see."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from wagtail.models import Page, ReferenceIndex
from wagtail.permissions import page_permission_policy, policy_registry

from core.models import SiteDocument
from users.models import User


def documents_to_mend(user: User) -> "QuerySet[SiteDocument]":
    """Return the documents with problems that this editor may change, by title, with their readings."""
    policy = policy_registry.get_by_type(SiteDocument)
    documents: QuerySet[SiteDocument] = policy.instances_user_has_permission_for(user, "change")
    to_mend = documents.exclude(reading=None).exclude(reading__problems=[])
    return to_mend.select_related("reading").defer("reading__texts").order_by("title", "pk")


def having_problem(documents: "QuerySet[SiteDocument]", problem: str) -> "QuerySet[SiteDocument]":
    """Return those of `documents` that have this problem, a key of `Problem`."""
    # SQLite cannot ask what a list holds. No key is part of another once it is quoted.
    return documents.annotate(keys=Cast("reading__problems", TextField())).filter(keys__contains=f'"{problem}"')


@dataclass
class Uses:
    """The pages that use a document: those this editor may change, and how many others."""

    pages: list[Page] = field(default_factory=list)
    others: int = 0

    def __str__(self) -> str:
        titles = [page.get_admin_display_title() for page in self.pages]
        return "; ".join([*titles, self.others_text] if self.others else titles)

    @property
    def others_text(self) -> str:
        """The pages that this editor may not change, which are not named."""
        return "1 page you cannot change" if self.others == 1 else f"{self.others} pages you cannot change"


def uses_of(documents: Iterable[SiteDocument], user: User) -> dict[int, Uses]:
    """Return, for each document by its key, the pages that use it. It takes a fixed number of queries."""
    references = ReferenceIndex.get_references_to_in_bulk(list(documents)).filter(
        base_content_type=ContentType.objects.get_for_model(Page)
    )
    using: dict[int, set[int]] = defaultdict(set)
    for document, page in references.values_list("to_object_id", "object_id"):
        using[int(document)].add(int(page))
    editable = page_permission_policy.instances_user_has_permission_for(user, "change")
    pages = {page.pk: page for page in editable.filter(pk__in=set().union(*using.values())).order_by("title", "pk")}
    return {
        document: Uses([page for pk, page in pages.items() if pk in keys], len(keys - pages.keys()))
        for document, keys in using.items()
    }
