"""Every read rule of news and forums: which posts are public, what belongs together, what changed last."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Lower
from wagtail.models import Page, PageLogEntry
from wagtail.query import PageQuerySet

from centres.models import CentrePage, Milestone
from centres.queries import public_centres
from core.visibility import hidden_pages, hides, once, private_paths, private_q, public

from .models import ForumPage, ForumUpdatePage, NewsIndexPage, NewsPage, PostPage, Topic

POSTS_ON_HOME = 4
POSTS_AT_CENTRE = 4
UPDATES_PER_PAGE = 20
POSTS_IN_FEED = 30

# A post has some seventy columns, among them its whole body; these are enough to name it, link it and sum it up.
LISTED = ("title", "summary", "url_path", "date")
LISTED_WITH_FORUM = (*LISTED, "forum__title", "forum__url_path")


def _forum_is_hidden() -> Q:
    """Return what holds of an update that nobody may see because of its forum; `PostPage.is_shown` says the same."""
    hidden = Q(forum__live=False)
    return hidden | private_q("forum__") if private_paths() else hidden


@hides
def hidden_updates() -> PageQuerySet:
    """Return the live updates that nobody may see, because of their forum."""
    updates: PageQuerySet = ForumUpdatePage.objects.filter(_forum_is_hidden(), live=True)
    return updates


def public_posts() -> QuerySet[PostPage]:
    """Return the news and updates anyone may see, newest first, with what lists show of them and of their forum."""
    posts = once(public(PostPage.objects.exclude(_forum_is_hidden())))
    return posts.select_related("forum").only(*LISTED_WITH_FORUM).order_by("-date", "-pk")


def public_news() -> QuerySet[NewsPage]:
    """Return the news anyone may see, newest first, with what lists show of it."""
    return once(public(NewsPage.objects.only(*LISTED))).order_by("-date", "-pk")


def public_forums() -> QuerySet[ForumPage]:
    """Return the forums anyone may see, by name."""
    return public(ForumPage.objects.all()).order_by(Lower("title"), "pk")


def about_centre(pk: int) -> Q:
    """Return what holds of a post about this centre: it names the centre, or its forum follows it."""
    naming = PostPage.centres.through.objects.filter(centrepage=pk).values("postpage")
    following = ForumPage.centres.through.objects.filter(centrepage=pk).values("forumpage")
    return Q(pk__in=naming) | Q(forum__in=following)


@dataclass(frozen=True)
class LatestPosts:
    """The newest posts, and the address of the list of news; no address if the list has none of them."""

    posts: list[PostPage]
    news_url: str


def _latest(posts: QuerySet[PostPage], news: QuerySet[NewsPage], number: int) -> LatestPosts:
    """Return the first of `posts`, with the way to the list of news if any of `news` is there. It takes one query."""
    index = public(NewsIndexPage.objects.filter(Exists(news))).order_by("pk").values("url_path")[:1]
    latest = list(posts.annotate(news_path=Subquery(index))[:number])
    path = latest[0].news_path if latest else None
    return LatestPosts(latest, (NewsIndexPage(url_path=path).url or "") if path else "")


def posts_on_home() -> LatestPosts:
    """Return the newest posts of the site."""
    return _latest(public_posts(), public_news(), POSTS_ON_HOME)


def posts_about_centre(centre: CentrePage) -> LatestPosts:
    """Return the newest posts about a centre."""
    about = public_posts().filter(about_centre(centre.pk))
    return _latest(about, public_news().filter(centres=centre.pk), POSTS_AT_CENTRE)


def topics_of(post: PostPage) -> list[Topic]:
    """Return the topics of a post, by name. A preview shows those of the draft, which come in no order."""
    return sorted(post.topics.all(), key=lambda topic: topic.name.casefold())


@dataclass(frozen=True)
class ListedForum:
    """A forum in the list, with the day of its newest update."""

    page: ForumPage
    newest: Any


def listed_forums() -> list[ListedForum]:
    """Return the forums with the day of each one's newest update."""
    updates = public_posts().filter(forum=OuterRef("pk")).values("date")[:1]
    forums = public_forums().only("title", "summary", "url_path", "area").annotate(newest=Subquery(updates))
    return [ListedForum(forum, forum.newest) for forum in forums]


@dataclass(frozen=True)
class YearOfUpdates:
    """The updates of one year, newest first."""

    year: int
    updates: list[PostPage]


@dataclass(frozen=True)
class ForumContent:
    """What a forum's page shows: its centres, and one page of its updates by year."""

    centres: list[CentrePage]
    years: list[YearOfUpdates]
    paginator_page: "PaginatorPage[PostPage]"


def forum_content(forum: ForumPage, number: str | None) -> ForumContent:
    """Return what a forum's page shows, with page `number` of its updates. A preview shows the centres of the draft."""
    ticked = forum.centres.values_list("id", flat=True)
    updates = public(PostPage.objects.filter(forum=forum.pk)).only(*LISTED).order_by("-date", "-pk")
    page = Paginator(updates, UPDATES_PER_PAGE).get_page(number)
    return ForumContent(
        centres=list(public_centres().filter(pk__in=ticked).only("title", "url_path", "short_name")),
        years=[
            YearOfUpdates(year, list(posts))
            for year, posts in groupby(page.object_list, key=lambda post: post.date.year)
        ],
        paginator_page=page,
    )


@dataclass(frozen=True)
class Linked:
    """What goes with an update: leaflets and events (pages), and milestones with their centres."""

    leaflets: list[Page]
    events: list[Page]
    milestones: list[Milestone]


def linked_with(update: ForumUpdatePage) -> Linked:
    """Return what goes with an update and can be seen, in the editors' order; it takes at most two queries."""
    chosen = [(block["type"], block["value"]) for block in update.linked.raw_data]
    pages = _public_pages(value for kind, value in chosen if kind != "milestone")
    milestones = _public_milestones(value for kind, value in chosen if kind == "milestone")
    return Linked(
        leaflets=[pages[value] for kind, value in chosen if kind == "leaflet" and value in pages],
        events=[pages[value] for kind, value in chosen if kind == "event" and value in pages],
        milestones=[milestones[value] for kind, value in chosen if kind == "milestone" and value in milestones],
    )


def _public_pages(pks: Iterable[Any]) -> dict[int, Page]:
    wanted = {pk for pk in pks if isinstance(pk, int)}
    if not wanted:
        return {}
    pages = public(Page.objects.filter(pk__in=wanted)).exclude(pk__in=hidden_pages().values("pk"))
    return {page.pk: page for page in pages}


def _public_milestones(keys: Iterable[Any]) -> dict[str, Milestone]:
    wanted = {key for key in keys if _is_key(key)}
    if not wanted:
        return {}
    milestones = Milestone.objects.filter(key__in=wanted, centre__live=True).select_related("centre")
    if private_paths():
        milestones = milestones.exclude(private_q("centre__"))
    return {str(milestone.key): milestone for milestone in milestones}


def _is_key(key: Any) -> bool:
    try:
        UUID(str(key))
    except ValueError:
        return False
    return True


def last_change() -> datetime | None:
    """Return when any page was last published, unpublished, moved, deleted or made private; None if never.

    A list can change through any of these, also by what it no longer holds. Wagtail's history has them all.
    """
    return PageLogEntry.objects.aggregate(newest=Max("timestamp"))["newest"]
