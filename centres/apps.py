"""App configuration of the centres, their services and roles."""

from django.apps import AppConfig


class CentresConfig(AppConfig):
    name = "centres"
    verbose_name = "Centres and services"

    def ready(self) -> None:
        """Keep the services at centres in step with their service."""
        from . import queries, signals  # noqa: F401
