"""What the editors' guide says, done in Chromium by people who are not administrators; `make guide` takes pictures."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page, expect
from wagtail.models import Page as WagtailPage

from centres.factories import CentreServicePageFactory
from centres.models import CentrePage, CentreServicePage, ServicePage, ServiceStatus
from core.scheduler.publishing import publish_scheduled_content
from editors.groups import set_up_groups
from editors.guide import tasks
from followers.factories import FollowFactory
from leaflets.models import LeafletFile, LeafletPage
from leaflets.tests.pdfs import scan
from news.models import ForumPage, ForumUpdatePage, NewsIndexPage, NewsPage
from testing.people import member_of

from .admin import is_published, publish, sign_in_without_form
from .conftest import DESKTOP

pytestmark = pytest.mark.browser

PURFLEET = "Purfleet Integrated Medical Centre"
# The issue asks that nobody needs longer, and a machine is quicker than a person.
SECONDS = 60
# Set by `make guide`: where the pictures go.
IMAGES = os.environ.get("GUIDE_IMAGES")
SignIn = Callable[[str], Page]
Shoot = Callable[..., None]


@pytest.fixture
def sign_in(site: str, new_context: Callable[..., BrowserContext]) -> SignIn:
    """Return a function that opens a window for a new member of a group."""

    def sign_in(group: str) -> Page:
        set_up_groups()
        user = member_of(group, first_name="Editor", last_name="")
        context = new_context(viewport=DESKTOP)
        sign_in_without_form(context, user, at=site)
        page = context.new_page()
        page.goto("/admin/")
        expect(page.get_by_role("heading", name="Better Care Together Thurrock")).to_be_visible()
        return page

    return sign_in


@pytest.fixture
def shoot(request: pytest.FixtureRequest) -> Iterator[Shoot]:
    """Return a function that takes a picture of the guide; a test marked with a task takes all of that task's."""
    marker = request.node.get_closest_marker("guide")
    wanted = tasks()[marker.args[0]].images if marker else []
    taken: list[str] = []

    def take(page: Page, name: str, at: Locator | None = None) -> None:
        taken.append(f"{name}.png")
        if at is not None:
            at.scroll_into_view_if_needed()
        if IMAGES:
            page.wait_for_load_state("networkidle")
            # A box that closes fades away.
            page.wait_for_timeout(600)
            page.screenshot(path=Path(IMAGES) / f"{name}.png", animations="disabled")

    began = monotonic()
    yield take
    assert taken == wanted
    assert monotonic() - began < SECONDS


def edit(admin: Page, page: WagtailPage) -> None:
    """Open the form of a page."""
    admin.goto(f"/admin/pages/{page.pk}/edit/")


@pytest.mark.guide("change-a-status")
def test_change_purfleets_blood_tests_to_confirmed(sign_in: SignIn, shoot: Shoot, phone: Page) -> None:
    admin = sign_in("Purfleet publishers")
    admin.get_by_role("button", name="All centres").click()
    admin.get_by_role("link", name="Services at centres").click()
    admin.get_by_role("link", name="To be confirmed", exact=True).click()
    shoot(admin, "status-list")
    admin.get_by_role("link", name="All", exact=True).nth(2).click()
    admin.get_by_role("link", name="Edit").first.click()
    status = admin.get_by_role("combobox", name="Status")
    status.select_option("Confirmed")
    shoot(admin, "status-form", status)
    publish(admin)
    is_published(admin)
    phone.goto("/centres/purfleet/")
    expect(phone.locator("#services .bctt-row").filter(has_text="Blood tests")).to_contain_text(
        "Confirmed, not open yet"
    )


