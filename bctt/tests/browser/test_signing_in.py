"""Signing in, in Chromium, typed with keys: passwords, lock-outs, apps, passkeys, codes, sessions, a directory."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import FailedSignIns
from testing.directory import CLIENT, SECRET, Directory, running_directory
from users.models import User

from .admin import settle
from .conftest import DESKTOP, PHONE
from .test_accessibility import BOTH_SIZES, resize, violations
from .test_admin_screens import CUT_OFF

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:[Uu]nclosed file:ResourceWarning"),
]

PASSWORD = "correct-horse-battery"


@pytest.fixture(autouse=True)
def production_rules(settings: Any, site: str) -> None:
    """Second factors are asked for, and passkeys are for the address of the running site."""
    settings.SECOND_FACTOR_REQUIRED = True
    settings.WAGTAILADMIN_BASE_URL = site


@pytest.fixture
def publisher(administrator: User) -> User:
    """An administrator who must set up a second factor now."""
    User.objects.filter(pk=administrator.pk).update(second_factor_due_at=timezone.now() - timedelta(days=1))
    return administrator


@pytest.fixture
def window(new_context: Callable[..., BrowserContext]) -> Page:
    """A window of nobody yet."""
    return new_context(viewport=DESKTOP).new_page()


@pytest.fixture
def directory(settings: Any) -> Iterator[Directory]:
    """A directory that the settings name."""
    with running_directory() as directory:
        settings.OIDC_SERVER_URL, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = directory.url, CLIENT, SECRET
        settings.OIDC_NAME = "the council"
        yield directory


def type_into(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


def give_password(page: Page, user: User, password: str = PASSWORD) -> None:
    page.goto("/admin/login/")
    type_into(page, "E-mail address*", user.email)
    type_into(page, "Password*", password)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def is_signed_in(page: Page) -> None:
    expect(page).to_have_url(re.compile("/admin/$"))
    expect(page.locator("h1")).to_be_visible()


def code_of(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def sign_out(page: Page) -> None:
    page.goto("/admin/logout/")
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("main")).to_contain_text("You have signed out.")


def check(page: Page, found: list[str]) -> None:
    """Note what axe finds on a screen, and what is cut off, at 320 and 1280 pixels."""
    settle(page)
    for rule in violations(page, "main", BOTH_SIZES):
        found += [f"{page.url} {rule['id']}: {node['html'][:150]} {node['failureSummary']}" for node in rule["nodes"]]
    resize(page, PHONE)
    settle(page)
    found += [f"{page.url}: {each} is cut off" for each in page.evaluate(CUT_OFF)]
    resize(page, DESKTOP)


def test_somebody_is_locked_out_sets_up_an_app_and_uses_a_recovery_code(
    window: Page, publisher: User, new_context: Callable[..., BrowserContext]
) -> None:
    found: list[str] = []
    give_password(window, publisher, "wrong")
    expect(window.locator("main")).to_contain_text("The e-mail address or the password is not right.")
    check(window, found)
    for _ in range(4):
        give_password(window, publisher, "wrong")
    expect(window.locator("main")).to_contain_text("There were too many wrong tries. Try again in 1 minute.")
    give_password(window, publisher)
    expect(window.locator("main")).to_contain_text("Try again in 1 minute.")
    FailedSignIns.objects.update(locked_until=timezone.now())
    give_password(window, publisher)

    # Everything leads to setting up a second factor.
    expect(window.locator("h1")).to_have_text("Sign-in and security")
    expect(window.locator("main")).to_contain_text("Your account needs a second step.")
    check(window, found)
    window.goto("/admin/pages/")
    window.get_by_role("link", name="Set up an app").click()
    check(window, found)
    secret = window.locator("#totp_secret").inner_text()
    type_into(window, "Code that the app shows*", code_of(secret))
    window.keyboard.press("Enter")
    expect(window.locator("h1")).to_contain_text("Your recovery codes")
    check(window, found)
    recovery = window.locator(".bctt-codes code").first.inner_text()
    window.goto("/admin/")
    is_signed_in(window)
    sign_out(window)

    # The app, then a recovery code, without JavaScript.
    give_password(window, publisher)
    expect(window.locator("h1")).to_have_text("Second step")
    check(window, found)
    type_into(window, "Code*", "000000")
    window.keyboard.press("Enter")
    expect(window.locator("main")).to_contain_text("This code is not right")
    # The next one, since the first was used: the clock may have moved on by one while this was typed.
    type_into(window, "Code*", code_of(secret, 1))
    window.keyboard.press("Enter")
    is_signed_in(window)
    plain = new_context(java_script_enabled=False).new_page()
    give_password(plain, publisher)
    type_into(plain, "Code*", recovery)
    plain.keyboard.press("Enter")
    expect(plain).to_have_url(re.compile("/admin/$"))

    # Two sessions; the other ends.
    window.goto("/admin/sign-in/security/")
    check(window, found)
    window.get_by_role("link", name="Sign out everywhere else").click()
    expect(window.locator("main li", has_text="Chrome on")).to_have_count(2)
    check(window, found)
    window.get_by_role("button", name="Sign out everywhere else").click()
    expect(window.locator("main")).to_contain_text("You are signed in nowhere else.")
    plain.goto("/admin/")
    expect(plain.locator("h1")).to_have_text("Sign in to edit this site")
    assert not found, "\n".join(found)


def test_somebody_sets_up_a_passkey_and_signs_in_with_it_alone(window: Page, publisher: User) -> None:
    found: list[str] = []
    devtools = window.context.new_cdp_session(window)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )
    give_password(window, publisher)
    window.get_by_role("link", name="Add a passkey").click()
    check(window, found)
    type_into(window, "What you call it", "My telephone")
    window.get_by_role("button", name="Add the passkey").press("Enter")
    expect(window.locator("h1")).to_contain_text("Your recovery codes")
    window.goto("/admin/sign-in/passkeys/")
    expect(window.locator("main")).to_contain_text("My telephone")
    check(window, found)
    sign_out(window)

    # After the password …
    give_password(window, publisher)
    window.get_by_role("button", name="Use a passkey").press("Enter")
    is_signed_in(window)
    sign_out(window)
    # … and alone.
    window.goto("/admin/login/?next=/admin/sign-in/passkeys/")
    check(window, found)
    window.get_by_role("button", name="Sign in with a passkey").press("Enter")
    expect(window.locator("h1")).to_contain_text("Your passkeys")
    # The only one stays.
    window.get_by_role("link", name="Remove My telephone").click()
    expect(window.get_by_role("button", name="Remove the passkey")).to_have_count(0)
    expect(window.locator("main")).to_contain_text("this is your only one")
    check(window, found)
    assert not found, "\n".join(found)


def test_somebody_comes_from_a_directory_and_is_told_whom_to_ask(window: Page, site: str, directory: Directory) -> None:
    found: list[str] = []
    directory.claims = {"sub": "7", "email": "new@example.org", "email_verified": True}
    window.goto("/admin/login/")
    window.get_by_role("button", name="Sign in with the council").press("Enter")
    expect(window.locator("h1")).to_have_text("You may not see this")
    expect(window.locator("main")).to_contain_text("new@example.org")
    check(window, found)
    window.get_by_role("button", name="Sign out").click()
    directory.fault = "denies"
    window.get_by_role("button", name="Sign in with the council").press("Enter")
    expect(window.locator("main")).to_contain_text("the council did not let you in")
    check(window, found)
    assert not found, "\n".join(found)
