"""App configuration of updates by e-mail."""

from django.apps import AppConfig


class FollowersConfig(AppConfig):
    name = "followers"
    verbose_name = "Followers"

    def ready(self) -> None:
        """Wire the receivers, register its scheduled jobs and mails, and who needs a second factor."""
        from accounts.second_factor import needs_second_factor

        from . import jobs, mail_queues, signals  # noqa: F401

        needs_second_factor("followers.view_follower")