@pytest.mark.guide("change-opening-hours")
def test_enter_christmas_hours_for_two_centres(sign_in: SignIn, shoot: Shoot) -> None:
    admin = sign_in("Site editors")
    day = f"25/12/{timezone.localdate().year + 1}"
    for slug in ("purfleet", "tilbury"):
        centre = CentrePage.objects.get(slug=slug)
        edit(admin, centre)
        admin.get_by_role("tab", name="Visit and hours").click()
        field = admin.locator("[data-contentpath=exceptions]").first
        field.get_by_title("Insert a block").first.click()
        admin.locator("[name=exceptions-0-value-label]").fill("Christmas Day")
        admin.locator("[name=exceptions-0-value-first]").fill(day)
        # Its calendar would cover the fields.
        admin.locator("[name=exceptions-0-value-label]").click()
        if slug == "purfleet":
            shoot(admin, "hours-exception", field)
        publish(admin)
        is_published(admin)
        centre.refresh_from_db()
        assert centre.exceptions[0].value["label"] == "Christmas Day"


@pytest.mark.guide("post-an-update")
def test_post_a_forum_update_with_a_leaflet_for_tomorrow_at_nine(sign_in: SignIn, shoot: Shoot, phone: Page) -> None:
    forum = ForumPage.objects.get()
    admin = sign_in(f"{forum.title} editors")
    admin.goto(f"/admin/pages/{forum.pk}/")
    admin.get_by_role("link", name="Add child page").first.click()
    admin.get_by_role("textbox", name="Title").fill("Come and see the plans")
    admin.get_by_role("textbox", name="In short").fill("Everyone can come.")
    shoot(admin, "update-form")
    field = admin.locator("[data-contentpath=linked]").first
    field.get_by_title("Insert a block").first.click()
    admin.get_by_role("option", name="Leaflet or newsletter").click()
    field.get_by_role("button", name="Choose a page (Leaflet)").click()
    dialog = admin.get_by_role("dialog")
    dialog.get_by_role("link", name="Timescale for change", exact=True).click()
    expect(dialog).to_be_hidden()
    shoot(admin, "update-leaflet", field)
    admin.get_by_role("button", name="Toggle status").click()
    admin.get_by_role("button", name="Set schedule").click()
    schedule = admin.get_by_role("dialog")
    nine = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=1)
    schedule.locator("[name=go_live_at]").fill(nine.strftime("%d/%m/%Y %H:%M"))
    shoot(admin, "update-schedule")
    # The calendar covers the button, so not with the mouse.
    schedule.get_by_role("button", name="Save schedule").press("Enter")
    admin.locator("footer [data-w-dropdown-target=toggle]").click()
    admin.get_by_role("button", name="Schedule to publish").click()
    expect(admin.locator(".messages")).to_contain_text("scheduled")
    update = ForumUpdatePage.objects.get(title="Come and see the plans")
    assert not update.live
    assert update.scheduled_revision.approved_go_live_at == nine
    edit(admin, update)
    expect(admin.locator(".messages")).to_contain_text("It is published by itself on")
    phone.goto(forum.url)
    expect(phone.get_by_text("Come and see the plans")).to_have_count(0)
    # The night passes.
    revision, passed = update.scheduled_revision, timezone.now() - timedelta(minutes=1)
    content = {**revision.content, "go_live_at": passed.isoformat()}
    update.revisions.filter(pk=revision.pk).update(approved_go_live_at=passed, content=content)
    assert publish_scheduled_content() == []
    phone.goto(forum.url)
    expect(phone.get_by_role("link", name="Come and see the plans")).to_be_visible()


@pytest.mark.guide("check-pages")
def test_mark_ten_pages_still_correct(sign_in: SignIn, shoot: Shoot) -> None:
    admin = sign_in("Site editors")
    admin.get_by_role("link", name="Pages due a check").click()
    expect(admin.get_by_role("heading", name="Pages due a check", level=1)).to_be_visible()
    for box in admin.get_by_role("checkbox", name="Tick").all()[:10]:
        box.check()
    shoot(admin, "check-list")
    admin.get_by_role("button", name="The ticked pages are still correct").click()
    shoot(admin, "check-confirm")
    admin.get_by_role("button", name="Yes, they are still correct").click()
    expect(admin.locator(".messages")).to_contain_text("10 pages now say that they were checked today.")


