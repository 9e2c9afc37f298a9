"""The ways of editors through the admin, in Chromium, up to what residents then see."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from centres.models import CentrePage
from users.models import User

from .admin import is_published, publish
from .conftest import DESKTOP

pytestmark = pytest.mark.browser

CENTRE = "Tilbury Integrated Medical Centre"


def test_somebody_signs_in_with_the_form_and_comes_to_the_front_page_of_the_admin(
    site: str, administrator: User, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(viewport=DESKTOP).new_page()
    page.goto("/admin/")
    page.get_by_label("E-mail address").press_sequentially(administrator.email)
    page.get_by_label("Password").press_sequentially("correct-horse-battery")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Better Care Together Thurrock")).to_be_visible()


def _go_to_tilbury(admin: Page) -> None:
    admin.goto(f"/admin/pages/{CentrePage.objects.get(slug='tilbury').pk}/")


def _preview(admin: Page) -> Locator:
    """Open the preview beside the form and return its h1."""
    admin.get_by_role("button", name="Toggle preview").click()
    return admin.frame_locator("#w-preview-iframe").get_by_role("heading", level=1)


def _residents_see(phone: Page, service: str, status: str) -> None:
    """Check that a service shows with its status on Tilbury's page and in the service's own table."""
    phone.goto("/centres/tilbury/")
    expect(phone.locator("#services .bctt-row").filter(has_text=service)).to_contain_text(status)
    phone.goto("/services/")
    phone.get_by_role("link", name=service, exact=True).click()
    row = phone.get_by_role("table", name="Where you can get it").get_by_role("row").filter(has_text=CENTRE)
    expect(row).to_contain_text(status)


def test_add_services_then_preview_and_publish(admin: Page, phone: Page) -> None:
    _go_to_tilbury(admin)
    admin.get_by_role("button", name="Actions").first.click()
    admin.get_by_role("link", name="Add services").first.click()
    admin.get_by_role("checkbox", name="Tests and scans").check()
    admin.get_by_role("button", name="Add as drafts").click()
    expect(admin.get_by_text("Added as drafts: Tests and scans.")).to_be_visible()
    phone.goto("/centres/tilbury/")
    expect(phone.get_by_text("Tests and scans")).to_have_count(0)

    admin.get_by_role("link", name="Tests and scans", exact=True).click()
    admin.get_by_role("combobox", name="Status").select_option("Planned")
    expect(_preview(admin)).to_have_text("Tests and scans at Tilbury")
    publish(admin)
    is_published(admin)
    _residents_see(phone, "Tests and scans", "Planned, not open yet")


def test_add_a_service_as_a_child_page(admin: Page, phone: Page) -> None:
    _go_to_tilbury(admin)
    admin.get_by_role("link", name="Add child page").click()
    admin.get_by_role("button", name="Choose a page (Service)").click()
    chooser = admin.get_by_role("dialog")
    chooser.get_by_role("link", name="Community mental health care").click()
    expect(chooser).to_be_hidden()
    status = admin.get_by_role("combobox", name="Status")
    status.select_option("Offered here")
    admin.get_by_role("checkbox", name="Walk in").check()
    expect(_preview(admin)).to_have_text("Community mental health care at Tilbury")
    publish(admin)
    expect(admin.get_by_text(f"{CENTRE} is not open, so nobody can use this service there.")).to_be_visible()
    # What was refused is saved as a draft a moment later; nobody is as quick as this test.
    admin.wait_for_url("**/edit/")
    status.select_option("Confirmed")
    publish(admin)
    is_published(admin)
    _residents_see(phone, "Community mental health care", "Confirmed, not open yet")


def test_times_are_kept_as_typed_and_contradictory_hours_are_refused_beside_the_row(admin: Page) -> None:
    admin.goto(f"/admin/pages/{CentrePage.objects.get(slug='tilbury').pk}/edit/")
    admin.get_by_role("tab", name="Visit and hours").click()
    add_buttons = admin.locator("#panel-child-visit_and_hours-opening_hours-content").get_by_title("Insert a block")
    for number, (opens, closes) in enumerate([("9am", "5.30pm"), ("1600", "6pm")]):
        add_buttons.nth(number).click()
        admin.locator(f"[name=hours-{number}-value-days][value='0']").check()
        for name, typed in (("opens", opens), ("closes", closes)):
            field = admin.locator(f"[name=hours-{number}-value-{name}]")
            field.press_sequentially(typed)
            field.press("Tab")
            expect(field).to_have_value(typed)
    publish(admin)
    admin.get_by_role("button", name="Go to the first error").click()
    wrong = admin.locator("[data-streamfield-child]").filter(has=admin.locator("[name=hours-1-value-opens]"))
    expect(wrong.get_by_text("4pm to 6pm on Monday overlaps 9am to 5:30pm on Monday.")).to_be_visible()
    right = admin.locator("[data-streamfield-child]").filter(has=admin.locator("[name=hours-0-value-opens]"))
    expect(right.locator(".error-message")).to_have_count(0)


def test_a_changed_milestone_asks_for_its_reason(admin: Page, phone: Page) -> None:
    admin.goto(f"/admin/pages/{CentrePage.objects.get(slug='purfleet').pk}/edit/")
    admin.get_by_role("tab", name="Story and partners").click()
    first = admin.locator("#inline_child_milestones-0")
    first.locator("[name$=-date]").fill("01/01/2016")
    publish(admin)
    admin.get_by_role("button", name="Go to the first error").click()
    expect(first.get_by_text("Residents have read “2014”.")).to_be_visible()
    first.get_by_label("Why the date changed").fill("We found the first letter.")
    publish(admin)
    is_published(admin)
    phone.goto("/centres/purfleet/")
    expect(phone.get_by_text("was: 2014")).to_contain_text("We found the first letter.")
