"""Editors are reminded of checks: on Mondays, once a week, of their own pages, whatever the mail server does."""

from datetime import UTC, date, datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend

from centres.factories import CentrePageFactory
from editors.groups import set_up_groups
from editors.reminders import MOST_NAMED, remind
from home.factories import SmallSite
from testing.checks import say_all_was_checked
from testing.people import member_of
from users.factories import UserFactory
from users.models import User

from .test_dashboard import LONG_AGO

MONDAY = datetime(2031, 6, 16, 7, 0, tzinfo=UTC)  # 8am in London


@pytest.fixture
def editor(small_site: SmallSite) -> User:
    say_all_was_checked(MONDAY.date())
    CentrePageFactory(parent=small_site.centres, short_name="Testville", title="Testville & Co", checked_on=LONG_AGO)
    CentrePageFactory(parent=small_site.centres, short_name="Otherville", title="Otherville", checked_on=LONG_AGO)
    set_up_groups()
    return member_of("Testville editors", first_name="Ann", email="ann@example.com")


def test_an_editor_is_reminded_of_own_pages_in_plain_words(editor: User) -> None:
    assert remind(MONDAY) == []
    (message,) = mail.outbox
    assert message.to == ["ann@example.com"]
    assert message.subject == "1 page is due a check"
    assert "Hello Ann," in message.body
    assert "1 page you look after is due a check. Please read it" in message.body
    assert "* Testville & Co (Centres). Last checked 29 September 2020" in message.body
    assert "http://testserver/admin/to-do/checks/" in message.body
    assert "Otherville" not in message.body


def test_nobody_is_reminded_before_monday_at_eight(editor: User) -> None:
    assert remind(MONDAY - timedelta(minutes=1)) == []
    assert mail.outbox == []


def test_an_editor_is_reminded_once_a_week(editor: User) -> None:
    for days in range(7):
        remind(MONDAY + timedelta(days=days))
    assert len(mail.outbox) == 1
    remind(MONDAY + timedelta(days=7))
    assert len(mail.outbox) == 2


def test_who_missed_monday_is_reminded_later_in_the_week(editor: User) -> None:
    remind(MONDAY + timedelta(days=3))
    assert len(mail.outbox) == 1


@pytest.mark.database
def test_who_joined_this_week_is_reminded_from_the_next(editor: User) -> None:
    User.objects.filter(pk=editor.pk).update(date_joined=MONDAY)
    for days in range(7):
        remind(MONDAY + timedelta(days=days))
    assert mail.outbox == []
    remind(MONDAY + timedelta(days=7))
    assert len(mail.outbox) == 1


def test_nobody_is_reminded_of_nothing(small_site: SmallSite) -> None:
    say_all_was_checked(MONDAY.date())
    UserFactory.create(is_superuser=True)
    assert remind(MONDAY) == []
    assert mail.outbox == []


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": "x@example.com", "is_superuser": False}])
def test_who_may_not_sign_in_is_not_reminded(editor: User, change: dict[str, Any]) -> None:
    User.objects.filter(pk=editor.pk).update(**change)
    editor.groups.clear()
    remind(MONDAY)
    assert mail.outbox == []


def test_a_long_list_is_cut(editor: User, small_site: SmallSite) -> None:
    editor.groups.add(Group.objects.get(name="Site editors"))
    for number in range(MOST_NAMED):
        CentrePageFactory(parent=small_site.centres, title=f"Pretend centre {number}", checked_on=date(2020, 10, 1))
    remind(MONDAY)
    (message,) = mail.outbox
    assert message.subject == f"{MOST_NAMED + 2} pages are due a check"
    assert "* and 2 more" in message.body


def test_a_server_that_is_away_is_tried_again(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", fail)
        assert remind(MONDAY) == ["Could not remind editors of checks. The mail server did not answer."]
    remind(MONDAY)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(("code", "said"), [(550, "no"), (550, "5.1.1 no"), (554, "5.7.1 no")])
def test_one_refused_address_stops_no_other(
    editor: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, code: int, said: str
) -> None:
    other = UserFactory.create(is_superuser=True, email="zoe@example.com")
    send = EmailBackend.send_messages

    def refuse(self: EmailBackend, messages: list[EmailMessage]) -> int:
        if messages[0].to == ["ann@example.com"]:
            raise SMTPRecipientsRefused({"ann@example.com": (code, f"{said} ann@example.com here".encode())})
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    assert len(remind(MONDAY)) == (code == 554)
    assert [message.to for message in mail.outbox] == [[other.email]]
    assert "ann@example.com" not in caplog.text
