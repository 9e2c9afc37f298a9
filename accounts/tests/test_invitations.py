"""Invitations: an administrator adds a person, who chooses the password; nobody types somebody else's."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.models import AccountMail
from accounts.tests.mails import NEW, choose, link_in, send_all
from core.models import MailState, SecurityEvent
from testing.clocks import Clock
from testing.people import person_who_may, signed_in
from users.factories import AdministratorFactory, UserFactory
from users.models import User

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("small_site")]

ADDRESS = "juggler@example.org"


def add(client: Client, email: str = ADDRESS, **fields: Any) -> Any:
    data = {"email": email, "first_name": "Jo", "last_name": "Juggler", **fields}
    return client.post("/admin/users/new/", data)


def invite(admin_client: Client, **fields: Any) -> str:
    answer = add(admin_client, **fields)
    assert answer.status_code == 302, answer.context["form"].errors
    [message] = send_all()
    return link_in(message)


def test_who_is_added_gets_a_link_and_chooses_a_password(admin_client: Client, client: Client) -> None:
    group = Group.objects.create(name="Jugglers of Testville")
    link = invite(admin_client, groups=[group.pk])
    user = User.objects.get(email=ADDRESS)
    assert not user.has_usable_password()
    page = client.get(link, follow=True)
    html = page.content.decode()
    assert page.redirect_chain == [("/admin/invitation/choose/", 302)]
    assert "Welcome, Jo" in html
    assert "Better Care Together Thurrock" in html
    assert ADDRESS in html
    assert "Jugglers of Testville" in html
    # Signing in leads on to where a passkey is set up.
    assert choose(client, link)["Location"] == "/admin/login/?next=%2Fadmin%2Fsign-in%2Fsecurity%2F"
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert list(user.groups.all()) == [group]
    assert "_auth_user_id" not in client.session


def test_the_mail_greets_and_says_where_until_when_and_that_one_may_ignore_it(
    admin_client: Client, monkeypatch: Any
) -> None:
    Clock(datetime(2026, 5, 4, 9, 30, tzinfo=UTC)).run(monkeypatch)
    add(admin_client)
    [message] = send_all()
    assert message.to == [ADDRESS]
    for text in (message.body, str(message.alternatives[0][0])):
        assert "Hello Jo," in text
        assert "the website of Better Care Together Thurrock" in text
        assert "until Monday 11 May 2026, 10:30am" in text
        assert "you can ignore this email" in text


def test_nobody_types_the_password_of_somebody_else(admin_client: Client) -> None:
    user = UserFactory.create(email=ADDRESS)
    for path in ("/admin/users/new/", f"/admin/users/edit/{user.pk}/"):
        html = admin_client.get(path).content.decode()
        assert 'name="email"' in html
        assert 'type="password"' not in html, path
    data = {"email": ADDRESS, "first_name": "Jo", "last_name": "Juggler", "is_active": "on"}
    admin_client.post(f"/admin/users/edit/{user.pk}/", {**data, "password1": NEW, "password2": NEW})
    user.refresh_from_db()
    assert user.first_name == "Jo"
    assert not user.check_password(NEW)


@pytest.mark.parametrize("name", ["<b>Jo</b>", "Ж" * 150, "🤹", "ליאת", "Jo\u200bey", "Jo\x00ey"])
def test_a_person_may_have_any_name(admin_client: Client, client: Client, name: str) -> None:
    link = invite(admin_client, first_name=name)
    assert "<b>Jo" not in client.get(link, follow=True).content.decode()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("email", ""),
        ("email", "juggler"),
        ("email", "a" * 250 + "@example.org"),
        ("first_name", ""),
        ("first_name", "x" * 151),
    ],
)
def test_what_cannot_be_kept_is_refused_beside_the_field(admin_client: Client, field: str, typed: str) -> None:
    answer = add(admin_client, **{field: typed})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert not AccountMail.objects.exists()


@pytest.mark.parametrize("typed", [ADDRESS, "JUGGLER@Example.org"])
@pytest.mark.parametrize("is_active", [True, False])
def test_nobody_is_added_twice(admin_client: Client, typed: str, is_active: bool) -> None:
    UserFactory.create(email=ADDRESS, is_active=is_active)
    answer = add(admin_client, typed)
    assert answer.context["form"].errors["email"] == ["Somebody already signs in with this e-mail address."]
    assert not AccountMail.objects.exists()


def test_an_invitation_works_once_and_for_seven_days(admin_client: Client, monkeypatch: Any) -> None:
    clock = Clock(timezone.now())
    clock.run(monkeypatch)
    link = invite(admin_client)
    clock.advance(days=6, hours=23)
    assert Client().get(link, follow=True).status_code == 200
    clock.advance(hours=2)
    late = Client().get(link)
    assert late.status_code == 404
    assert "An invitation works for 7 days" in late.content.decode()
    assert "to send the invitation again" in late.content.decode()
    clock.advance(hours=-3)
    assert choose(Client(), link).status_code == 302
    again = Client().get(link)
    assert again.status_code == 404
    assert "If you have chosen a password before, sign in with it." in again.content.decode()


@pytest.mark.parametrize("what", ["switched off", "deleted", "came by the directory"])
def test_an_invitation_ends_with_the_person(admin_client: Client, what: str) -> None:
    link = invite(admin_client)
    user = User.objects.get(email=ADDRESS)
    change: dict[str, Callable[[], object]] = {
        "switched off": lambda: User.objects.filter(pk=user.pk).update(is_active=False),
        "deleted": user.delete,
        "came by the directory": lambda: User.objects.filter(pk=user.pk).update(last_login=timezone.now()),
    }
    change[what]()
    assert Client().get(link).status_code == 404


def test_the_list_says_who_has_not_come_yet_and_can_show_them_alone(admin_client: Client) -> None:
    invite(admin_client)
    UserFactory.create(email="clown@example.org", last_name="Clown")
    html = admin_client.get("/admin/users/").content.decode()
    assert html.count("Not used yet") == 1
    only = admin_client.get("/admin/users/", {"is_invited": "true"}).content.decode()
    assert "Juggler" in only
    assert "Clown" not in only
    others = admin_client.get("/admin/users/", {"is_invited": "false"}).content.decode()
    assert "Jo Juggler" not in others
    assert "Clown" in others


def test_the_invitation_can_be_sent_again(admin_client: Client) -> None:
    first = invite(admin_client)
    user = User.objects.get(email=ADDRESS)
    edit = admin_client.get(f"/admin/users/edit/{user.pk}/").content.decode()
    path = f"/admin/users/send-link/{user.pk}/"
    assert path in edit
    assert "Send the invitation again" in edit
    assert "Yes, send the invitation again" in admin_client.get(path).content.decode()
    assert AccountMail.objects.count() == 1  # looking sends nothing
    assert admin_client.post(path)["Location"] == f"/admin/users/edit/{user.pk}/"
    [message] = send_all()
    assert choose(Client(), link_in(message)).status_code == 302
    assert Client().get(first).status_code == 404


def test_an_administrator_can_have_a_link_sent_to_whoever_has_a_password(
    admin_client: Client, administrator: User
) -> None:
    user = UserFactory.create(email=ADDRESS)
    path = f"/admin/users/send-link/{user.pk}/"
    assert "Send a link to choose a new password" in admin_client.get(f"/admin/users/edit/{user.pk}/").content.decode()
    assert "Yes, send the link" in admin_client.get(path).content.decode()
    assert admin_client.post(path).status_code == 302
    [message] = send_all()
    assert message.to == [ADDRESS]
    assert choose(Client(), link_in(message)).status_code == 302
    asked = SecurityEvent.objects.get(action="security.reset_asked")
    assert (asked.user, asked.object_id) == (administrator, str(user.pk))


def test_who_comes_by_the_directory_is_offered_no_password(admin_client: Client) -> None:
    user = UserFactory.create(email=ADDRESS, last_login=timezone.now())
    user.set_unusable_password()
    user.save()
    path = f"/admin/users/send-link/{user.pk}/"
    assert path not in admin_client.get(f"/admin/users/edit/{user.pk}/").content.decode()
    assert "signs in by the directory" in admin_client.post(path).content.decode()
    assert not AccountMail.objects.exists()


def test_links_are_sent_by_who_may_change_people_alone(small_site: Any) -> None:
    user = UserFactory.create()
    path = f"/admin/users/send-link/{user.pk}/"
    assert Client().post(path)["Location"].startswith("/admin/login/")
    assert signed_in(person_who_may("core.change_alert")).post(path).status_code == 302
    assert not AccountMail.objects.exists()
    assert signed_in(person_who_may("users.change_user")).post(path).status_code == 302
    assert AccountMail.objects.count() == 1


def test_a_link_is_sent_to_nobody_who_is_switched_off_or_gone(admin_client: Client) -> None:
    user = UserFactory.create(is_active=False)
    assert admin_client.post(f"/admin/users/send-link/{user.pk}/").status_code == 404
    assert admin_client.post("/admin/users/send-link/999999/").status_code == 404
    assert not AccountMail.objects.exists()


def test_another_address_for_who_has_not_come_gets_the_invitation_there(admin_client: Client) -> None:
    first = invite(admin_client)
    user = User.objects.get(email=ADDRESS)
    data = {"email": "right@example.org", "first_name": "Jo", "last_name": "Juggler", "is_active": "on"}
    assert admin_client.post(f"/admin/users/edit/{user.pk}/", data).status_code == 302
    assert Client().get(first).status_code == 404
    sent = {message.to[0]: message for message in send_all()}
    assert set(sent) == {ADDRESS, "right@example.org"}
    assert choose(Client(), link_in(sent["right@example.org"])).status_code == 302


def test_wagtails_bulk_actions_still_work(admin_client: Client) -> None:
    link = invite(admin_client)
    user = User.objects.get(email=ADDRESS)
    path = f"/admin/bulk/users/user/set_active_state/?id={user.pk}"
    assert admin_client.get(path).status_code == 200
    admin_client.post(path, {"mark_as_active": "False"})
    assert not User.objects.get(pk=user.pk).is_active
    assert Client().get(link).status_code == 404


def test_the_log_says_who_was_invited_and_came(admin_client: Client, administrator: User) -> None:
    choose(Client(), invite(admin_client))
    user = User.objects.get(email=ADDRESS)
    actions = ("security.invited", "security.invitation_accepted")
    events = SecurityEvent.objects.filter(object_id=str(user.pk), action__in=actions).order_by("pk")
    assert [(event.action, event.user) for event in events] == list(zip(actions, (administrator, user), strict=True))


def printed(address: str = ADDRESS, **options: Any) -> str:
    out = StringIO()
    call_command("invite_administrator", address, stdout=out, **options)
    return out.getvalue()


def link_printed(said: str) -> str:
    [link] = [word for word in said.split() if word.startswith("http://testserver/")]
    return link.removeprefix("http://testserver")


def test_the_first_administrator_comes_by_a_link_on_the_terminal(client: Client) -> None:
    said = printed("Boss@Example.org", first_name="Jo")
    user = User.objects.get()
    assert (user.email, user.first_name) == ("boss@example.org", "Jo")
    assert user.is_superuser
    assert not user.has_usable_password()
    assert "invitation" in link_printed(said)
    assert "you may do everything there" in client.get(link_printed(said), follow=True).content.decode()
    assert choose(client, link_printed(said)).status_code == 302
    assert User.objects.get().check_password(NEW)
    assert not AccountMail.objects.exists()
    assert SecurityEvent.objects.filter(action="security.link_printed", object_id=str(user.pk)).exists()


def test_an_administrator_who_is_locked_out_gets_in_by_the_same_command(client: Client) -> None:
    user = AdministratorFactory.create(email=ADDRESS)
    assert choose(client, link_printed(printed())).status_code == 302
    user.refresh_from_db()
    assert user.check_password(NEW)


def test_the_command_lets_somebody_do_everything_who_was_switched_off(client: Client) -> None:
    UserFactory.create(email=ADDRESS, is_active=False)
    assert choose(client, link_printed(printed())).status_code == 302
    user = User.objects.get()
    assert user.is_active
    assert user.is_superuser


def test_the_command_removes_a_second_step_only_when_told_to() -> None:
    user = AdministratorFactory.create(email=ADDRESS)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    printed()
    assert Authenticator.objects.exists()
    printed(reset_second_step=True)
    assert not Authenticator.objects.exists()
    assert SecurityEvent.objects.filter(action="security.second_factor_reset", object_id=str(user.pk)).exists()


@pytest.mark.parametrize("typed", ["", "juggler", "a" * 300 + "@example.org"])
def test_the_command_refuses_what_is_no_address(typed: str) -> None:
    with pytest.raises(CommandError, match=r"nter .*email address"):
        printed(typed)
    assert not User.objects.exists()


def test_an_invitation_that_waits_is_dropped_once_the_person_came(admin_client: Client) -> None:
    add(admin_client)
    User.objects.filter(email=ADDRESS).update(last_login=timezone.now())
    assert send_all() == []
    assert AccountMail.objects.get().state == MailState.DROPPED
