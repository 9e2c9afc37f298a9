"""One's own account: another password, another address to sign in with, and who is told of it."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from accounts.models import AccountMail
from accounts.services import NEW_ADDRESSES, WRONG_PASSWORDS
from accounts.tests.mails import NEW, link_in, send_all
from core.models import MailState, SecurityEvent
from testing.clocks import Clock
from testing.people import person_who_may, signed_in
from users.factories import UserFactory
from users.models import User

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("small_site")]

ACCOUNT, CHANGE = "/admin/account/", "/admin/account/address/"
OLD = "correct-horse-battery"
ADDRESS, OTHER = "juggler@example.org", "clown@example.org"


@pytest.fixture
def user(small_site: Any) -> User:
    user = person_who_may("core.change_alert")
    user.email = ADDRESS
    user.save()
    return user


@pytest.fixture
def own(user: User) -> Client:
    return signed_in(user)


def change_password(own: Client, **fields: str) -> Any:
    data = {
        "name_email-first_name": "Jo",
        "name_email-last_name": "Juggler",
        "theme-theme": "system",
        "theme-contrast": "system",
        "theme-density": "default",
        "password-old_password": OLD,
        "password-new_password1": NEW,
        "password-new_password2": NEW,
        **fields,
    }
    return own.post(ACCOUNT, data)


def ask(own: Client, email: str = OTHER, password: str = OLD) -> Any:
    return own.post(CHANGE, {"email": email, "password": password})


def ask_and_get_link(own: Client) -> str:
    assert ask(own).status_code == 200
    [message] = [message for message in send_all() if message.to == [OTHER]]
    return link_in(message)


def test_the_account_screen_changes_name_and_password_and_leads_to_the_address(own: Client) -> None:
    html = own.get(ACCOUNT).content.decode()
    assert 'name="name_email-first_name"' in html
    assert 'name="name_email-email"' not in html
    assert html.count('name="password-old_password"') == 1
    assert CHANGE in html


def test_who_changes_the_password_is_told_and_signed_out_elsewhere(own: Client, user: User) -> None:
    elsewhere = signed_in(user)
    assert change_password(own)["Location"] == ACCOUNT
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert user.first_name == "Jo"
    assert own.get(ACCOUNT).status_code == 200
    assert elsewhere.get(ACCOUNT).status_code == 302
    [message] = send_all()
    assert (message.to, message.subject.split(" –")[0]) == ([ADDRESS], "Your password was changed")
    assert SecurityEvent.objects.filter(action="security.password_changed", user=user).count() == 1


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("password-old_password", "wrong-horse-battery", "This is not your password."),
        ("password-old_password", "", "This is not your password."),
        ("password-new_password2", "other-horse-battery", "didn’t match"),
        ("password-new_password1", "short", "didn’t match"),
    ],
)
def test_a_password_is_not_changed_without_the_present_one(
    own: Client, user: User, field: str, typed: str, said: str
) -> None:
    answer = change_password(own, **{field: typed})
    assert said in answer.content.decode()
    user.refresh_from_db()
    assert user.check_password(OLD)
    assert not AccountMail.objects.exists()


def test_saving_a_name_alone_changes_no_password(own: Client, user: User) -> None:
    none = dict.fromkeys(("password-old_password", "password-new_password1", "password-new_password2"), "")
    assert change_password(own, **none).status_code == 302
    user.refresh_from_db()
    assert (user.first_name, user.check_password(OLD)) == ("Jo", True)
    assert not AccountMail.objects.exists()


def test_an_open_browser_finds_no_password_by_trying(own: Client, user: User) -> None:
    for _ in range(WRONG_PASSWORDS.most):
        ask(own, password="wrong-horse-battery")
    answer = ask(own)
    assert "The password was wrong too often." in answer.content.decode()
    assert "The password was wrong too often." in change_password(own).content.decode()
    assert not AccountMail.objects.exists()


def test_a_new_address_is_confirmed_by_the_link_that_is_sent_there(own: Client, user: User) -> None:
    answer = ask(own, " Clown@Example.org ")
    assert OTHER in answer.content.decode()
    user.refresh_from_db()
    assert user.email == ADDRESS
    sent = {message.to[0]: message for message in send_all()}
    assert set(sent) == {ADDRESS, OTHER}
    assert "may change" in sent[ADDRESS].subject
    assert OTHER not in sent[ADDRESS].body
    link = link_in(sent[OTHER])
    assert "Yes, use this address" in own.get(link).content.decode()
    user.refresh_from_db()
    assert user.email == ADDRESS  # looking changes nothing
    assert own.post(link)["Location"] == ACCOUNT
    user.refresh_from_db()
    assert user.email == OTHER
    assert own.get(ACCOUNT).status_code == 200
    [told] = send_all()
    assert (told.to, told.subject.split(" –")[0]) == ([ADDRESS], "Your sign-in address was changed")
    assert SecurityEvent.objects.filter(action="security.address_changed", user=user).count() == 1


def test_the_old_address_signs_nobody_in_any_more(own: Client, user: User) -> None:
    EmailAddress.objects.create(user=user, email=ADDRESS, verified=True, primary=True)
    own.post(ask_and_get_link(own))
    assert not EmailAddress.objects.exists()


def test_a_link_to_a_new_address_works_once_and_for_a_day(own: Client, user: User, monkeypatch: Any) -> None:
    clock = Clock(timezone.now())
    clock.run(monkeypatch)
    link = ask_and_get_link(own)
    clock.advance(hours=25)
    late = signed_in(user).post(link)  # the first session is over
    assert late.status_code == 404
    assert "A link works for a day" in late.content.decode()
    clock.advance(hours=-24)
    own = signed_in(user)
    assert own.post(link).status_code == 302
    User.objects.update(email=ADDRESS)
    again = own.post(link)
    assert again.status_code == 404
    assert "It was used already" in again.content.decode()


def test_a_later_request_ends_the_link_of_the_first(own: Client, user: User) -> None:
    first = ask_and_get_link(own)
    ask(own, "third@example.org")
    assert own.post(first).status_code == 404


def test_a_link_for_one_account_does_nothing_for_another(own: Client, user: User) -> None:
    link = ask_and_get_link(own)
    other = signed_in(person_who_may("core.change_alert"))
    assert other.post(link).status_code == 404
    assert Client().post(link)["Location"].startswith("/admin/login/")
    user.refresh_from_db()
    assert user.email == ADDRESS


def test_an_address_that_somebody_has_looks_the_same_and_is_not_written_to(own: Client, user: User) -> None:
    UserFactory.create(email=OTHER)
    taken = ask(own)
    free = ask(own, "free0@example.org")
    shown = [re.sub(r"\w{64}", "", answer.content.decode()) for answer in (taken, free)]  # without CSRF tokens
    assert shown[0].replace(OTHER, "") == shown[1].replace("free0@example.org", "")
    AccountMail.objects.filter(address="").delete()
    ask(own)
    assert {message.to[0] for message in send_all()} == {ADDRESS}


def test_an_address_that_was_taken_meanwhile_is_refused_in_words(own: Client, user: User) -> None:
    link = ask_and_get_link(own)
    UserFactory.create(email=OTHER)
    answer = own.post(link)
    assert answer.status_code == 409
    assert "This address cannot be used" in answer.content.decode()
    user.refresh_from_db()
    assert user.email == ADDRESS


@pytest.mark.parametrize(
    "typed",
    ["", "clown", "a" * 300 + "@example.org", "🤡@example.org", "<b>x</b>@example.org", ADDRESS, ADDRESS.upper()],
)
def test_what_cannot_be_the_new_address_is_refused_beside_the_field(own: Client, typed: str) -> None:
    answer = ask(own, typed)
    assert list(answer.context["form"].errors) == ["email"]
    assert answer.context["form"]["email"].value() == typed
    assert not AccountMail.objects.exists()


def test_nobody_has_mails_sent_to_strangers_without_end(own: Client) -> None:
    for number in range(NEW_ADDRESSES.most):
        ask(own, f"stranger{number}@example.org")
    answer = ask(own, "one-more@example.org")
    assert "You asked for another address several times." in answer.content.decode()
    assert not AccountMail.objects.filter(address="one-more@example.org").exists()


def test_who_comes_by_the_directory_changes_neither(own: Client, user: User) -> None:
    own.session.flush()
    user.set_unusable_password()
    user.save()
    directory = signed_in(user)
    html = directory.get(ACCOUNT).content.decode()
    assert "password-old_password" not in html
    assert "It can be changed only there." in html
    assert directory.get(CHANGE)["Location"] == "/admin/"


def test_an_administrator_who_changes_an_address_has_the_old_one_told(admin_client: Client, user: User) -> None:
    data = {"email": OTHER, "first_name": "Jo", "last_name": "Juggler", "is_active": "on"}
    assert admin_client.post(f"/admin/users/edit/{user.pk}/", data).status_code == 302
    [told] = send_all()
    assert told.to == [ADDRESS]
    assert told.subject.startswith("Your sign-in address was changed")
    admin_client.post(f"/admin/users/edit/{user.pk}/", {**data, "last_name": "Clown"})
    assert send_all() == []


@pytest.mark.parametrize("kind", [AccountMail.Kind.LOCKED_OUT, AccountMail.Kind.SECOND_FACTOR_CHANGED])
def test_the_other_mails_about_accounts_say_what_to_do(user: User, kind: AccountMail.Kind) -> None:
    AccountMail.objects.create(kind=kind, user=user)
    [message] = send_all()
    assert message.to == [ADDRESS]
    assert link_in(message) == "/admin/password_reset/"
    assert AccountMail.objects.get().state == MailState.SENT
