"""Somebody follows a forum by email, is told and leaves, with the keyboard alone, with and without script."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from playwright.sync_api import BrowserContext, Page, expect

from core.scheduler.registry import run_due_jobs
from followers.forms import QUICKEST
from followers.models import Follower, FollowRequest
from news.factories import ForumUpdatePageFactory
from news.models import ForumPage

from .conftest import PHONE
from .test_accessibility import STICKING_OUT, _violations

pytestmark = pytest.mark.browser

ADDRESS = "resident@example.com"


def newest_link(purpose: str) -> str:
    """Return the path of the link with this purpose in the newest mail."""
    found = re.search(rf"(/follow/{purpose}/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def press(page: Page, name: str) -> None:
    """Go to a link or button with the Tab key, see that it shows where one is, and press it."""
    wanted = page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name)).first
    for _ in range(150):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            break
    expect(wanted).to_be_focused()
    assert wanted.evaluate("element => getComputedStyle(element).boxShadow + getComputedStyle(element).outlineStyle")
    page.keyboard.press("Enter")


@pytest.mark.parametrize("has_script", [False, True], ids=["without script", "with script"])
def test_follow_a_forum_be_told_and_leave(
    site: str, new_context: Callable[..., BrowserContext], has_script: bool
) -> None:
    page = new_context(java_script_enabled=has_script, bypass_csp=has_script).new_page()

    def is_in_order(name: str) -> None:
        # A heading can be seen before the styles are there.
        page.wait_for_load_state()
        assert page.evaluate(STICKING_OUT) == [], name
        if has_script:
            assert _violations(page, name, (PHONE,)) == []

    forum = ForumPage.objects.get()
    page.goto(forum.url)
    press(page, "Get updates by email")
    expect(page.get_by_role("heading", level=1)).to_have_text("Get updates by email")
    expect(page.get_by_role("checkbox", name=forum.title)).to_be_checked()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(1)
    is_in_order("follow")

    press(page, "Send me the link")
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Enter your email address.")
    is_in_order("follow with an error")
    page.get_by_label("Your email address").focus()
    page.keyboard.type(ADDRESS)
    # Nobody is as quick as this test.
    page.wait_for_timeout(QUICKEST * 1000 + 500)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look at your email")
    is_in_order("sent")
    assert mail.outbox == []
    assert page.context.cookies() == []

    assert run_due_jobs() == []
    assert [message.to for message in mail.outbox] == [[ADDRESS]]
    page.goto(newest_link("confirm"))
    expect(page.get_by_role("main")).to_contain_text(forum.title)
    is_in_order("confirm")
    assert not Follower.objects.exists()
    press(page, "Yes, send me updates")
    expect(page.get_by_role("heading", level=1)).to_have_text("You will get updates")
    is_in_order("confirmed")

    ForumUpdatePageFactory(parent=forum, title="We meet on Friday", summary="Come along.").save_revision().publish()
    assert run_due_jobs() == []
    assert run_due_jobs() == []
    assert [message.subject for message in mail.outbox[1:]] == [f"{forum.title}: We meet on Friday"]
    assert mail.outbox[-1].to == [ADDRESS]

    page.goto(newest_link("leave"))
    is_in_order("leave")
    press(page, "Stop all email")
    expect(page.get_by_role("heading", level=1)).to_have_text("You get no more email")
    is_in_order("left")
    ForumUpdatePageFactory(parent=forum, title="We met").save_revision().publish()
    assert run_due_jobs() == []
    assert len(mail.outbox) == 2
    assert FollowRequest.objects.exclude(confirmed_at=None).count() == 1
