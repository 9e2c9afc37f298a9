"""The drill of mails to very many: that it passes when senders are killed, and that it can fail."""

from contextlib import nullcontext
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from benchmarks import mail_drill, smtp_stub
from benchmarks.mail_drill import DrillReport, errors_in
from benchmarks.management.commands import drill_mails
from benchmarks.smtp_stub import Mail
from core.mail.leases import BATCH
from followers.tests.databases import shared_database

pytestmark = pytest.mark.database

ANN, BOB = Mail("", "ann@example.org", "<1@x>"), Mail("", "bob@example.org", "<2@x>")
BOTH = {"ann@example.org", "bob@example.org"}


@pytest.mark.usefixtures("transactional_db", "django_db_serialized_rollback", "no_site")
def test_every_follower_is_told_although_senders_are_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drill_mails, "temporary_database", shared_database)
    monkeypatch.setattr(mail_drill, "REFUSING", 0.3)
    # The slow one takes half a minute: it is in `make drill`.
    monkeypatch.setattr(mail_drill, "FAULTS", [each for each in mail_drill.FAULTS if each != smtp_stub.TOO_LATE])
    said = StringIO()
    # Two senders share what is more than one takes at a time.
    call_command("drill_mails", followers=BATCH * 5 // 2, senders=2, kills=2, seed=1, stdout=said)
    assert "Every follower had the mail" in said.getvalue()


def test_the_command_fails_if_anything_was_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = DrillReport(
        mails=1, connections=1, shares=[(1, 1)], refused=0, doubles=0, errors=["1 followers had no mail."]
    )
    monkeypatch.setattr(drill_mails, "drill", lambda *_: lost)
    monkeypatch.setattr(drill_mails, "temporary_database", lambda _: nullcontext())
    with pytest.raises(CommandError, match="had no mail"):
        call_command("drill_mails", followers=2)


@pytest.mark.parametrize(
    ("mails", "errors"),
    [
        ([ANN, BOB], []),
        ([ANN, BOB, BOB], []),
        ([ANN], ["1 followers had no mail."]),
        ([ANN, BOB, Mail("", "eve@example.org", "<3@x>")], ["1 mails went to somebody else."]),
        ([ANN, BOB, BOB, BOB], ["2 mails came twice, more than the 1 kills explain."]),
        ([ANN, BOB, Mail("", "bob@example.org", "<3@x>")], ["1 mails came again with another Message-ID."]),
        ([ANN, Mail("", "bob@example.org", "<1@x>")], ["1 mails had the Message-ID of another."]),
    ],
)
def test_what_is_wrong_is_named(mails: list[Mail], errors: list[str]) -> None:
    assert errors_in(mails, BOTH, 1) == errors
