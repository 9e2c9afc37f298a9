"""Addresses of the feeds. Those of a page go by its id, so that they survive a new name."""

from django.urls import path, register_converter

from .feeds import FORMATS
from .views import centre_feed, feed, forum_feed


class EndingConverter:
    """The ending of a feed's address, which says its format."""

    regex = "|".join(FORMATS)

    def to_python(self, value: str) -> str:
        """Return the ending of a feed's address unchanged."""
        return value

    def to_url(self, value: str) -> str:
        """Return the ending of a feed's address unchanged."""
        return value


register_converter(EndingConverter, "ending")

urlpatterns = [
    path("news.<ending:ending>", feed, name="feed"),
    path("centres/<id:pk>/news.<ending:ending>", centre_feed, name="centre_feed"),
    path("forums/<id:pk>/updates.<ending:ending>", forum_feed, name="forum_feed"),
]
