"""What can be followed, and what a page is about to those who follow."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import ForeignKey, QuerySet
from django.db.models.functions import Lower
from wagtail.models import Page

from centres.models import CentrePage, ServicePage
from core.visibility import public
from leaflets.models import NewsletterPage
from news.models import ForumPage, NewsIndexPage

from .models import FollowRequest, Frequency, RequestedPage


@dataclass(frozen=True)
class TopicKind:
    """A kind of page that can be followed: how it is headed among the others, and what its followers are told."""

    model: type[Page]
    heading: str
    hint: str
    name: str = "title"


KINDS = (
    TopicKind(
        CentrePage,
        "Centres",
        "News, forum updates and events about the centre, and what changes there: services, notices, milestones.",
    ),
    TopicKind(ForumPage, "Forums", "Updates and events of the forum."),
    TopicKind(ServicePage, "Services", "News about the service, and what changes at the centres that have it."),
    TopicKind(NewsletterPage, "Newsletters", "Each new issue."),
    TopicKind(NewsIndexPage, "News", "Every news item on this site."),
)
MODELS = tuple(kind.model for kind in KINDS)
# The fields by which a page says what it is about, on whatever type of page.
SUBJECT_FIELDS = ("centres", "services", "centre", "service", "forum")


@dataclass(frozen=True)
class FollowTopic:
    """Something that can be followed; and how often, if somebody does."""

    pk: int
    title: str
    frequency: str = ""

    @property
    def often(self) -> str:
        """How often, in words."""
        return Frequency(self.frequency).label


@dataclass(frozen=True)
class TopicGroup:
    """The topics of one kind, by name."""

    kind: TopicKind
    topics: list[FollowTopic]


def _title(kind: TopicKind, title: str) -> str:
    return "All news" if kind.model is NewsIndexPage else title


def topic_groups(only: "Iterable[int] | None" = None) -> list[TopicGroup]:
    """Return what anyone may see and follow; with `only` those of these pages. It takes a query for each kind."""
    groups = []
    for kind in KINDS:
        pages = public(kind.model._default_manager.all()).order_by(Lower("title"), "pk")
        if only is not None:
            pages = pages.filter(pk__in=list(only))
        topics = [FollowTopic(pk, _title(kind, title)) for pk, title in pages.values_list("pk", "title")]
        if topics:
            groups.append(TopicGroup(kind, topics))
    return groups


def asked_topics(request: FollowRequest) -> list[RequestedPage]:
    """Return what a request asks to follow and anyone may see, each with its `title`, as lists have it."""
    asked = {row.page_id: row for row in request.requested.all()}
    found = []
    for group in topic_groups(asked):
        for topic in group.topics:
            row = asked[topic.pk]
            cast(Any, row).title = topic.title
            found.append(row)
    return found


def public_topics(pages: "QuerySet[Page] | Iterable[int]") -> dict[int, str]:
    """Return those of these pages (or keys of pages) that anyone may see and follow: the name of each by its key."""
    keys = [getattr(each, "pk", each) for each in pages]
    found = public(Page.objects.type(MODELS).filter(pk__in=keys)).order_by(Lower("title"))
    news = set(NewsIndexPage.objects.filter(pk__in=keys).values_list("pk", flat=True))
    return {pk: "All news" if pk in news else title for pk, title in found.values_list("pk", "title")}


def topics_about(keys: Iterable[int]) -> set[int]:
    """Return which of these pages can be followed, and the centres that the forums among them follow."""
    found = set(Page.objects.type(MODELS).filter(pk__in=list(keys)).values_list("pk", flat=True))
    followed = ForumPage.centres.through.objects.filter(forumpage__in=found).values_list("centrepage", flat=True)
    return found | set(followed)


def topics_of(page: Page, parent: Page | None = None) -> set[int]:
    """Return the keys of what one can follow to be told of `page`: itself, what it is about, and what it is in.

    Those of a draft if it is one; `parent` is where a page will be that is not in the tree yet.
    """
    parent = page.get_parent() if page.pk else parent
    keys = {each.pk for each in (page, parent) if each is not None and each.pk}
    for field in page._meta.get_fields():
        if field.name in SUBJECT_FIELDS and field.many_to_many:
            keys |= {each.pk for each in getattr(page, field.name).all()}
        elif field.name in SUBJECT_FIELDS and isinstance(field, ForeignKey):
            # Not the page itself, of which a form that is still empty has none.
            keys |= {getattr(page, field.attname)} - {None}
    return topics_about(keys)
