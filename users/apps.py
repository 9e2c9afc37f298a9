"""App configurations of the custom user and of the admin's screens for it."""

from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class UsersConfig(AppConfig):
    name = "users"
    verbose_name = "People who sign in"


class UserScreensConfig(WagtailUsersAppConfig):
    """Wagtail's user management, with our forms."""

    user_viewset = "users.viewsets.UserViewSet"
