"""An administrator invites somebody, who chooses a password, signs in, forgets it and chooses another: with keys."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from playwright.sync_api import BrowserContext, Page, expect

from accounts import services
from core.scheduler.registry import run_due_jobs
from users.factories import AdministratorFactory
from users.models import User

from .admin import settle, sign_in_without_form
from .conftest import DESKTOP
from .test_accessibility import BOTH_SIZES, STICKING_OUT, _violations, resize

pytestmark = pytest.mark.browser

ADDRESS = "juggler@example.org"
FIRST, SECOND = "three clowns juggle", "four clowns sleep well"


def type_into(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).focus()
    page.keyboard.type(text)


def newest_link() -> str:
    """Send what is owed, and return the path of the link in the newest mail."""
    assert run_due_jobs() == []
    assert mail.outbox[-1].to == [ADDRESS]
    found = re.search(r"(/admin/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def heading_is(page: Page, text: str, *, has_script: bool) -> None:
    """Wait for a screen with this heading, and see that it is in order at both sizes."""
    expect(page.get_by_role("heading", level=1)).to_have_text(text)
    # A heading can be seen before the styles are there.
    page.wait_for_load_state()
    for size in BOTH_SIZES:
        resize(page, size)
        assert page.evaluate(STICKING_OUT) == [], (text, size)
    if has_script:
        settle(page)
        assert _violations(page, text) == []


def choose(page: Page, password: str, again: str | None = None) -> None:
    type_into(page, "Choose a password*", password)
    type_into(page, "Type it once more*", password if again is None else again)
    page.keyboard.press("Enter")


def sign_in(page: Page, password: str) -> None:
    type_into(page, "E-mail address*", ADDRESS)
    type_into(page, "Password*", password)
    page.keyboard.press("Enter")


def invite(admin: Page, group: str) -> None:
    """Add somebody on the admin's screens."""
    admin.goto("/admin/users/")
    admin.get_by_role("link", name="Add a user").press("Enter")
    type_into(admin, "Email*", ADDRESS)
    type_into(admin, "First Name*", "Jo")
    type_into(admin, "Last Name*", "Juggler")
    expect(admin.locator("input[type=password]")).to_have_count(0)
    admin.get_by_role("tab", name="Roles").first.press("Enter")
    admin.get_by_label(group, exact=True).press("Space")
    admin.get_by_role("button", name="Send the invitation").press("Enter")
    expect(admin.locator(".messages")).to_contain_text("The invitation leaves by email within a minute or two.")
    expect(admin.get_by_role("row", name="Jo Juggler")).to_contain_text("Not used yet")
    assert mail.outbox == []


@pytest.mark.parametrize("has_script", [False, True], ids=["without script", "with script"])
def test_be_invited_choose_a_password_sign_in_forget_it_and_choose_another(
    site: str, new_context: Callable[..., BrowserContext], has_script: bool
) -> None:
    group = Group.objects.get(name="Site editors")
    if has_script:
        administrator = new_context(viewport=DESKTOP)
        sign_in_without_form(administrator, AdministratorFactory.create(), at=site)
        invite(administrator.new_page(), group.name)
    else:
        # The admin itself needs script.
        user = User.objects.create_user(ADDRESS, first_name="Jo")
        user.groups.add(group)
        services.invite(user)
    assert list(User.objects.get(email=ADDRESS).groups.all()) == [group]

    page = new_context(java_script_enabled=has_script, bypass_csp=has_script).new_page()
    page.goto(newest_link())
    heading_is(page, "Welcome, Jo", has_script=has_script)
    expect(page.get_by_role("main")).to_contain_text("Site editors")
    choose(page, "password1234", "password1235")
    expect(page.get_by_role("main")).to_contain_text("The two passwords are not the same")
    heading_is(page, "Welcome, Jo", has_script=has_script)
    choose(page, FIRST)
    expect(page.get_by_text("Your password is saved. Sign in with it now.")).to_be_visible()
    sign_in(page, FIRST)
    # Where a passkey is set up.
    expect(page).to_have_url(re.compile(r"/admin/sign-in/security/$"))

    forgetful = new_context(java_script_enabled=has_script, bypass_csp=has_script).new_page()
    forgetful.goto("/admin/login/")
    forgetful.get_by_role("link", name="Forgotten password?").press("Enter")
    heading_is(forgetful, "Choose a new password", has_script=has_script)
    forgetful.get_by_role("button", name="Send me the link").press("Enter")
    expect(forgetful.get_by_role("main")).to_contain_text("Enter your email address.")
    type_into(forgetful, "Your email address*", ADDRESS)
    forgetful.keyboard.press("Enter")
    heading_is(forgetful, "Look at your email", has_script=has_script)
    link = newest_link()
    forgetful.goto(link)
    heading_is(forgetful, "Choose a new password", has_script=has_script)
    choose(forgetful, SECOND)
    expect(forgetful.get_by_text("Your password is saved. Sign in with it now.")).to_be_visible()
    # Who was signed in is so no longer.
    page.goto("/admin/account/")
    expect(page).to_have_url(re.compile(r"/admin/login/"))
    forgetful.goto(link)
    heading_is(forgetful, "This link no longer works", has_script=has_script)
    forgetful.goto("/admin/login/")
    sign_in(forgetful, SECOND)
    expect(forgetful).to_have_url(re.compile(r"/admin/$"))
