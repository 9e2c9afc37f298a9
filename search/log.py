"""What is remembered of searches: the day, the words and what came of them, and nothing about the person."""

import logging
import re
from datetime import date, timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from .models import MAX_LOGGED, LoggedSearch
from .normalisation import normalise

logger = logging.getLogger(__name__)

# Months that a search is kept, so that a month can be compared with the same a year before.
KEPT_DAYS = 13 * 31
# What fewer people asked might say who they are.
SHOWN_FROM = 3
# An e-mail address; any six digits or more, as in telephone and NHS numbers, however they are grouped.
PERSONAL = re.compile(r"@|(?:\d[\s().-]*){6,}")


def worth_keeping(query: str) -> str:
    """Return a query as it may be kept, normalised; nothing if it is long or may say who somebody is."""
    text = normalise(query)
    # In plain letters it may be longer than it was typed.
    return "" if max(len(query.strip()), len(text)) > MAX_LOGGED or PERSONAL.search(query) else text


def remember(query: str, *, results: int = 0, clicked: str = "") -> None:
    """Keep a search, or (with `clicked`, a kind of result) that a result was opened. It never fails."""
    text = worth_keeping(query)
    if not text:
        return
    try:
        with transaction.atomic():
            LoggedSearch.objects.create(day=timezone.localdate(), query=text, results=results, clicked=clicked)
    except DatabaseError:
        logger.exception("A search could not be kept.")


def forget(today: date | None = None) -> int:
    """Delete what is older than is kept; return how much that was."""
    before = (today or timezone.localdate()) - timedelta(days=KEPT_DAYS)
    return LoggedSearch.objects.filter(day__lt=before).delete()[0]


def popular() -> "QuerySet[Any, Any]":
    """Return the queries that enough people asked, most asked first.

    Each has `query`, `searches`, `clicks`, `most` (the most results it had) and `last` (its last day).
    """
    rows = (
        LoggedSearch.objects.order_by()
        .values("query")
        .annotate(
            searches=Count("pk", filter=Q(clicked="")),
            clicks=Count("pk", filter=~Q(clicked="")),
            most=Max("results"),
            last=Max("day"),
        )
    )
    return rows.filter(searches__gte=SHOWN_FROM).order_by("-searches", "query")
