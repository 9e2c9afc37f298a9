"""What the admin gains for signing in; `AppConfig.ready` loads it."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localtime
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets.button import Button

from core.dates import describe_day
from users.models import User

from .second_factor import Standing
from .second_factor_views import may_reset


class GracePanel(Component):
    """Says on the dashboard until when somebody may do without a second factor."""

    name = "second_factor"
    order = 1
    template_name = "accounts/admin/grace_panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the day from which on it is asked for."""
        user = parent_context["request"].user
        return {"day": describe_day(localtime(user.second_factor_due_at).date())}


@hooks.register("construct_homepage_panels", order=-1)
def add_grace_panel(request: HttpRequest, panels: list[Component]) -> None:
    """Put the notice at the top of the dashboard while it matters."""
    if getattr(request, "second_factor", None) is Standing.GRACE:
        panels.insert(0, GracePanel())


@hooks.register("register_account_menu_item")
def add_to_account(request: HttpRequest) -> dict[str, str]:
    """Lead from the account to the page about signing in."""
    return {
        "url": reverse("mfa_index"),
        "label": "Sign-in and security",
        "help_text": "Your second step, passkeys, recovery codes, and where you are signed in.",
    }


@hooks.register("register_user_listing_buttons")
def add_reset_button(user: User, request_user: User) -> Iterable[Button]:
    """Let an administrator reset the second factor of a person in the list."""
    return reset_buttons(user, request_user)


def reset_buttons(user: User, request_user: User) -> list[Button]:
    """Return the button that leads to resetting somebody's second factor, if `request_user` may."""
    if not may_reset(request_user, user):
        return []
    url = reverse("accounts_reset_second_factor", args=[user.pk])
    return [Button("Reset second step", url=url, icon_name="lock-open", priority=60)]
