"""App configuration of the admin's screens for people who sign in."""

from wagtail.users.apps import WagtailUsersAppConfig


class UserScreensConfig(WagtailUsersAppConfig):
    """Wagtail's user management, with our forms."""

    user_viewset = "accounts.viewsets.UserViewSet"
