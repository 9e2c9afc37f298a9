"""App configuration of search."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = "Search"

    def ready(self) -> None:
        """Register its scheduled jobs, its first words, and that robots should not search."""
        from core.robots import keep_robots_out

        from . import jobs, starter  # noqa: F401

        keep_robots_out("search")
