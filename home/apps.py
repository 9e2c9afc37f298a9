"""App configuration of the home page, plain content pages and site-wide commands."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "home"
    verbose_name = "Home and content"

    def ready(self) -> None:
        """Register what is due by the clock."""
        from . import jobs  # noqa: F401
