"""App configuration of what editors have beside Wagtail's own."""

from django.apps import AppConfig


class EditorsConfig(AppConfig):
    name = "editors"
    verbose_name = "Editors"

    def ready(self) -> None:
        """Wire the receivers, and register its scheduled jobs."""
        from . import jobs, signals  # noqa: F401
