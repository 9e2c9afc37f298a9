"""What searches: how it is chosen, and that the quick search of PostgreSQL finds what Wagtail's own does."""

from importlib import import_module
from typing import Any

import elastic_transport
import opensearchpy
import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext
from modelsearch.query import Fuzzy, Not, Or, Phrase, PlainText
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from core.factories import SiteDocumentFactory
from core.models import SiteDocument

pytestmark = pytest.mark.database

# The settings are a layer above this app, so they go by name.
search_backends = import_module("bctt.settings.search").search_backends

POSTGRESQL = "django.db.backends.postgresql"
STOCK = "wagtail.search.backends.database"
QUICK = "search.backends.postgres"
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="The quick search is PostgreSQL's; DATABASE_URL names another database."
)


@pytest.mark.parametrize(
    ("database", "expected"),
    [
        (POSTGRESQL, {"BACKEND": QUICK, "SEARCH_CONFIG": "english"}),
        ("django.db.backends.sqlite3", {"BACKEND": STOCK}),
    ],
)
def test_without_a_search_engine_the_database_searches(database: str, expected: dict[str, str]) -> None:
    assert search_backends("", database) == {"default": expected}


@pytest.mark.parametrize("engine", ["opensearch3", "elasticsearch8", "elasticsearch9"])
def test_search_url_names_the_engine_its_address_and_its_indexes(engine: str) -> None:
    assert search_backends(f"{engine}+https://me:secret@example.org:9200/bctt", POSTGRESQL) == {
        "default": {
            "BACKEND": f"wagtail.search.backends.{engine}",
            "URLS": ["https://me:secret@example.org:9200"],
            "INDEX_PREFIX": "bctt_",
        }
    }


def test_an_engine_on_the_same_machine_needs_no_https() -> None:
    backends = search_backends("opensearch3+http://127.0.0.1:9200/bctt/", POSTGRESQL)
    assert backends["default"]["URLS"] == ["http://127.0.0.1:9200"]


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("https://me:secret@example.org/bctt", "must begin with one of opensearch3"),
        ("solr+https://me:secret@example.org/bctt", "must begin with one of opensearch3"),
        ("opensearch3+ftp://me:secret@example.org/bctt", "must begin with one of opensearch3"),
        ("opensearch3+https://me:secret@example.org", "must name a host and"),
        ("opensearch3+https:///bctt", "must name a host and"),
        ("opensearch3+https://me:secret@example.org/BCTT", "must name a host and"),
        ("opensearch3+https://me:secret@example.org/here/bctt", "must name a host and"),
    ],
)
def test_a_wrong_search_url_is_refused_in_plain_words_without_its_password(url: str, message: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=message) as error:
        search_backends(url, POSTGRESQL)
    assert "secret@" not in str(error.value)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("engine", "unreachable"),
    [
        ("opensearch3", opensearchpy.exceptions.ConnectionError),
        ("elasticsearch8", elastic_transport.ConnectionError),
        ("elasticsearch9", elastic_transport.ConnectionError),
    ],
)
def test_a_search_engine_is_asked_by_its_own_client(engine: str, unreachable: type[Exception], settings: Any) -> None:
    # Nothing listens there, so that a search gets as far as asking and no further.
    settings.WAGTAILSEARCH_BACKENDS = search_backends(f"{engine}+https://me:secret@127.0.0.1:9/bctt", POSTGRESQL)
    assert type(get_search_backend()).__module__ == f"modelsearch.backends.{engine}"
    with pytest.raises(unreachable):
        list(Page.objects.search("marmot"))


@pytest.mark.django_db
def test_the_index_is_made_and_removed_on_postgresql_alone() -> None:
    migration = import_module("search.migrations.0002_text_index")
    editor = connection.SchemaEditorClass(connection, collect_sql=True)
    migration.add_index(apps, editor)
    migration.remove_index(apps, editor)
    expected = ["CREATE INDEX search_title_and_body", "DROP INDEX search_title_and_body"]
    found = [each.partition(" ON ")[0].rstrip(";") for each in editor.collected_sql]
    assert found == (expected if connection.vendor == "postgresql" else [])


def text_page(parent: Page, title: str, words: str = "Nothing much.", **fields: Any) -> Page:
    """Put a plain page beneath `parent`. Its type belongs to an app beside this one, so it goes by name."""
    body = [{"type": "text", "value": f"<p>{words}</p>"}]
    model = apps.get_model("home", "ContentPage")
    page: Page = parent.add_child(instance=model(title=title, summary="In a sentence.", body=body, **fields))
    return page


def found(
    query: Any, backend: str, pages: Any = None, stop: int | None = 200, **options: Any
) -> list[tuple[int, float]]:
    """Return the ids and scores of what a backend finds, best first."""
    pages = Page.objects.filter(live=True) if pages is None else pages
    results = pages.search(query, backend=backend, **{"operator": "and", **options}).annotate_score("score")
    return [(page.pk, page.score) for page in results[:stop]]


@pytest.fixture
def pages(small_site: Any) -> list[Page]:
    """Pages that say "marmot" in different places and different often, oldest first; one is a draft."""
    home = small_site.home
    return [
        text_page(home, "Marmot burrows"),
        text_page(home, "All about the marmot and where in the hills to see one", "Marmot after marmot."),
        *(text_page(home, f"Hill {number}", "A marmot whistles. " * number) for number in range(1, 7)),
        text_page(home, "The same hill", "A marmot whistles."),
        text_page(home, "Marmot draft", "A marmot whistles.", live=False),
    ]


