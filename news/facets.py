"""The list of news: filtering by centre, topic and year with plain links, counts, pages of the list."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.db.models import CharField, Prefetch, QuerySet, Value
from django.db.models.functions import ExtractYear, Lower
from django.http import QueryDict

from centres.queries import PER_PAGE, centre_choices
from core.facets import Choice, Facet, Narrowed, narrow
from core.models import SiteRendition

from .models import NewsPage, PostPage, Topic
from .queries import LISTED, public_news

# The small picture beside a piece of news; the template asks for this size.
PICTURE = "fill-240x160"


@dataclass(frozen=True)
class ListedNews:
    """A piece of news in the list, with the names of its centres and topics."""

    page: NewsPage
    about: list[str]


@dataclass(frozen=True)
class NewsContent:
    """What the list of news shows."""

    news: list[ListedNews]
    narrowed: Narrowed
    total: int
    paginator_page: "PaginatorPage[Any]"


def topic_choices() -> list[Choice]:
    """Return the topics by which the list can be narrowed, by name."""
    return [Choice(*each) for each in Topic.objects.order_by(Lower("name")).values_list("pk", "slug", "name")]


def news_content(parameters: QueryDict) -> NewsContent:
    """Return the news as narrowed by `centre` and `topic` (slugs), `year` and `page` of the address."""
    centres, topics = centre_choices(), topic_choices()
    facets = (
        Facet("centre", "Centre", "centres", lambda: centres),
        Facet("topic", "Topic", "topics", lambda: topics),
        Facet("year", "Year", "year"),
    )
    narrowed = narrow(public_news().annotate(year=ExtractYear("date")), facets, parameters)
    # Only what is shown is fetched with its words; to find it the database need not carry those of all.
    paginator = Paginator(narrowed.rows.values("pk"), PER_PAGE)
    paginator.count = narrowed.total_by("year")
    page = paginator.get_page(parameters.get("page"))
    shown: Any = page.object_list
    news = list(_with_pictures(public_news().filter(pk__in=shown)))
    about = _about([each.pk for each in news], centres, topics)
    return NewsContent(
        news=[ListedNews(each, about[each.pk]) for each in news],
        narrowed=narrowed,
        total=paginator.count,
        paginator_page=page,
    )


def _with_pictures(news: QuerySet[NewsPage]) -> QuerySet[NewsPage]:
    """Return the list with its small pictures; they take one query, and none where there are none."""
    renditions = SiteRendition.objects.filter(filter_spec=PICTURE)
    prefetched = Prefetch("picture__renditions", renditions, to_attr="prefetched_renditions")
    return news.only(*LISTED, "picture").select_related("picture").prefetch_related(prefetched)


def _about(posts: list[int], centres: list[Choice], topics: list[Choice]) -> dict[int, list[str]]:
    """Return the names of the public centres and of the topics of each post; it takes one query."""
    of_centres = PostPage.centres.through.objects.filter(postpage__in=posts)
    of_topics = PostPage.topics.through.objects.filter(postpage__in=posts)
    kind = CharField()
    pairs = of_centres.values_list(Value("centre", kind), "postpage", "centrepage").union(
        of_topics.values_list(Value("topic", kind), "postpage", "topic"), all=True
    )
    ticked = set(pairs)
    names: dict[int, list[str]] = defaultdict(list)
    for name, choices in (("centre", centres), ("topic", topics)):
        for choice in choices:
            for post in posts:
                if (name, post, choice.key) in ticked:
                    names[post].append(choice.label)
    return names
