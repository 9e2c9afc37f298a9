"""App configuration of news and forums."""

from django.apps import AppConfig


class NewsConfig(AppConfig):
    name = "news"
    verbose_name = "News and forums"

    def ready(self) -> None:
        """Keep updates in step with their forum, and hide those of a forum that is not published."""
        from . import queries, signals  # noqa: F401