@pytest.fixture(params=[3, 1000], ids=["very many", "many"])
def _few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let four matches be many, or very many."""
    monkeypatch.setattr(f"{QUICK}.RANKED", 3)
    monkeypatch.setattr(f"{QUICK}.NEWEST", 2)
    monkeypatch.setattr(f"{QUICK}.LOOKED_UP", request.param)


@pytest.mark.django_db
@on_postgresql
@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize(
    "query",
    [
        "marmot",
        "marmots",
        "marmot hill",
        "burrows marmot",
        "zyzzyva",
        "the",
        Phrase("marmot whistles"),
        Or([PlainText("burrows"), PlainText("whistles")]),
        PlainText("marmot") & Not(PlainText("whistles")),
    ],
    ids=str,
)
def test_few_matches_are_found_and_ordered_as_by_wagtail(query: Any) -> None:
    assert found(query, QUICK) == found(query, STOCK)
    assert found(query, QUICK, stop=None) == found(query, STOCK, stop=None)


@pytest.mark.django_db
@on_postgresql
@pytest.mark.usefixtures("_few")
def test_of_many_matches_those_in_the_title_and_the_newest_are_ranked_title_first(pages: list[Page]) -> None:
    results = [pk for pk, _ in found("marmot", QUICK, stop=2)]
    assert results == [pages[0].pk, pages[1].pk]
    text_page(Page.objects.get(pk=pages[0].pk), "Newest", "A marmot whistles.")
    assert [pk for pk, _ in found("marmot", QUICK, stop=2)] == results


@pytest.mark.django_db
@on_postgresql
@pytest.mark.usefixtures("_few", "pages")
def test_whoever_asks_for_many_results_gets_them_all() -> None:
    everything = found("marmot", STOCK)
    assert len(everything) == 9
    assert found("marmot", QUICK, stop=9) == everything
    assert found("marmot", QUICK, stop=None) == everything


@pytest.mark.django_db
@on_postgresql
@pytest.mark.usefixtures("_few")
def test_drafts_neither_show_nor_take_the_place_of_others(small_site: Any) -> None:
    old = text_page(small_site.home, "Old", "A marmot whistles.")
    for number in range(5):
        text_page(small_site.home, f"Marmot {number}", "A marmot whistles.", live=False)
    assert [pk for pk, _ in found("marmot", QUICK, stop=2)] == [old.pk]


@pytest.mark.django_db
@on_postgresql
@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize("limit", [3, 1000])
def test_filters_counts_and_slices_are_as_by_wagtail(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{QUICK}.RANKED", limit)
    pages = Page.objects.filter(live=True).exclude(title__startswith="Hill 3")
    quick = pages.search("marmot", operator="and", backend=QUICK)
    stock = pages.search("marmot", operator="and", backend=STOCK)
    assert quick.count() == stock.count() == 8
    assert quick[:3].count() == 3
    assert list(quick[2:5]) == list(stock[2:5])
    assert quick[0] == stock[0]
    assert len(quick[7:20]) == 1


@pytest.mark.django_db
@on_postgresql
@pytest.mark.usefixtures("pages", "_few")
def test_ids_and_scores_come_without_the_rest_of_the_pages() -> None:
    expected = [{"pk": pk, "score": score} for pk, score in found("marmot", QUICK, stop=2)]
    results = Page.objects.filter(live=True).values("pk").search("marmot", backend=QUICK).annotate_score("score")
    assert list(results[:2]) == expected


@pytest.mark.django_db
@on_postgresql
def test_pages_of_one_type_come_as_that_type(pages: list[Page]) -> None:
    model = apps.get_model("home", "ContentPage")
    results = list(model.objects.live().search("marmot burrows", backend=QUICK)[:5])
    assert results == [pages[0]]
    assert type(results[0]) is model
    assert list(apps.get_model("home", "HomePage").objects.search("marmot", backend=QUICK)[:5]) == []


@pytest.mark.django_db
@on_postgresql
@pytest.mark.usefixtures("pages")
def test_other_searches_are_still_wagtails_own() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    live = Page.objects.filter(live=True)
    for query, options in (
        (Fuzzy("marmto"), {"operator": None}),
        ("marmot", {"fields": ["title"]}),
        ("marmot", {"order_by_relevance": False}),
    ):
        expected = found(query, STOCK, **options)
        assert expected
        assert found(query, QUICK, **options) == expected
    assert list(live.autocomplete("marm", backend=QUICK)) == list(live.autocomplete("marm", backend=STOCK))
    assert live.autocomplete("marm", backend=QUICK).count() == 2
    document = SiteDocumentFactory(title="Marmot map")
    assert list(SiteDocument.objects.all().search("marmot", backend=QUICK)[:5]) == [document]


@pytest.fixture
def _many_pages(pages: list[Page]) -> None:
    """Fill the index with enough that PostgreSQL has reason to use it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO wagtailsearch_indexentry (content_type_id, object_id, title_norm, autocomplete, title, body,"
            " title_text, body_text) SELECT content_type_id, (1000000 + number)::text, 1, '', 'stone', 'marmot',"
            " repeat('x', 1000), ''"
            " FROM wagtailcore_page, generate_series(1, 5000) AS number WHERE id = %s",
            [pages[0].pk],
        )
        cursor.execute("ANALYZE wagtailsearch_indexentry")


@pytest.mark.django_db
@on_postgresql
@pytest.mark.usefixtures("_many_pages")
@pytest.mark.parametrize("query", ["burrows", "marmot", "zyzzyva"])
def test_matches_are_looked_up_in_the_index_however_many_there_are(query: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        found(query, QUICK)
    lookup = next(each["sql"] for each in queries if "||" in each["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {lookup}")
        plan = " ".join(line for (line,) in cursor.fetchall())
    assert "search_title_and_body" in plan
