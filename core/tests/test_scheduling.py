"""What editors scheduled goes out at its time, whatever goes wrong with something else."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from core.models import BasePage
from testing.pages import SmallSite, add_page

pytestmark = [pytest.mark.database, pytest.mark.django_db]
MINUTE = timedelta(minutes=1)


def scheduled(home: Page, title: str, minutes: int) -> BasePage:
    """Return a draft that is to be published so many minutes from now."""
    page = add_page(home, title, live=False)
    page.go_live_at = timezone.now() + minutes * MINUTE
    page.save_revision(approved_go_live_at=page.go_live_at)
    return page


def expiring(home: Page, title: str) -> BasePage:
    return add_page(home, title, expire_at=timezone.now() - MINUTE)


def is_live(page: Page) -> bool:
    return Page.objects.get(pk=page.pk).live


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """The titles that a receiver hears of, which comes after one that fails each time."""
    titles: list[str] = []

    def fail(**_: Any) -> None:
        raise RuntimeError("made up")

    def listen(instance: Page, **_: Any) -> None:
        titles.append(instance.title)

    for signal in (page_published, page_unpublished):
        signal.connect(fail, dispatch_uid="fail")
        signal.connect(listen, dispatch_uid="listen")
    yield titles
    for signal in (page_published, page_unpublished):
        signal.disconnect(dispatch_uid="fail")
        signal.disconnect(dispatch_uid="listen")


def test_what_is_due_is_published_and_what_is_not_waits(small_site: SmallSite) -> None:
    due, later = scheduled(small_site.home, "Due", -1), scheduled(small_site.home, "Later", 5)
    call_command("publish_scheduled")
    assert is_live(due)
    assert not is_live(later)


def test_what_has_expired_is_unpublished(small_site: SmallSite) -> None:
    page = expiring(small_site.home, "Over")
    call_command("publish_scheduled")
    assert not is_live(page)
    assert Page.objects.get(pk=page.pk).expired


def test_a_receiver_that_fails_stops_neither_other_posts_nor_other_receivers(
    small_site: SmallSite, heard: list[str]
) -> None:
    pages = [scheduled(small_site.home, f"Due {number}", number - 9) for number in range(3)]
    over = expiring(small_site.home, "Over")
    call_command("publish_scheduled")
    assert all(is_live(page) for page in pages)
    assert not is_live(over)
    assert heard == ["Over", "Due 0", "Due 1", "Due 2"]


def test_a_page_that_cannot_be_published_does_not_stop_the_others(small_site: SmallSite) -> None:
    twin = scheduled(small_site.home, "Twin", -2)
    other = scheduled(small_site.home, "Other", -1)
    # Published meanwhile at the address that the first one wants.
    content = twin.latest_revision
    content.content["slug"] = small_site.centres.slug
    content.save()

    with pytest.raises(CommandError, match="Could not publish “Twin”"):
        call_command("publish_scheduled")

    assert not is_live(twin)
    assert is_live(other)


def test_signals_are_as_before_afterwards(small_site: SmallSite, heard: list[str]) -> None:
    call_command("publish_scheduled")
    with pytest.raises(RuntimeError, match="made up"):
        page_published.send(sender=Page, instance=small_site.home)


def test_a_dry_run_changes_nothing_and_says_what_is_due(small_site: SmallSite) -> None:
    page = scheduled(small_site.home, "Due", -1)
    said = StringIO()
    call_command("publish_scheduled", "--dryrun", stdout=said)
    assert "Due" in said.getvalue()
    assert not is_live(page)
