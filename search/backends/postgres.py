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
NEWEST = 150
# To find the newest, up to so many matches are all looked up in the index; of more, pages are read from the newest on
# until enough of them match.
LOOKED_UP = 5_000
# As the index of search.0002 has it.
BOTH = F("title")._combine(F("body"), "||", False)  # type: ignore[attr-defined]


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
        ids = self._ids_to_rank(query, stop)
        found = self._matching(BOTH, Unseen(query)) if ids is None else self.queryset.filter(pk__in=ids)
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

    def _ids_to_rank(self, query: Any, stop: int | None) -> list[int] | None:
        """Return the ids of the pages to rank for the results up to `stop`, or None if all that match must be.

        Those of few matches need not be in the queryset.
        """
        entries = IndexEntry._default_manager.using(self.queryset.db).filter(
            Matches(BOTH, Unseen(query)), content_type__in=get_descendants_content_types_pks(self.queryset.model)
        )
        ids = entries.values_list("object_id", flat=True)[: LOOKED_UP + 1]
        if len(ids) <= RANKED:
            return [int(each) for each in ids]
        if stop is None or stop > NEWEST:
            return None
        asked = Unseen(query) if len(ids) <= LOOKED_UP else query
        return list(self._newest(F("title"), asked).union(self._newest(BOTH, asked)))

    def _newest(self, vector: Any, query: Any) -> "QuerySet[Any, int]":
        """Return the ids of the newest pages of the queryset whose `vector` matches `query`."""
        return self._matching(vector, query).order_by("-pk").values_list("pk", flat=True)[:NEWEST]

    def _matching(self, vector: Any, query: Any) -> "QuerySet[Any]":
        """Return the pages of the queryset whose `vector` matches `query`."""
        return self.queryset.filter(Exists(self._own_entry().filter(Matches(vector, query))))

    def _own_entry(self) -> "QuerySet[Any]":
        """Return, for a subquery, the entry of a page in the index.

        Wagtail's own way looks for it under every type of page there is; it is under the page's own.
        """
        return IndexEntry._default_manager.filter(
            object_id=Cast(OuterRef("pk"), CharField(max_length=50)), content_type=OuterRef("content_type")
        )


class QuickSearchBackend(PostgresSearchBackend):
    """Wagtail's own backend but for how whole words are looked up."""

    query_compiler_class = QuickSearchQueryCompiler


SearchBackend = QuickSearchBackend
