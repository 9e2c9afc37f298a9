"""The one command of the clock: what fails stops nothing else, and one at a time does what cannot be shared."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from core.management.commands import tick
from core.scheduler import registry
from core.scheduler.registry import Job

pytestmark = pytest.mark.database

Done = list[str]


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch, db: None) -> Done:
    """What was done, of four jobs: the second raises, the third says what went wrong, the fourth is shared."""
    done: Done = []

    def work(name: str, answer: list[str] | None = None, error: Exception | None = None) -> Any:
        def do() -> list[str] | None:
            done.append(name)
            if error:
                raise error
            return answer

        return do

    jobs = [
        Job("send", 90, True, work("send")),
        Job("count sheep", 30, False, work("count sheep", ["Two sheep are missing."])),
        Job("wake the cock", 20, False, work("wake the cock", error=RuntimeError("asleep"))),
        Job("open the gate", 10, False, work("open the gate")),
    ]
    monkeypatch.setattr(registry, "_jobs", jobs)
    return done


def test_everything_is_done_in_order_and_what_failed_is_said(done: Done, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(CommandError) as failed:
        call_command("tick")
    assert str(failed.value).splitlines() == ["Could not wake the cock.", "Two sheep are missing."]
    assert done == ["open the gate", "wake the cock", "count sheep", "send"]
    assert "RuntimeError: asleep" in caplog.text


def test_a_second_tick_does_only_what_can_be_shared(done: Done, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def another_is_at_it(name: str) -> Iterator[bool]:
        yield False

    monkeypatch.setattr(registry, "exclusive_lock", another_is_at_it)
    call_command("tick")
    assert done == ["send"]


def test_forever_goes_on_after_what_failed_until_it_is_stopped(
    done: Done, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rounds: Iterator[str | OperationalError] = iter(["The cock sleeps.", OperationalError("gone"), ""])

    def run_due_jobs() -> list[str]:
        found = next(rounds)
        if isinstance(found, OperationalError):
            raise found
        if not found:
            stop[0](None, None)
        return [found] if found else []

    stop: list[Any] = []
    monkeypatch.setattr(tick, "run_due_jobs", run_due_jobs)
    monkeypatch.setattr(tick, "close_old_connections", lambda: None)
    monkeypatch.setattr("signal.signal", lambda number, handler: stop.append(handler))
    monkeypatch.setattr(tick, "stopping", Event())
    monkeypatch.setattr("threading.Event.wait", lambda self, seconds: None)
    call_command("tick", "--forever", "--every", "0")
    assert capsys.readouterr().err.splitlines() == ["The cock sleeps.", "The database could not be used."]
    assert len(stop) == 2


def test_what_is_due_is_registered_by_every_app_that_has_something_to_do() -> None:
    names = [job.name for job in registry.registered_jobs()]
    assert names[0] == "publish what was scheduled"
    assert names[-2:] == ["send e-mails", "read the bounce mailbox"]
    assert {"delete old searches", "remind editors of checks", "prepare mails to followers"} < set(names)
    assert [job.is_shared for job in registry.registered_jobs()] == [False] * (len(names) - 2) + [True, True]
