"""Wagtail's PostgreSQL search, made quick where a word is on many pages: only the likeliest of them are ranked."""

from typing import Any

from django.contrib.postgres.search import SearchQueryField
from django.db.models import BooleanField, CharField, Exists, F, Func, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce
from modelsearch.backends.database.postgres.postgres import (
    IndexEntry,
    PostgresSearchBackend,
    PostgresSearchQueryCompiler,
)
from modelsearch.query import Fuzzy, MatchAll, Not
from modelsearch.utils import get_descendants_content_types_pks
from wagtail.models import Page

# Up to so many matches are all ranked, exactly as Wagtail does. Ranking reads every word of a page.
RANKED = 1_000
# Of more matches, so many of the newest are ranked, and as many of the newest with the words in the title.
NEWEST = 250


class Matches(Func):
    """Whether a text vector matches a query. Takes both."""

    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = BooleanField()


class Unseen(Func):
    """A query that PostgreSQL does not look into when it plans, so that it uses the index for every word.

    It would see that a word is common and read all entries instead, because it does not know that to unpack the
    words of an entry takes long.
    """

    template = "(SELECT %(expressions)s)"
    output_field = SearchQueryField()


class QuickSearchQueryCompiler(PostgresSearchQueryCompiler):
    """Looks pages up by the index on title and body together (search.0002), and ranks a part of very many.

    Of more than `RANKED` matches the rest is left unranked only for whoever asks for `NEWEST` results or fewer; with
    more, and to count them, all take part. Pictures, documents and searches that are not by relevance, or not of the
    whole index, are Wagtail's own.
    """

    def search(
        self, config: str | None, start: int, stop: int | None, score_field: str | None = None, backend: Any = None
    ) -> "QuerySet[Any]":
        """Return the queryset of the results from `start` to `stop`, best first; it may ask the database first.

        `score_field` names an annotation for the score, `config` the language that the index is in.
        """
        query = self._query_for_index(config)
        if query is None:
            return super().search(config, start, stop, score_field=score_field, backend=backend)
        if stop is None or stop > NEWEST:
            found = self.queryset.filter(Exists(self._own_entry().filter(Matches(BOTH, Unseen(query)))))
        else:
            found = self.queryset.filter(pk__in=self._candidates(query))
        rank = self._build_rank_expression([(F("title"), F("title_norm")), (F("body"), 1.0)], config)
        score = Coalesce(Subquery(self._own_entry().values_list(rank)), 0.0)
        return self._apply_ordering_and_scoring(found, score, start, stop, score_field)

    def _query_for_index(self, config: str | None) -> Any:
        """Return the words as PostgreSQL takes them, or None unless this is a search of pages by relevance."""
        unlike_words = (MatchAll, Fuzzy)
        inner = self.query.subquery if isinstance(self.query, Not) else self.query
        is_plain = self.fields is None and self.order_by_relevance and not isinstance(inner, unlike_words)
        if not is_plain or not issubclass(self.queryset.model, Page):
            return None
        return self.build_tsquery(self.query, config=config)

    def _candidates(self, query: Any) -> list[int]:
        """Return the ids of the pages to rank; not all of those that match few words are in the queryset."""
        entries = IndexEntry._default_manager.using(self.queryset.db).filter(
            Matches(BOTH, Unseen(query)), content_type__in=get_descendants_content_types_pks(self.queryset.model)
        )
        ids = [int(each) for each in entries.values_list("object_id", flat=True)[: RANKED + 1]]
        if len(ids) <= RANKED:
            return ids
        return list(self._newest(F("title"), query).union(self._newest(BOTH, query)))

    def _newest(self, vector: Any, query: Any) -> "QuerySet[Any, int]":
        """Return the ids of the newest pages of the queryset whose `vector` matches `query`."""
        found = self.queryset.filter(Exists(self._own_entry().filter(Matches(vector, query))))
        return found.order_by("-pk").values_list("pk", flat=True)[:NEWEST]

    def _own_entry(self) -> "QuerySet[Any]":
        """Return, for a subquery, the entry of a page in the index.

        Wagtail's own way looks for it under every type of page there is; it is under the page's own.
        """
        return IndexEntry._default_manager.filter(
            object_id=Cast(OuterRef("pk"), CharField(max_length=50)), content_type=OuterRef("content_type")
        )


# As the index of search.0002 has it.
BOTH = F("title")._combine(F("body"), "||", False)  # type: ignore[attr-defined]


class QuickSearchBackend(PostgresSearchBackend):
    """Wagtail's own backend but for how whole words are looked up."""

    query_compiler_class = QuickSearchQueryCompiler


SearchBackend = QuickSearchBackend
