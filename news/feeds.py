"""Feeds of posts as Atom, RSS and JSON Feed: of all, about a centre, of a forum."""

import json
import re
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.html import escape
from django.utils.http import http_date

from centres.models import CentrePage
from centres.queries import public_centres
from core.addresses import absolute
from core.headers import open_to_other_sites
from core.models import SiteSettings
from core.timezone import LONDON

from .models import ForumPage, PostPage
from .queries import POSTS_IN_FEED, about_centre, last_change, public_forums, public_posts

# HTTP dates have whole seconds: a change within the second of the last answer would look like no change.
SETTLED = timedelta(seconds=2)
# The date of a feed without items, which must have one.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# Whatever is no character to XML 1.0 (https://www.w3.org/TR/xml/#charsets).
FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Steady(SyndicationFeed):
    """A feed that stays the same while nothing changes: Django dates one without items with the present moment."""

    def latest_post_date(self) -> datetime:
        """Return when the newest item changed; the same day always if there is none."""
        return super().latest_post_date() if self.items else NEVER


class AtomFeed(Steady, Atom1Feed):
    """Atom (RFC 4287)."""


class RssFeed(Steady, Rss201rev2Feed):
    """RSS 2.0 (https://www.rssboard.org/rss-specification)."""


class JsonFeed(SyndicationFeed):
    """JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile: Any, encoding: str) -> None:
        """Write the feed to a file of bytes or text, as Django's own feeds do."""
        data = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.feed["title"],
            "home_page_url": self.feed["link"],
            "feed_url": self.feed["feed_url"],
            "description": self.feed["description"],
            "language": self.feed["language"],
            "items": [
                {
                    "id": item["unique_id"],
                    "url": item["link"],
                    "title": item["title"],
                    "content_text": item["description"],
                    "date_published": item["pubdate"].isoformat(),
                    "date_modified": item["updateddate"].isoformat(),
                    "authors": [{"name": self.feed["author_name"]}],
                    "tags": [str(category) for category in item["categories"]],
                }
                for item in self.items
            ],
        }
        outfile.write(json.dumps(data, ensure_ascii=False, indent=1))


# By the ending of the address.
FORMATS: dict[str, tuple[type[SyndicationFeed], str]] = {
    "atom": (AtomFeed, "application/atom+xml"),
    "rss": (RssFeed, "application/rss+xml"),
    "json": (JsonFeed, "application/feed+json"),
}


def clean(text: str) -> str:
    """Return a text without the characters that XML 1.0 forbids."""
    return FORBIDDEN.sub("", text)


class PostsFeed(Feed[PostPage, Any]):
    """The newest posts of the whole site; `posts_of` and the words differ for a part of it."""

    language = "en-GB"
    item_guid_is_permalink = False

    def __init__(self, ending: str) -> None:
        self.feed_type, _ = FORMATS[ending]

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer with the feed. 404 if it belongs to a page that not everyone may see.

        What a client has is never taken for new because of its date alone: an item that was taken down makes no
        other item newer. So the date is that of the last change of any kind to any page, and the answer must be
        asked for each time.
        """
        # Asked first: what changes while the posts are read must not seem to be in the answer.
        changed = last_change()
        is_settled = changed is not None and timezone.now() - changed > SETTLED
        response = super().__call__(request, *args, **kwargs)
        response.headers.pop("Last-Modified", None)
        if changed and is_settled:
            response["Last-Modified"] = http_date(changed.timestamp())
        response["Cache-Control"] = "no-cache"
        open_to_other_sites(response)
        return response

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Return what the feed is of, and keep the request for the addresses."""
        self.request = request
        return self.subject(**kwargs)

    def subject(self) -> Any:
        """Return what the feed is of; nothing for the whole site."""
        return None

    def posts_of(self, subject: Any) -> Any:
        """Return the posts of the subject."""
        return public_posts()

    def title(self, subject: Any) -> str:
        """Return the name of the feed."""
        name = SiteSettings.for_request(self.request).organisation_name
        return clean(f"{subject.title} – {name}" if subject else f"News – {name}")

    def description(self, subject: Any) -> str:
        """Return what the feed holds."""
        return "News and forum updates, newest first."

    def author_name(self, subject: Any) -> str:
        """Return who speaks: Atom asks for it (RFC 4287, 4.1.1)."""
        return clean(SiteSettings.for_request(self.request).organisation_name)

    def link(self, subject: Any) -> str:
        """Return the address of the page that the feed belongs to."""
        if subject:
            return subject.get_full_url(self.request) or "/"
        return absolute("/")

    def feed_url(self, subject: Any) -> str:
        """Return the address of the feed itself."""
        return absolute(self.request.path)

    def feed_guid(self, subject: Any) -> str:
        """Return what names the feed for good, wherever it is moved."""
        return f"urn:uuid:{subject.translation_key}" if subject else absolute(reverse("feed", args=["atom"]))

    def items(self, subject: Any) -> list[PostPage]:
        """Return the newest posts."""
        fields = ("translation_key", "first_published_at", "last_published_at")
        posts = self.posts_of(subject).only("title", "summary", "url_path", "date", *fields, "forum__title")
        return list(posts[:POSTS_IN_FEED])

    def item_title(self, item: PostPage) -> str:
        """Return the title."""
        return clean(item.title)

    def item_description(self, item: PostPage) -> str:
        """Return the summary: as HTML where readers take it for that, which would lose all between "<" and ">"."""
        text = clean(item.summary)
        return text if self.feed_type is JsonFeed else escape(text)

    def item_link(self, item: PostPage) -> str:
        """Return the absolute address."""
        return item.get_full_url(self.request) or "/"

    def item_guid(self, item: PostPage) -> str:
        """Return what names the post for good: it does not change when the post is renamed or moved."""
        return f"urn:uuid:{item.translation_key}"

    def item_pubdate(self, item: PostPage) -> datetime:
        """Return the post's own day, with the time of its publication if that was on the same day."""
        published = item.first_published_at
        if published and timezone.localtime(published).date() == item.date:
            return timezone.localtime(published)
        return datetime.combine(item.date, time(0), LONDON)

    def item_updateddate(self, item: PostPage) -> datetime:
        """Return when it was last published."""
        return timezone.localtime(item.last_published_at) if item.last_published_at else self.item_pubdate(item)

    def item_categories(self, item: PostPage) -> list[str]:
        """Return the forum of an update, or "News"."""
        return [clean(item.forum.title) if item.forum else "News"]


class CentreFeed(PostsFeed):
    """The newest posts about a centre."""

    def subject(self, pk: int) -> CentrePage:  # type: ignore[override]  # its address names one
        """Return the centre. Raises Http404."""
        return get_object_or_404(public_centres(), pk=pk)

    def posts_of(self, subject: CentrePage) -> Any:
        """Return the posts about it."""
        return public_posts().filter(about_centre(subject.pk))


class ForumFeed(PostsFeed):
    """The newest updates of a forum."""

    def subject(self, pk: int) -> ForumPage:  # type: ignore[override]  # its address names one
        """Return the forum. Raises Http404."""
        return get_object_or_404(public_forums(), pk=pk)

    def posts_of(self, subject: ForumPage) -> Any:
        """Return its updates."""
        return public_posts().filter(forum=subject.pk)
