"""App configurations: signing in, and the admin's screens for people who sign in."""

from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    """Signing in, second factors, sessions, invitations and resets."""

    name = "accounts"
    default = True

    def ready(self) -> None:
        """Register the scheduled jobs and the queue of mails."""
        from . import jobs, mail_queues  # noqa: F401


class UserScreensConfig(WagtailUsersAppConfig):
    """Wagtail's user management, with our forms."""

    user_viewset = "accounts.viewsets.UserViewSet"
