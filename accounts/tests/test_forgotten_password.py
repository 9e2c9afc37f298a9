"""A forgotten password: who asks learns nothing, who has the link chooses anew, and no request sends a mail."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AccountMail
from accounts.services import RESETS, RESETS_OF_NETWORK, forget_old_mails, owe_mail
from accounts.tests.mails import NEW, choose, link_in, send_all
from accounts.tokens import RESET, password_token
from core.mail.queues import registered_queues
from core.models import MailState, SecurityEvent
from home.factories import SmallSite
from testing.clocks import Clock
from testing.mail_server import FakeMailServer
from testing.people import signed_in
from users.factories import UserFactory
from users.models import User

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("small_site")]

FORGOTTEN, SENT = "/admin/password_reset/", "/admin/password_reset/done/"
ADDRESS = "juggler@example.org"


def ask(client: Client, address: str = ADDRESS, **extra: Any) -> Any:
    return client.post(FORGOTTEN, {"email": address}, **extra)


def ask_and_get_link(client: Client) -> str:
    assert ask(client)["Location"] == SENT
    [message] = send_all()
    return link_in(message)


@pytest.fixture
def user(small_site: SmallSite) -> User:
    return UserFactory.create(email=ADDRESS, first_name="Jo")


def test_the_request_sends_no_mail_and_the_tick_does(client: Client, user: User, monkeypatch: Any) -> None:
    server = FakeMailServer()
    server.run(monkeypatch)
    assert ask(client)["Location"] == SENT
    assert (server.opened, server.taken) == ([], [])
    assert AccountMail.objects.get().state == MailState.WAITING
    send_all()
    [message] = server.taken
    assert message.to == [ADDRESS]
    assert message.body.startswith("Hello Jo,")


def test_a_mail_server_that_hangs_holds_up_no_request(client: Client, user: User, monkeypatch: Any) -> None:
    def hang(*args: Any) -> None:
        pytest.fail("A request waited for the mail server.")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.open", hang)
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", hang)
    assert ask(client).status_code == 302
    link = f"/admin/password_reset/confirm/{password_token(RESET, user)}/"
    assert choose(client, link)["Location"] == "/admin/login/"
    assert AccountMail.objects.count() == 2


def test_the_mail_says_for_what_until_when_and_that_one_may_ignore_it(
    client: Client, user: User, monkeypatch: Any
) -> None:
    Clock(datetime(2026, 5, 4, 9, 30, tzinfo=UTC)).run(monkeypatch)
    ask(client)
    [message] = send_all()
    for text in (message.body, str(message.alternatives[0][0])):
        assert "Better Care Together Thurrock" in text
        assert "until Monday 4 May 2026, 12:30pm" in text
        assert "you can ignore this email" in text
    assert message.subject == "Choose a new password – Better Care Together Thurrock"


def test_mails_about_accounts_go_before_all_others() -> None:
    assert registered_queues()[0].model is AccountMail


def test_nothing_that_lets_anybody_in_is_kept(client: Client, user: User) -> None:
    link = ask_and_get_link(client)
    token = link.split("/")[-2]
    kept = str(list(AccountMail.objects.values())) + str(list(SecurityEvent.objects.values()))
    assert token not in kept
    assert token.split(".")[1] not in kept


@pytest.mark.parametrize(
    "typed",
    [ADDRESS, "JUGGLER@Example.ORG", " juggler@example.org ", "\uff4auggler@example.org", "jug\xadgler@example.org"],
)
def test_the_new_password_is_the_one_that_works(client: Client, user: User, typed: str) -> None:
    assert ask(client, typed)["Location"] == SENT
    [message] = send_all()
    assert message.to == [ADDRESS]
    answer = choose(client, link_in(message))
    assert answer["Location"] == "/admin/login/"
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert "Your password is saved" in client.get("/admin/login/").content.decode()


def test_it_signs_nobody_in(client: Client, user: User) -> None:
    choose(client, ask_and_get_link(client))
    assert "_auth_user_id" not in client.session


def test_all_sessions_of_the_person_end_and_a_mail_says_so(client: Client) -> None:
    user = UserFactory.create(email=ADDRESS, is_superuser=True)
    other = signed_in(user)
    assert other.get("/admin/account/").status_code == 200
    link = ask_and_get_link(client)
    # Signing in since would have ended the link.
    choose(client, link)
    assert other.get("/admin/account/").status_code == 302
    assert not UserSession.objects.purge_and_list(user)
    [message] = send_all()
    assert message.to == [ADDRESS]
    assert message.subject.startswith("Your password was changed")


def test_a_link_works_once(client: Client, user: User) -> None:
    link = ask_and_get_link(client)
    assert choose(client, link).status_code == 302
    again = choose(Client(), link, "yet-another-battery")
    assert again.status_code == 404
    assert "This link no longer works" in again.content.decode()
    assert FORGOTTEN in again.content.decode()
    user.refresh_from_db()
    assert user.check_password(NEW)


def test_two_windows_of_one_link_change_the_password_once(client: Client, user: User) -> None:
    link, other = ask_and_get_link(client), Client()
    path = other.get(link, follow=True).request["PATH_INFO"]
    choose(client, link)
    late = other.post(path, {"new_password1": "yet-another-battery", "new_password2": "yet-another-battery"})
    assert late.status_code == 404
    user.refresh_from_db()
    assert user.check_password(NEW)


def test_opening_a_link_uses_nothing_up(client: Client, user: User) -> None:
    link = ask_and_get_link(client)
    for _ in range(3):
        assert Client().get(link, follow=True).status_code == 200
    assert choose(client, link).status_code == 302


def test_the_screen_is_at_an_address_without_the_token(client: Client, user: User) -> None:
    link = ask_and_get_link(client)
    shown = client.get(link, follow=True)
    assert shown.redirect_chain == [("/admin/password_reset/confirm/choose/", 302)]
    assert link.split("/")[-2] not in shown.content.decode()
    assert shown["Referrer-Policy"] == "same-origin"
    assert "no-store" in shown["Cache-Control"]
    assert ADDRESS in shown.content.decode()


def test_a_link_ends_after_two_hours_and_the_screen_says_so(client: Client, user: User, monkeypatch: Any) -> None:
    clock = Clock(timezone.now())
    clock.run(monkeypatch)
    link = ask_and_get_link(client)
    clock.advance(hours=1, minutes=59)
    assert client.get(link, follow=True).status_code == 200
    clock.advance(minutes=2)
    answer = client.get(link)
    assert answer.status_code == 404
    assert "This link is too old" in answer.content.decode()
    assert "A link works for 2 hours" in answer.content.decode()


@pytest.mark.parametrize("what", ["sign in", "address", "switched off", "deleted"])
def test_a_link_ends_with_whatever_it_was_made_for(client: Client, user: User, what: str) -> None:
    link = ask_and_get_link(client)
    change: dict[str, Callable[[], object]] = {
        "sign in": lambda: User.objects.update(last_login=timezone.now()),
        "address": lambda: User.objects.update(email="clown@example.org"),
        "switched off": lambda: User.objects.update(is_active=False),
        "deleted": user.delete,
    }
    change[what]()
    assert client.get(link).status_code == 404


@pytest.mark.parametrize(
    "token", ["choose", "x", "MQ/set-password", "MQ/abc-0123", "1.2.3.4", "😀", "a" * 5000, "1%00", "<script>"]
)
def test_what_is_no_link_says_so(client: Client, user: User, token: str) -> None:
    answer = client.get(f"/admin/password_reset/confirm/{token}/")
    assert answer.status_code == 404
    assert "This link no longer works" in answer.content.decode()


def test_a_link_for_one_thing_does_nothing_else(client: Client, user: User) -> None:
    token = ask_and_get_link(client).split("/")[-2]
    assert client.get(f"/admin/invitation/{token}/").status_code == 404


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("", "", "Type a password."),
        (NEW, "", "Type a password."),
        (NEW, NEW + "x", "The two passwords are not the same"),
        ("short", "short", "at least 12 characters"),
        ("password1234", "password1234", "too common"),
        ("123456789012", "123456789012", "numeric"),
        ("juggler@example", "juggler@example", "too similar"),
    ],
)
def test_a_password_that_will_not_do_is_refused_beside_the_field(
    client: Client, user: User, password: str, again: str, said: str
) -> None:
    link = ask_and_get_link(client)
    answer = choose(client, link, password, again)
    assert answer.status_code == 200
    assert said in str(answer.context["form"].errors)
    user.refresh_from_db()
    assert not user.check_password(password)
    assert choose(client, link).status_code == 302


@pytest.mark.parametrize(
    "password", ["🤹" * 12, "пароль из многих слов", "<b>horse</b> battery", "x y" * 1000, " horse battery "]
)
def test_a_password_may_be_in_any_script_and_long(client: Client, user: User, password: str) -> None:
    assert choose(client, ask_and_get_link(client), password).status_code == 302
    user.refresh_from_db()
    assert user.check_password(password)


def test_who_asks_gets_the_same_answer_and_no_mail_whoever_has_the_address(client: Client, user: User) -> None:
    UserFactory.create(email="left@example.org", is_active=False)
    UserFactory.create(email="directory@example.org", last_login=timezone.now(), password=None)
    User.objects.create_user("invited@example.org")
    answers, queries = set(), set()
    ask(client)  # what a process looks up once
    for name in ("juggler", "left", "directory", "invited", "nobody"):
        with CaptureQueriesContext(connection) as asked:
            answer = ask(client, f"{name}@example.org")
        answers.add((answer.status_code, answer["Location"], answer.content, tuple(answer.headers)))
        queries.add(tuple(each["sql"].split(" ")[0] for each in asked))
    assert len(answers) == 1
    assert len(queries) == 1, queries
    assert [message.to for message in send_all()] == [[ADDRESS]] * 2
    assert AccountMail.objects.filter(state=MailState.DROPPED).count() == 4


@pytest.mark.parametrize(
    "typed",
    ["", " ", "juggler", "@", "a" * 300 + "@example.org", "🤹@example.org", "<b>@example.org", "مرحبا"],
)
def test_what_is_no_address_is_refused_beside_the_field_and_kept(client: Client, typed: str) -> None:
    answer = ask(client, typed)
    assert answer.status_code == 200
    assert "Enter" in str(answer.context["form"].errors["email"])
    assert answer.context["form"]["email"].value() == typed
    assert not AccountMail.objects.exists()


def test_fifty_networks_together_cause_three_mails_an_hour(client: Client, user: User, monkeypatch: Any) -> None:
    clock = Clock(datetime(2026, 5, 4, 11, 59, tzinfo=UTC))
    clock.run(monkeypatch)
    for number in range(50):
        # The hour by the clock ends between: what was counted before it still counts.
        clock.advance(seconds=5)
        assert ask(client, REMOTE_ADDR=f"192.0.{number}.7")["Location"] == SENT
    assert len(send_all()) == RESETS.most == 3
    clock.advance(minutes=54)
    ask(client, REMOTE_ADDR="198.51.100.7")
    assert send_all() == []
    clock.advance(hours=2)
    ask(client, REMOTE_ADDR="198.51.100.7")
    assert len(send_all()) == 1


def test_one_network_asks_only_so_often_whichever_address(client: Client) -> None:
    most = RESETS_OF_NETWORK.most
    for number in range(most + 5):
        assert ask(client, f"person{number}@example.org", REMOTE_ADDR="2001:db8::7")["Location"] == SENT
    assert AccountMail.objects.count() == most
    ask(client, REMOTE_ADDR="2001:db8:0:1::9")  # the same house
    assert AccountMail.objects.count() == most
    ask(client, REMOTE_ADDR="198.51.100.7")
    assert AccountMail.objects.count() == most + 1


def test_other_spellings_of_an_address_share_its_limit(client: Client, user: User) -> None:
    for typed in (ADDRESS, ADDRESS.upper(), "\uff4auggler@example.org", f" {ADDRESS}", "JUGGLER@example.org"):
        ask(client, typed)
    assert len(send_all()) == 3


def test_the_log_says_who_was_sent_a_link_and_who_used_it(client: Client, user: User) -> None:
    choose(client, ask_and_get_link(client))
    found = SecurityEvent.objects.filter(object_id=str(user.pk)).order_by("pk")
    assert [event.action for event in found] == ["security.reset_sent", "security.reset_used"]
    assert found[1].user == user
    assert found[1].data["network"]


def test_a_mail_to_whom_is_gone_when_its_turn_comes_is_dropped(client: Client, user: User) -> None:
    ask(client)
    User.objects.update(is_active=False)
    assert send_all() == []
    assert AccountMail.objects.get().state == MailState.DROPPED
    assert mail.outbox == []


def test_form_of_another_site_is_refused(user: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert ask(strict).status_code == 403


def test_old_mails_are_deleted_and_addresses_before_that(user: User) -> None:
    now = timezone.now()
    old, new, waiting = (owe_mail(AccountMail.Kind.ADDRESS_CHANGED, user, "old@example.org") for _ in range(3))
    AccountMail.objects.filter(pk=old.pk).update(state=MailState.SENT, created_at=now - timedelta(days=31))
    AccountMail.objects.filter(pk=new.pk).update(state=MailState.SENT, sent_at=now - timedelta(days=2))
    forget_old_mails()
    assert list(AccountMail.objects.order_by("pk").values_list("pk", "address")) == [
        (new.pk, ""),
        (waiting.pk, "old@example.org"),
    ]
