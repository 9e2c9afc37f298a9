"""The list of news: filtering by centre, topic and year with plain links, counts, pages of the list."""

from collections import defaultdict
from dataclasses import dataclass

from django.core.paginator import Page as PaginatorPage
from django.db.models import CharField, Value
from django.db.models.functions import ExtractYear
from django.http import QueryDict

from centres.queries import centre_choices, paginated
from core.listing import Choice, Facet, Narrowed, narrow

from .models import NewsPage, PostPage, Topic
from .queries import public_news


@dataclass(frozen=True)
class ListedNews:
    """A piece of news in the list, with the names of its centres and topics."""

    page: NewsPage
    about: list[str]


@dataclass(frozen=True)
class NewsView:
    """What the list of news shows."""

    news: list[ListedNews]
    narrowed: Narrowed
    total: int
    paginator_page: "PaginatorPage[NewsPage]"


def topic_choices() -> list[Choice]:
    """Return the topics by which the list can be narrowed, by name."""
    return [Choice(*each) for each in Topic.objects.values_list("pk", "slug", "name")]


def news_view(parameters: QueryDict) -> NewsView:
    """Return the news as narrowed by `centre` and `topic` (slugs), `year` and `page` of the address."""
    centres, topics = centre_choices(), topic_choices()
    facets = (
        Facet("centre", "Centre", "centres", lambda: centres),
        Facet("topic", "Topic", "topics", lambda: topics),
        Facet("year", "Year", "year"),
    )
    narrowed = narrow(public_news().annotate(year=ExtractYear("date")), facets, parameters)
    page = paginated(narrowed.pages, parameters.get("page"))
    news = list(page.object_list)
    about = _about([each.pk for each in news], centres, topics)
    return NewsView(
        news=[ListedNews(each, about[each.pk]) for each in news],
        narrowed=narrowed,
        total=page.paginator.count,
        paginator_page=page,
    )


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
