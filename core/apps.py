"""App configuration of what every other app builds on."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Site"

    def ready(self) -> None:
        """Register the house rules."""
        from . import checks  # noqa: F401
