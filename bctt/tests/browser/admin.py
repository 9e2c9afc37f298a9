"""What editors do on many screens of the admin."""

from playwright.sync_api import Page, expect


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
