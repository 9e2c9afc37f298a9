"""What editors do on many screens of the admin."""

from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from users.models import User


def sign_in_without_form(context: BrowserContext, user: User, *, at: str) -> None:
    """Give the windows of a browser profile what `user` gets from the sign-in form of the site at the address `at`."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": at}])


def publish(admin: Page) -> None:
    """Press "Publish" at the foot of a page's form."""
    admin.locator("footer [data-w-dropdown-target=toggle]").click()
    admin.get_by_role("button", name="Publish", exact=True).click()


def is_published(admin: Page) -> None:
    """Wait until the admin says so."""
    expect(admin.locator(".messages")).to_contain_text("published")


def unpublish(admin: Page, pk: int) -> None:
    """Unpublish a page from its own screen."""
    admin.goto(f"/admin/pages/{pk}/unpublish/")
    admin.get_by_role("button", name="Yes, unpublish it").click()
    expect(admin.locator(".messages")).to_contain_text("unpublished")


def settle(page: Page) -> None:
    """Wait until messages have faded in and the menu has slid away: axe sees the colours of the moment."""
    page.wait_for_timeout(300)  # what begins late
    page.wait_for_function(
        "() => document.getAnimations().every((each) => each.playState === 'finished' "
        "|| each.effect.getComputedTiming().iterations === Infinity)"
    )