def test_find_every_service_to_be_confirmed(sign_in: SignIn) -> None:
    admin = sign_in("Site editors")
    admin.get_by_role("button", name="All centres").click()
    admin.get_by_role("link", name="Services at centres").click()
    admin.get_by_role("link", name="To be confirmed", exact=True).click()
    number = CentreServicePage.objects.filter(status=ServiceStatus.TO_BE_CONFIRMED).count()
    assert number > 0
    expect(admin.get_by_role("checkbox", name="Tick").and_(admin.locator("[name=id]"))).to_have_count(number)


@pytest.mark.guide("import-a-spreadsheet")
def test_import_a_new_status_for_thirty_rows(sign_in: SignIn, shoot: Shoot) -> None:
    admin = sign_in("Site editors")
    grays = CentrePage.objects.get(slug="grays")
    for service in ServicePage.objects.exclude(at_centres__centre=grays)[:2]:
        CentreServicePageFactory(parent=grays, service=service)
    pages = list(CentreServicePage.objects.select_related("centre", "service").order_by("path")[:30])
    assert len(pages) == 30
    wanted = {page.pk: "Planned" if page.status == ServiceStatus.POSSIBLE else "Possible" for page in pages}
    rows = "".join(f'"{page.centre.short_name}","{page.service.title}",{wanted[page.pk]}\r\n' for page in pages)
    admin.get_by_role("button", name="All centres").click()
    admin.get_by_role("link", name="Import").click()
    shoot(admin, "import-form")
    admin.locator("input[type=file]").set_input_files(
        {"name": "services.csv", "mimeType": "text/csv", "buffer": f"Centre,Service,Status\r\n{rows}".encode()}
    )
    admin.get_by_role("button", name="Show what would change").click()
    expect(admin.get_by_role("heading", name="Is this right?")).to_be_visible()
    shoot(admin, "import-dry-run")
    admin.get_by_role("button", name="Save all of it").click()
    expect(admin.locator(".messages")).to_contain_text("30 pages changed")
    for page in pages:
        page.refresh_from_db()
        assert ServiceStatus(page.status).label == wanted[page.pk]


@pytest.mark.guide("add-a-service")
def test_add_a_service_to_a_centre(sign_in: SignIn, shoot: Shoot) -> None:
    admin = sign_in("Tilbury publishers")
    admin.goto(f"/admin/pages/{CentrePage.objects.get(slug='tilbury').pk}/")
    admin.get_by_role("button", name="Actions").first.click()
    admin.get_by_role("link", name="Add services").first.click()
    admin.get_by_role("checkbox", name="Tests and scans").check()
    shoot(admin, "add-tick")
    admin.get_by_role("button", name="Add as drafts").click()
    admin.get_by_role("link", name="Tests and scans", exact=True).click()
    admin.get_by_role("combobox", name="Status").select_option("Planned")
    shoot(admin, "add-form")
    publish(admin)
    is_published(admin)


@pytest.mark.guide("open-a-centre")
def test_say_that_tilbury_opens(sign_in: SignIn, shoot: Shoot, phone: Page) -> None:
    admin = sign_in("Tilbury publishers")
    edit(admin, CentrePage.objects.get(slug="tilbury"))
    admin.get_by_role("button", name="Actions").first.click()
    admin.get_by_role("link", name="This centre opens").first.click()
    opened_on = admin.get_by_role("textbox", name="Opening day")
    opened_on.press_sequentially(timezone.localdate().isoformat())
    opened_on.press("Tab")
    admin.keyboard.press("Escape")
    for state in admin.locator("select[name^=milestones-][name$=-state]").all():
        if state.input_value() in ("expected", "delayed"):
            state.select_option("Cancelled")
    for status in admin.get_by_role("combobox", name="Status").all():
        status.select_option("To be confirmed")
    admin.get_by_role("checkbox", name="Everything on these pages is right today").check()
    admin.get_by_role("button", name="Publish all of it").click()
    expect(admin.locator(".messages")).to_contain_text("is open, with its")
    phone.goto("/centres/tilbury/")
    expect(phone.get_by_role("heading", name="This centre is open")).to_be_visible()
    expect(phone.locator("main")).not_to_contain_text("not open")
    expect(phone.locator("main")).to_contain_text("Last checked")


