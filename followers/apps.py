"""App configuration of updates by e-mail."""

from django.apps import AppConfig


class FollowersConfig(AppConfig):
    name = "followers"
    verbose_name = "Followers"

    def ready(self) -> None:
        """Wire the receivers, and register what is due by the clock."""
        from . import jobs, signals  # noqa: F401
