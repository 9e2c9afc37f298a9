"""Which PDFs are to be mended, and by whom: the part of `queries` that only editors see."""

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from wagtail.permissions import policy_registry

from core.models import SiteDocument
from users.models import User


def documents_to_mend(user: User) -> "QuerySet[SiteDocument]":
    """Return the documents with problems that this editor may change, by title, with their readings."""
    policy = policy_registry.get_by_type(SiteDocument)
    documents: QuerySet[SiteDocument] = policy.instances_user_has_permission_for(user, "change")
    to_mend = documents.exclude(reading=None).exclude(reading__problems=[])
    return to_mend.select_related("reading").defer("reading__texts").order_by("title", "pk")


def having_problem(documents: "QuerySet[SiteDocument]", problem: str) -> "QuerySet[SiteDocument]":
    """Return those of `documents` that have this problem, a key of `CellProblem`."""
    # SQLite cannot ask what a list holds. No key is part of another once it is quoted.
    return documents.annotate(keys=Cast("reading__problems", TextField())).filter(keys__contains=f'"{problem}"')
