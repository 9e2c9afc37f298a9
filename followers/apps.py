"""App configuration of updates by e-mail."""

from django.apps import AppConfig


class FollowersConfig(AppConfig):
    name = "followers"
    verbose_name = "Followers"

    def ready(self) -> None:
        """Wire the receivers, and register its scheduled jobs and the queues of mails."""
        from . import jobs, mail_queues, signals  # noqa: F401
