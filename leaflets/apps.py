"""App configuration of leaflets, newsletters and what files say."""

from django.apps import AppConfig


class LeafletsConfig(AppConfig):
    name = "leaflets"
    verbose_name = "Leaflets and newsletters"

    def ready(self) -> None:
        """Register what hides an issue, and have new files read."""
        from . import queries, signals  # noqa: F401
