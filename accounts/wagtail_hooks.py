"""What the admin gains for people who sign in."""

from django.http import HttpRequest
from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.users.models import UserProfile

from users.models import User

from . import admin_views
from .account_panels import AddressPanel, PasswordPanel


@hooks.register("register_admin_urls")
def register_people_urls() -> list[URLPattern]:
    """Return the addresses of the screens about addresses and links."""
    return [
        path("account/address/", admin_views.new_address_view, name="accounts_new_address"),
        path("account/address/<str:token>/", admin_views.confirm_address_view, name="accounts_confirm_address"),
        path("users/send-link/<int:user_id>/", admin_views.send_link_view, name="accounts_send_link"),
    ]


@hooks.register("register_account_settings_panel")
def register_password_panel(request: HttpRequest, user: User, profile: UserProfile) -> PasswordPanel:
    """Return the panel by which one changes one's password."""
    return PasswordPanel(request, user, profile)


@hooks.register("register_account_settings_panel")
def register_address_panel(request: HttpRequest, user: User, profile: UserProfile) -> AddressPanel:
    """Return the panel that says which address one signs in with."""
    return AddressPanel(request, user, profile)
