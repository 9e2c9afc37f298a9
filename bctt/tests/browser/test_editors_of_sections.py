"""What editors post in the admin, in Chromium, and where residents, feeds and calendars then have it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from playwright.sync_api import APIResponse, Locator, Page, expect
from wagtail.models import PageLogEntry

from leaflets.models import LeafletPage
from leaflets.tests.pdfs import scan
from news.feeds import FORMATS
from news.models import ForumPage, ForumUpdatePage
from whats_on.factories import EventDateFactory, EventPageFactory
from whats_on.models import EventPage, EventsPage

from .admin import is_published, publish, unpublish

pytestmark = pytest.mark.browser

TITLE = "Come and see the plans"
LEAFLET = "Timescale for change"
EVENT = "A made-up meeting"


@pytest.fixture
def event(site: str) -> EventPage:
    """A meeting of the forum, a week from now."""
    page: EventPage = EventPageFactory(
        parent=EventsPage.objects.get(),
        title=EVENT,
        slug="meeting",
        forum=ForumPage.objects.get(),
        kind="forum_meeting",
    )
    EventDateFactory(event=page)
    return page


def places() -> list[str]:
    """Return the addresses at which an update of the forum shows."""
    forum = ForumPage.objects.get()
    [centre] = forum.centres.all()
    feeds = [
        address
        for ending in FORMATS
        for address in (
            f"/feeds/news.{ending}",
            f"/feeds/forums/{forum.pk}/updates.{ending}",
            f"/feeds/centres/{centre.pk}/news.{ending}",
        )
    ]
    return ["/", forum.url, centre.url, *feeds]


def calendars() -> list[str]:
    """Return the addresses of the calendars that have an event of the forum."""
    forum = ForumPage.objects.get()
    [centre] = forum.centres.all()
    return ["/calendars/events.ics", f"/calendars/forums/{forum.pk}.ics", f"/calendars/centres/{centre.pk}.ics"]


def ask(page: Page, path: str, **headers: str) -> APIResponse:
    """Fetch an address as a program does that keeps what it got."""
    return page.request.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def choose(admin: Page, block: Locator, button: str, *steps: str) -> None:
    """Choose a page in a block of "Goes with it": press its button, then the links that lead to the page."""
    block.get_by_role("button", name=button).click()
    dialog = admin.get_by_role("dialog")
    for step in steps:
        dialog.get_by_role("link", name=step, exact=True).click()
    expect(dialog).to_be_hidden()


def add_block(admin: Page, number: int, name: str) -> Locator:
    """Add a block to "Goes with it", after so many others; return it."""
    field = admin.locator("[data-contentpath=linked]").first
    field.get_by_title("Insert a block").nth(number).click()
    admin.get_by_role("option", name=name).click()
    return field.locator("[data-streamfield-child]").nth(number)


def test_an_update_with_a_leaflet_and_an_event_is_everywhere_until_it_is_unpublished(
    admin: Page, phone: Page, event: EventPage
) -> None:
    forum = ForumPage.objects.get()
    admin.goto(f"/admin/pages/add/news/forumupdatepage/{forum.pk}/")
    admin.get_by_role("textbox", name="Title").fill(TITLE)
    admin.get_by_role("textbox", name="In short").fill("Everyone can come.")
    leaflet = add_block(admin, 0, "Leaflet or newsletter")
    choose(admin, leaflet, "Choose a page (Leaflet)", LEAFLET)
    meeting = add_block(admin, 1, "Event")
    choose(admin, meeting, "Choose a page (Event)", EVENT)
    publish(admin)
    is_published(admin)

    update = ForumUpdatePage.objects.get(title=TITLE)
    # A minute passes: a feed gives no date to a client that comes within the second of a change.
    PageLogEntry.objects.update(timestamp=F("timestamp") - timedelta(minutes=1))
    kept: dict[str, Any] = {}
    for path in (*places(), *calendars()):
        kept[path] = ask(phone, path)
        assert (TITLE if path in places() else EVENT) in kept[path].text(), path
    for path in kept:
        if path.startswith(("/feeds/", "/calendars/")):
            assert ask(phone, path, If_None_Match=kept[path].headers["etag"]).status == 304, path
    phone.goto(forum.url)
    phone.get_by_role("link", name=TITLE).click()
    expect(phone.get_by_role("main").get_by_role("link", name=LEAFLET)).to_be_visible()
    phone.get_by_role("main").get_by_role("link", name=EVENT).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text(EVENT)

    unpublish(admin, update.pk)
    for path in places():
        answer = ask(phone, path, If_None_Match=kept[path].headers.get("etag", '"none"'))
        assert answer.status == 200, path
        assert TITLE not in answer.text(), path
        if path.startswith("/feeds/"):
            assert ask(phone, path, If_Modified_Since=kept[path].headers["last-modified"]).status == 200, path
    unpublish(admin, event.pk)
    for path in calendars():
        answer = ask(phone, path, If_None_Match=kept[path].headers["etag"])
        assert answer.status == 200, path
        assert EVENT not in answer.text(), path


def test_a_scan_uploaded_for_a_leaflet_is_there_with_a_warning(admin: Page, phone: Page) -> None:
    leaflet = LeafletPage.objects.get(title=LEAFLET)
    admin.goto(f"/admin/pages/{leaflet.pk}/edit/")
    expect(admin.get_by_text("the file is still to be added")).to_be_visible()
    admin.locator("#inline_child_files-0").get_by_role("button", name="Choose a document").click()
    chooser = admin.get_by_role("dialog")
    chooser.get_by_role("tab", name="Upload").click()
    chooser.get_by_label("Title").fill("The timescale, scanned")
    chooser.locator("input[type=file]").set_input_files(
        {"name": "timescale.pdf", "mimeType": "application/pdf", "buffer": scan()}
    )
    chooser.get_by_role("button", name="Upload").click()
    expect(chooser).to_be_hidden(timeout=20_000)
    publish(admin)
    is_published(admin)

    admin.goto(f"/admin/pages/{leaflet.pk}/edit/")
    warning = admin.get_by_text("This PDF is a scan: people who use a screen reader cannot read it.")
    expect(warning.first).to_be_visible()
    phone.goto(leaflet.url)
    download = phone.get_by_role("main").get_by_role("link", name="Standard print")
    expect(download).to_contain_text("PDF")
    answer = ask(phone, str(download.get_attribute("href")))
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")


def test_repeats_are_added_to_the_draft_of_an_event_and_then_published(
    admin: Page, phone: Page, event: EventPage
) -> None:
    admin.goto(f"/admin/pages/{event.pk}/edit/")
    admin.get_by_role("button", name="Actions").first.click()
    admin.get_by_role("link", name="Add repeats").first.click()
    admin.get_by_role("radio", name="Every week").check()
    admin.get_by_label("How many more dates").fill("3")
    admin.get_by_role("button", name="Add to the draft").click()
    expect(admin.locator(".messages")).to_contain_text("Added 3 dates to the draft.")
    phone.goto(event.url)
    expect(phone.get_by_text("later date")).to_have_count(0)

    publish(admin)
    is_published(admin)
    assert event.dates.count() == 4
    assert ask(phone, f"/calendars/events/{event.pk}.ics").text().count("BEGIN:VEVENT") == 4
