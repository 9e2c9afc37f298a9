"""The benchmark of mails reaches everyone, and fails when it is too slow or takes too much memory."""

from contextlib import nullcontext
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from benchmarks.mail import Prepared, Sent
from benchmarks.management.commands import bench_mails
from followers.tests.databases import shared_database


@pytest.mark.usefixtures("transactional_db", "django_db_serialized_rollback", "no_site")
def test_everyone_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_mails, "temporary_database", shared_database)
    # Among other tests there is no speed to be measured.
    monkeypatch.setattr(bench_mails, "LEAST_RATIO", 0)
    said = StringIO()
    call_command("bench_mails", deliveries=200, stdout=said)
    assert "a bare loop" in said.getvalue()


@pytest.mark.parametrize(
    ("prepared_mb", "rate", "sent_mb", "reached", "failure"),
    [
        (10, 49, 10, 2, "slower than 0.5"),
        (100, 50, 10, 2, "not less than 100 MB"),
        (10, 50, 100, 2, "not less than 100 MB"),
        (10, 50, 10, 1, "Only 1 mails arrived"),
    ],
)
def test_the_command_fails_if_a_limit_is_passed(
    prepared_mb: float, rate: float, sent_mb: float, reached: int, failure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Prepared(1, prepared_mb), Sent(rate, 100, sent_mb), reached
    monkeypatch.setattr(bench_mails, "bench", lambda *_: found)
    monkeypatch.setattr(bench_mails, "temporary_database", lambda _: nullcontext())
    with pytest.raises(CommandError, match=failure):
        call_command("bench_mails", deliveries=2)
