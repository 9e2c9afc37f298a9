"""The editors' screens across the centres, in Chromium: WCAG 2.2 AA by axe, reflow, and a new status for several."""

import re
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from centres.models import CentreServicePage

from .conftest import PHONE
from .test_accessibility import BOTH_SIZES, resize, violations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:[Uu]nclosed file:ResourceWarning"),
]

LISTS = [
    *("centres_services_modeladmin_index", "centres_milestones_modeladmin_index", "centres_partners_modeladmin_index"),
    *("centres_services_modeladmin_create", "centres_grid", "centres_import"),
]


def problems(page: Page) -> list[str]:
    """Return what axe finds in the part of a screen that is ours, and whether it scrolls sideways."""
    found = []
    for size in BOTH_SIZES:
        wrong = violations(page, "main", (size,))
        found += [f"{page.url} {rule['id']}: {node['html'][:150]}" for rule in wrong for node in rule["nodes"]]
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > size["width"]:
            found.append(f"{page.url} is {width} wide at {size['width']}")
    return found


def import_file(admin: Page, folder: Path, text: str) -> None:
    file = folder / "services.csv"
    file.write_text(text, encoding="utf-8")
    admin.goto(reverse("centres_import"))
    admin.get_by_label("Spreadsheet").set_input_files(file)
    with admin.expect_navigation():
        admin.get_by_role("button", name="Show what would change").click()


def test_axe_finds_nothing_and_nothing_scrolls_sideways(admin: Page, tmp_path: Path) -> None:
    pages = list(CentreServicePage.objects.select_related("centre")[:3])
    ids = "&".join(f"id={page.pk}" for page in pages)
    status = f"{reverse('centres_change_status')}?{ids}"
    found = []
    for address in [*map(reverse, LISTS), status, f"{status}&status=ended", f"{status}&status=x"]:
        resize(admin, PHONE)
        answer = admin.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        found += problems(admin)
    name = f"{pages[0].centre.short_name},{pages[0].title}"
    for rows in (f"{name},Ended\n", f"{name},Nonsense\n"):
        resize(admin, PHONE)
        import_file(admin, tmp_path, f"Centre,Service,Status\n{rows}")
        expect(admin.get_by_role("heading", name=re.compile("Is this right|mend this first"))).to_be_visible()
        found += problems(admin)
    assert not found, "\n".join(found)


def test_an_editor_ticks_all_of_a_list_and_gives_them_a_new_status(admin: Page) -> None:
    admin.goto(f"{reverse('centres_services_modeladmin_index')}?status=to_be_confirmed")
    admin.get_by_label("Tick all on this page").check()
    count = admin.locator("input[name=id]:checked").count()
    assert count == CentreServicePage.objects.filter(status="to_be_confirmed").count() > 1
    admin.get_by_role("button", name="Change status").click()
    admin.get_by_label("Possible").check()
    admin.get_by_role("button", name="Show what would change").click()
    expect(admin.get_by_role("heading", name="Is this right?")).to_be_visible()
    assert CentreServicePage.objects.filter(status="to_be_confirmed").count() == count
    admin.get_by_role("button", name="Yes, change them").click()
    expect(admin.locator(".messages")).to_contain_text(f"{count} pages changed: {count} published")
    expect(admin).to_have_url(re.compile(r"status=to_be_confirmed$"))
    assert not CentreServicePage.objects.filter(status="to_be_confirmed").exists()


def test_an_editor_confirms_several_services_with_the_other_button(admin: Page) -> None:
    admin.goto(reverse("centres_services_modeladmin_index"))
    admin.locator("input[name=id]").first.check()
    admin.get_by_role("button", name="Still correct").click()
    admin.locator("main").get_by_role("button").last.click()
    expect(admin).to_have_url(re.compile(reverse("centres_services_modeladmin_index")))
    expect(admin.locator("main table")).to_contain_text("Next check")
