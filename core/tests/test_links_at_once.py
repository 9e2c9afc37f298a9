"""Links are remembered once, whoever writes them down at the same time."""

import threading
import time
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from wagtail.models import Page

from core.links.requests import LinkResult, LinkState
from core.links.services import note_all_links, note_links
from core.management.commands.check_links import RUNNING
from core.models import BasePage, LinkCheck, PageLink
from testing.pages import SmallSite, add_page

pytestmark = pytest.mark.database

FAR = "https://far.example.org/juggling"


@pytest.fixture
def page(small_site: SmallSite) -> BasePage:
    return add_page(small_site.home, "Here", body=[("text", f'<p><a href="{FAR}">far away</a></p>')])


@pytest.mark.django_db
def test_what_was_remembered_twice_is_put_right(page: BasePage) -> None:
    note_all_links()
    [link] = PageLink.objects.all()
    link.pk = None
    link.save()
    note_all_links()
    assert PageLink.objects.count() == 1


@pytest.mark.django_db
def test_a_mended_link_leaves_no_second_row_behind(page: BasePage) -> None:
    note_all_links()
    [link] = PageLink.objects.all()
    link.pk = None
    link.save()
    page.body = [("text", "<p>Mended</p>")]
    page.save_revision().publish()
    assert not PageLink.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time whatever the code does.")
def test_two_who_note_a_page_at_once_remember_its_links_once(small_site: SmallSite) -> None:
    link = f'<p><a linktype="page" id="{small_site.home.pk}">home</a></p>'
    page = add_page(small_site.home, "Here", body=[("text", link)])
    is_locked = threading.Event()

    def note_slowly() -> None:
        try:
            with transaction.atomic():
                note_links(page.pk)
                is_locked.set()
                time.sleep(0.5)
        finally:
            connection.close()

    other = threading.Thread(target=note_slowly)
    other.start()
    assert is_locked.wait(timeout=10)
    note_links(page.pk)
    other.join()
    assert PageLink.objects.count() == 1


@pytest.mark.django_db
def test_a_page_published_during_the_night_keeps_its_links(page: BasePage, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_before_it_was_changed() -> Iterator[Page]:
        yield Page.objects.get(pk=page.pk).specific
        page.body = [("text", "<p>Mended</p>")]
        page.save_revision().publish()

    note_all_links()
    monkeypatch.setattr("core.links.services.live_pages", read_before_it_was_changed)
    note_all_links()
    assert not PageLink.objects.exists()


@pytest.mark.django_db
def test_a_second_run_leaves_the_work_to_the_first(
    page: BasePage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    during: list[str] = []

    def check(checker: object, address: str) -> LinkResult:
        call_command("check_links")
        during.append(capsys.readouterr().out)
        return LinkResult(LinkState.FINE, "There")

    monkeypatch.setattr("core.links.requests.LinkChecker.check", check)
    call_command("check_links")
    assert during == ["Another run is under way; nothing was done.\n"]
    assert capsys.readouterr().out == "Asked for 1 web address.\n"


@pytest.mark.django_db
def test_a_run_that_fails_does_not_stop_the_next(page: BasePage, monkeypatch: pytest.MonkeyPatch) -> None:
    LinkCheck.objects.create(address="https://[far/")
    nothing = LinkResult(LinkState.GONE, "There is no site of this name", is_reply=False)
    monkeypatch.setattr("core.links.services._forget_addresses", lambda kept: None)
    monkeypatch.setattr("core.links.requests.LinkChecker.check", lambda checker, address: nothing)
    with pytest.raises(CommandError, match="No site replied"):
        call_command("check_links")
    assert cache.get(RUNNING) is None
