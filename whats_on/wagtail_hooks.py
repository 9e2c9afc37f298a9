"""What the events add to the admin: "Add repeats"."""

from collections.abc import Iterable, Iterator

from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.models import Page

from core.permissions import may_change
from users.models import User

from .models import EventPage
from .views import add_repeats_view


@hooks.register("register_admin_urls")
def register_add_repeats_url() -> list[URLPattern]:
    """Give "Add repeats" its address."""
    return [path("events/<id:page_id>/add-repeats/", add_repeats_view, name="events_add_repeats")]


def _add_repeats_button(page: Page, user: User) -> Iterator[Button]:
    if issubclass(page.specific_class or Page, EventPage) and may_change(page, user):
        yield Button("Add repeats", reverse("events_add_repeats", args=[page.pk]), icon_name="rotate", priority=16)


@hooks.register("register_page_header_buttons")
def add_repeats_in_header(page: Page, user: User, view_name: str, next_url: str | None = None) -> Iterable[Button]:
    """Offer "Add repeats" in the menu of an event's own screens."""
    return _add_repeats_button(page, user)


@hooks.register("register_page_listing_more_buttons")
def add_repeats_in_listing(page: Page, user: User, next_url: str | None = None) -> Iterable[Button]:
    """Offer "Add repeats" beside an event in a list of pages."""
    return _add_repeats_button(page, user)
