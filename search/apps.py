"""App configuration of search."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = "Search"

    def ready(self) -> None:
        """Register what is due by the clock."""
        from . import jobs  # noqa: F401
