"""App configuration of events, whose label and tables are older than the name of this package."""

from django.apps import AppConfig


class WhatsOnConfig(AppConfig):
    name = "whats_on"
    label = "events"
    verbose_name = "Events"

    def ready(self) -> None:
        """Let forum updates name events, and calendars hear of dates that are taken out."""
        from . import blocks, signals  # noqa: F401
