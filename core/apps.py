"""App configuration of what every other app builds on."""

from django.apps import AppConfig
from django.urls import register_converter


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Site"

    def ready(self) -> None:
        """Register house rules, receivers and scheduled jobs, and the parts of addresses that every app may use."""
        from . import checks, jobs, security_signals, signals  # noqa: F401
        from .converters import IdConverter

        register_converter(IdConverter, "id")
