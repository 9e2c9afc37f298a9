"""App configurations: signing in, and the admin's screens for people who sign in."""

from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    """Signing in, second factors, sessions, invitations and resets."""

    name = "accounts"
    default = True

    def ready(self) -> None:
        """Wire the receivers; register the scheduled jobs, the queue of mails and what the admin gains."""
        from . import jobs, mail_queues, security_hooks, signals  # noqa: F401


class UserScreensConfig(WagtailUsersAppConfig):
    """Wagtail's user management, with our forms."""

    user_viewset = "accounts.viewsets.UserViewSet"
