"""Template tags through which pages show news and forums."""

from typing import Any

from django import template
from django.template.context import RequestContext
from django.urls import reverse
from wagtail.models import Page

from centres.models import CentrePage
from centres.queries import subjects
from news import facets, queries
from news.feeds import FORMATS
from news.models import ForumPage, ForumUpdatePage, PostPage, Topic

register = template.Library()

FORMAT_NAMES = {"atom": "Atom", "rss": "RSS", "json": "JSON Feed"}


@register.simple_tag(takes_context=True)
def news_content(context: RequestContext) -> facets.NewsContent:
    """Return the list of news, narrowed as the address says."""
    return facets.news_content(context["request"].GET)


@register.simple_tag
def posts_on_home() -> queries.LatestPosts:
    """Return the newest posts of the site."""
    return queries.posts_on_home()


@register.simple_tag
def posts_about_centre(centre: CentrePage) -> queries.LatestPosts:
    """Return the newest posts about a centre."""
    return queries.posts_about_centre(centre)


@register.simple_tag
def topics_of(post: PostPage) -> list[Topic]:
    """Return the topics of a post."""
    return queries.topics_of(post)


@register.simple_tag
def subjects_of(post: PostPage) -> list[Page]:
    """Return the public centres and services that a post is about."""
    return subjects(post)


@register.simple_tag
def listed_forums() -> list[queries.ListedForum]:
    """Return the forums."""
    return queries.listed_forums()


@register.simple_tag(takes_context=True)
def forum_content(context: RequestContext, forum: ForumPage) -> queries.ForumContent:
    """Return what a forum's page shows."""
    return queries.forum_content(forum, context["request"].GET.get("page"))


@register.simple_tag
def linked_with(update: ForumUpdatePage) -> queries.Linked:
    """Return what goes with an update."""
    return queries.linked_with(update)


@register.simple_tag
def feeds_of(page: Page | None = None) -> list[dict[str, Any]]:
    """Return the feeds that belong to a page, in each format: those of a centre, of a forum, or of the whole site."""
    if isinstance(page, CentrePage):
        name, args, title = "centre_feed", [page.pk], f"News about {page.short_name}"
    elif isinstance(page, ForumUpdatePage) and page.forum is not None:
        name, args, title = "forum_feed", [page.forum_id], page.forum.title
    elif isinstance(page, ForumPage):
        name, args, title = "forum_feed", [page.pk], page.title
    else:
        name, args, title = "feed", [], "News"
    if None in args:  # a page that is previewed before it was saved
        return []
    return [
        {
            "title": f"{title} ({FORMAT_NAMES[ending]})",
            "format": FORMAT_NAMES[ending],
            "type": content_type,
            "url": reverse(name, args=[*args, ending]),
        }
        for ending, (_, content_type) in FORMATS.items()
    ]