@pytest.mark.guide("replace-a-leaflet")
def test_add_the_file_of_a_leaflet(sign_in: SignIn, shoot: Shoot) -> None:
    admin = sign_in("Site editors")
    leaflet = LeafletPage.objects.get(title="Timescale for change")
    edit(admin, leaflet)
    row = admin.locator("#inline_child_files-0")
    shoot(admin, "leaflet-row", row)
    row.get_by_role("button", name="Choose a document").click()
    chooser = admin.get_by_role("dialog")
    chooser.get_by_role("tab", name="Upload").click()
    chooser.get_by_label("Title").fill("Timescale for change")
    shoot(admin, "leaflet-upload")
    chooser.locator("input[type=file]").set_input_files(
        {"name": "timescale.pdf", "mimeType": "application/pdf", "buffer": scan()}
    )
    chooser.get_by_role("button", name="Upload").click()
    expect(chooser).to_be_hidden(timeout=20_000)
    publish(admin)
    is_published(admin)
    assert LeafletFile.objects.filter(leaflet=leaflet, document__title="Timescale for change").exists()


@pytest.mark.parametrize("group", ["Site editors", "Purfleet editors"])
def test_the_menu_has_nothing_that_an_editor_has_no_use_for(sign_in: SignIn, group: str) -> None:
    admin = sign_in(group)
    menu = admin.get_by_role("navigation", name="Main menu")
    expect(menu.get_by_text("Snippets")).to_have_count(0)
    expect(menu.get_by_text("What's new")).to_have_count(0)


@pytest.mark.guide("tell-followers")
def test_tell_followers_what_changed(sign_in: SignIn, shoot: Shoot) -> None:
    centre = CentrePage.objects.get(slug="purfleet")
    for _ in range(3):
        FollowFactory.create(page=centre)
    news = NewsPage.objects.filter(centres=centre).first()
    assert news
    admin = sign_in("Site editors")
    edit(admin, news)
    panel = admin.get_by_text("Who is told").first
    expect(admin.locator("[data-follower-count]")).to_have_text("3 people follow what this is about.")
    admin.get_by_label("Tell them what I write below").check()
    admin.get_by_label("What changed").fill("The plan now says when building begins.")
    shoot(admin, "tell-line", panel)
    publish(admin)
    is_published(admin)
    admin.get_by_role("button", name="Followers").click()
    admin.get_by_role("link", name="What they are told").click()
    admin.get_by_role("link", name="Changed:").click()
    expect(admin.locator(".bctt-email")).to_contain_text("The plan now says when building begins.")
    shoot(admin, "tell-told")


def test_choosing_another_centre_counts_anew_who_is_told(sign_in: SignIn) -> None:
    FollowFactory.create(page=CentrePage.objects.get(slug="tilbury"))
    admin = sign_in("Site editors")
    admin.goto(f"/admin/pages/add/news/newspage/{NewsIndexPage.objects.get().pk}/")
    count = admin.locator("[data-follower-count]")
    expect(count).to_have_text("Nobody follows what this is about yet, so nobody is told.")
    admin.get_by_role("checkbox", name="Tilbury").check()
    expect(count).to_have_text("1 person follows what this is about.")
    admin.get_by_role("checkbox", name="Tilbury").uncheck()
    expect(count).to_have_text("Nobody follows what this is about yet, so nobody is told.")
