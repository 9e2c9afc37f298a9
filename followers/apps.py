"""App configuration of updates by e-mail."""

from django.apps import AppConfig


class FollowersConfig(AppConfig):
    name = "followers"
    verbose_name = "Followers"

    def ready(self) -> None:
        """Wire the receivers, and register the house rules and what is due by the clock."""
        from . import checks, jobs, signals  # noqa: F401
