"""What followers adds to the admin: what they are told, who follows, and who may see it."""

from collections.abc import Iterator

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from core.models import Mailing
from core.permissions import may_change
from users.models import User

from . import admin_views as views
from . import recovery_views
from .admin_panels import BrokenMailPanel
from .changes import MODELS


@hooks.register("register_admin_urls")
def register_followers_urls() -> list[URLPattern]:
    """Give the screens their addresses."""
    notice = "followers/told/<id:notice_id>/"
    return [
        path("followers/count/", views.count_view, name="followers_count"),
        path("followers/told/", views.NoticesView.as_view(), name="followers_notices"),
        path("followers/told/results/", views.NoticesView.as_view(results_only=True), name="followers_notices_results"),
        path("followers/told/stop/", views.pause_all_view, name="followers_pause_all"),
        path(notice, views.notice_view, name="followers_notice"),
        path(f"{notice}stop/", views.pause_notice_view, name="followers_pause_notice"),
        path(f"{notice}test/", views.try_notice_view, name="followers_try_notice"),
        path(f"{notice}again/", recovery_views.send_again_view, name="followers_send_again"),
        path("followers/people/", views.people_view, name="followers_people"),
        path("followers/people/resume/", recovery_views.resume_all_view, name="followers_resume_all"),
        path("followers/preview/<id:page_id>/", views.preview_view, name="followers_preview"),
    ]


class PermittedMenuItem(MenuItem):
    """A menu item for those who have a permission."""

    def __init__(self, *args: object, permission: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.permission = permission

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person may open it."""
        return request.user.has_perm(self.permission)


@hooks.register("register_admin_menu_item")
def register_followers_menu() -> SubmenuMenuItem:
    """Put both screens into a menu of their own."""
    told = PermittedMenuItem(
        "What they are told", reverse("followers_notices"), icon_name="mail", order=10, permission=views.MAY_SEE
    )
    people = PermittedMenuItem(
        "People", reverse("followers_people"), icon_name="group", order=20, permission=views.MAY_SEE_PEOPLE
    )
    return SubmenuMenuItem("Followers", Menu(items=[told, people]), name="followers", icon_name="mail", order=260)


@hooks.register("construct_homepage_panels")
def add_broken_mail_panel(request: HttpRequest, panels: list[Component]) -> None:
    """Tell those who look after e-mail when the site cannot send any: an e-mail could not."""
    if request.user.has_perm(views.MAY_STOP) and (mailing := Mailing.now()).is_broken:
        panels.append(BrokenMailPanel(mailing))


@hooks.register("register_page_header_buttons")
def preview_in_header(page: Page, user: User, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """Offer to read what followers would be told of a page."""
    is_told = not page.alias_of_id and issubclass(page.specific_class or Page, MODELS)
    if is_told and may_change(page, user):
        yield Button(
            "What followers would be told", reverse("followers_preview", args=[page.pk]), icon_name="mail", priority=17
        )


@hooks.register("insert_editor_js")
def count_while_editing() -> SafeString:
    """Load the script that counts who would be told."""
    return format_html('<script src="{}" defer></script>', static("js/follower-count.js"))


@hooks.register("register_log_actions")
def register_actions(actions: LogActionRegistry) -> None:
    """Name in the site's history what officers do."""
    actions.register_action(views.EXPORTED, "Export", "Downloaded what is kept of a person who follows")
    actions.register_action(views.ERASED, "Erase", "Erased what was kept of a person who follows")
    actions.register_action(recovery_views.SENT_AGAIN, "Send again", "Had e-mail sent again to whom it had failed")
    words = "Let e-mail go again to all addresses that were paused since a day"
    actions.register_action(recovery_views.RESUMED_ALL, "Resume all", words)
    actions.register_action(views.RESUMED, "Send again", "Let e-mail go again to an address that had refused it")


@hooks.register("register_permissions")
def register_permissions() -> "QuerySet[Permission]":
    """Let whoever makes groups choose who sees followers, and who stops their e-mail."""
    names = ["view_follower", "change_follower", "delete_follower", "view_notice", "change_notice"]
    return Permission.objects.filter(content_type__app_label="followers", codename__in=names)
