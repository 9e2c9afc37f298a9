"""The second factor: who needs one, that nothing goes round it, and that codes work once."""

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, PageViewRestriction

from accounts.adapters import MFAAdapter
from accounts.models import AccountMail
from accounts.second_factor import is_required_of, use_code
from core.models import SecurityEvent
from testing.clocks import Clock
from testing.pages import SmallSite
from users.factories import AdministratorFactory, UserFactory
from users.models import User

pytestmark = [pytest.mark.database, pytest.mark.django_db]

PASSWORD = "correct-horse-battery"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def required(settings: Any) -> None:
    """Second factors are asked for, as in production."""
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time, which stands still until it is moved."""
    clock = Clock(timezone.now())
    clock.run(monkeypatch)
    return clock


@pytest.fixture
def publisher() -> User:
    """An administrator whose days of grace are over."""
    return AdministratorFactory.create(second_factor_due_at=timezone.now() - timedelta(days=1))


def code_at(clock: Clock, steps: int = 0, secret: str = SECRET) -> str:
    return format_hotp_value(hotp_value(secret, int(clock.now.timestamp()) // 30 + steps))


def give_app(user: User) -> None:
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)


def recovery_codes(user: User) -> list[str]:
    row = Authenticator.objects.get(user=user, type="recovery_codes")
    return list(RecoveryCodes(row).get_unused_codes())


def give_password(client: Client, user: User, **data: Any) -> Any:
    return client.post(reverse("account_login"), {"username": user.email, "password": PASSWORD, **data})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


# Who needs one


def test_administrators_publishers_and_followers_officers_need_one_and_nobody_else(small_site: SmallSite) -> None:
    group = Group.objects.create(name="Some")
    writer, officer, manager = (UserFactory.create() for _ in range(3))
    writer.groups.add(group)
    for person, permission in ((officer, "view_follower"), (manager, "change_user")):
        person.user_permissions.add(Permission.objects.get(codename=permission))

    def grant(codename: str) -> None:
        permission = Permission.objects.get(codename=codename, content_type__app_label="wagtailcore")
        GroupPagePermission.objects.create(group=group, page=small_site.services, permission=permission)

    grant("change_page")
    found = [is_required_of(User.objects.get(pk=each.pk)) for each in (writer, officer, manager, UserFactory.create())]
    assert found == [False, True, True, False]
    grant("publish_page")
    assert is_required_of(User.objects.get(pk=writer.pk))
    assert is_required_of(AdministratorFactory.create())


def test_in_development_nobody_needs_one(settings: Any, client: Client, publisher: User) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    assert give_password(client, publisher)["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_new_account_has_fourteen_days_and_is_told_until_when(client: Client, small_site: SmallSite) -> None:
    person = AdministratorFactory.create()
    assert timedelta(days=13, hours=23) < person.second_factor_due_at - timezone.now() <= timedelta(days=14)
    give_password(client, person)
    page = client.get("/admin/").content.decode()
    assert "you need a second step to sign in" in page
    day = timezone.localtime(person.second_factor_due_at)
    assert f"From {day.day} {day:%B} {day.year}" in page


def test_after_that_nothing_opens_but_setting_it_up(client: Client, publisher: User, small_site: SmallSite) -> None:
    give_password(client, publisher)
    assert client.get("/admin/")["Location"] == reverse("mfa_index")
    page = client.get(reverse("mfa_index")).content.decode()
    assert "Your account needs a second step." in page
    assert "data-wagtail-sidebar" not in page
    refused = client.get("/admin/api/main/pages/", headers={"x-requested-with": "XMLHttpRequest"})
    assert refused.status_code == 403
    assert json.loads(refused.content)["address"] == reverse("mfa_index")


def test_outside_the_admin_such_a_session_is_nobodys(client: Client, publisher: User, small_site: SmallSite) -> None:
    PageViewRestriction.objects.create(page=small_site.services, restriction_type="login")
    give_password(client, publisher)
    response = client.get(small_site.services.url)
    assert response["Location"] == f"/admin/login/?next={small_site.services.url}"
    publisher.second_factor_due_at = timezone.now() + timedelta(days=1)
    publisher.save()
    assert client.get(small_site.services.url).status_code == 200


# Setting it up


def test_an_app_is_set_up_with_its_first_code_and_the_person_is_told(
    client: Client, publisher: User, clock: Clock, django_capture_on_commit_callbacks: Any
) -> None:
    give_password(client, publisher)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    wrong = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert "This code is not right." in wrong.content.decode()
    code = code_at(clock, secret=secret)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("mfa_activate_totp"), {"code": f"{code[:3]} {code[3:]}"})
    assert response["Location"] == reverse("mfa_view_recovery_codes")
    codes = client.get(response["Location"]).content.decode()
    assert all(each in codes for each in recovery_codes(publisher))
    assert client.get("/admin/").status_code == 200
    assert [mail.kind for mail in AccountMail.objects.all()] == [AccountMail.Kind.SECOND_FACTOR_CHANGED]
    assert SecurityEvent.objects.filter(action="security.second_factor_added").count() == 1
    # The code is used up.
    other = Client()
    give_password(other, publisher)
    assert other.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200
    assert not is_in(other)


def test_changing_it_later_asks_for_a_proof_again(client: Client, publisher: User, clock: Clock) -> None:
    give_app(publisher)
    give_password(client, publisher)
    client.post(reverse("mfa_authenticate"), {"code": code_at(clock)})
    assert client.get(reverse("mfa_add_webauthn")).status_code == 200
    clock.advance(minutes=11)
    response = client.get(reverse("mfa_add_webauthn"))
    assert response["Location"].startswith(reverse("mfa_reauthenticate"))  # not the password
    assert client.get(reverse("account_reauthenticate"))["Location"].startswith(reverse("mfa_reauthenticate"))
    response = client.post(response["Location"], {"code": code_at(clock), "next": reverse("mfa_add_webauthn")})
    assert response["Location"] == reverse("mfa_add_webauthn")
    assert client.get(reverse("mfa_add_webauthn")).status_code == 200


def test_the_last_one_stays_while_it_is_needed(client: Client, publisher: User, clock: Clock, settings: Any) -> None:
    give_app(publisher)
    give_password(client, publisher)
    client.post(reverse("mfa_authenticate"), {"code": code_at(clock)})
    assert "this is your only one" in client.post(reverse("mfa_deactivate_totp")).content.decode()
    assert Authenticator.objects.filter(user=publisher, type="totp").exists()
    settings.SECOND_FACTOR_REQUIRED = False
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=publisher).exists()
    assert SecurityEvent.objects.filter(action="security.second_factor_removed").count() == 1
    # "Back" leads to the page about signing in.
    assert client.get(reverse("mfa_deactivate_totp"))["Location"] == reverse("mfa_index")


def test_passkeys_are_for_the_sites_own_address(settings: Any) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://www.example.org"
    assert MFAAdapter(RequestFactory().get("/")).get_public_key_credential_rp_entity()["id"] == "www.example.org"


@pytest.mark.parametrize("answer", ["", "{", "{}", "[]", "1", "null", '"x"', '{"response": {}}', '{"response": 1}'])
def test_what_is_no_passkey_is_refused_in_words(client: Client, publisher: User, answer: str) -> None:
    client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})
    response = client.post(reverse("mfa_login_webauthn"), {"credential": answer, "next": "/admin/pages/"})
    assert response["Location"] == "/admin/login/?next=%2Fadmin%2Fpages%2F"
    assert not is_in(client)


# Using it


def test_the_password_alone_signs_nobody_in_who_has_one(client: Client, publisher: User, clock: Clock) -> None:
    give_app(publisher)
    response = give_password(client, publisher, next="/admin/pages/")
    assert response["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)
    assert client.get("/admin/login/")["Location"] == reverse("mfa_authenticate")
    response = client.post(reverse("mfa_authenticate"), {"code": code_at(clock)})
    assert response["Location"] == "/admin/pages/"
    assert client.get("/admin/").status_code == 200


def test_a_code_works_once_even_if_the_cache_is_emptied(client: Client, publisher: User, clock: Clock) -> None:
    give_app(publisher)
    for tries, is_right in ((0, True), (0, False), (-1, False), (1, True), (1, False)):
        cache.clear()
        other = Client()
        give_password(other, publisher)
        other.post(reverse("mfa_authenticate"), {"code": code_at(clock, tries)})
        assert is_in(other) is is_right, tries


def test_a_recovery_code_works_once(client: Client, publisher: User) -> None:
    give_app(publisher)
    code = recovery_codes(publisher)[0]
    for is_right in (True, False):
        other = Client()
        give_password(other, publisher)
        other.post(reverse("mfa_authenticate"), {"code": code})
        assert is_in(other) is is_right
    assert code not in recovery_codes(publisher)
    assert SecurityEvent.objects.filter(action="security.recovery_code_used").count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_code_that_comes_twice_at_once_works_once() -> None:
    user = UserFactory.create()
    give_app(user)
    code, found = recovery_codes(user)[0], []

    def use() -> None:
        found.append(use_code(user, code))
        connection.close()

    if connection.vendor == "sqlite":  # one connection for all threads of a test
        found = [use_code(user, code) for _ in range(4)]
    else:
        threads = [threading.Thread(target=use) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len([each for each in found if each]) == 1


def test_after_five_wrong_codes_one_starts_over_and_waits(client: Client, publisher: User, clock: Clock) -> None:
    give_app(publisher)
    give_password(client, publisher)
    for _ in range(4):
        assert client.post(reverse("mfa_authenticate"), {"code": "123"}).status_code == 200
    response = client.post(reverse("mfa_authenticate"), {"code": "123"}, follow=True)
    assert response.redirect_chain == [("/admin/login/", 302)]
    assert "There were too many wrong tries. Try again in 1 minute." in response.content.decode()
    # The password once more opens no further tries, and the right code waits as well.
    give_password(client, publisher)
    response = client.post(reverse("mfa_authenticate"), {"code": code_at(clock)}, follow=True)
    assert "Try again in 1 minute." in response.content.decode()
    assert not is_in(client)
    clock.advance(seconds=61)
    give_password(client, publisher)
    client.post(reverse("mfa_authenticate"), {"code": code_at(clock)})
    assert is_in(client)


def test_a_session_from_before_is_asked_for_the_code(client: Client, publisher: User, clock: Clock) -> None:
    client.force_login(publisher)
    give_app(publisher)
    response = client.get("/admin/pages/")
    assert response["Location"] == f"{reverse('mfa_reauthenticate')}?next=%2Fadmin%2Fpages%2F"
    for name in ("mfa_index", "mfa_add_webauthn", "account_reauthenticate", "mfa_view_recovery_codes"):
        assert client.get(reverse(name))["Location"].startswith(reverse("mfa_reauthenticate")), name
    page = client.get(response["Location"]).content.decode()
    assert "Enter the code" in page
    response = client.post(response["Location"], {"code": code_at(clock), "next": "/admin/pages/"})
    assert response["Location"] == "/admin/pages/"
    assert client.get("/admin/").status_code == 200


# Reset


def test_an_administrator_resets_it_and_the_person_is_told_and_signed_out(client: Client, publisher: User) -> None:
    person = AdministratorFactory.create()
    give_app(person)
    theirs = Client()
    give_password(theirs, person)
    theirs.post(reverse("mfa_authenticate"), {"code": recovery_codes(person)[0]})
    assert theirs.get("/admin/").status_code == 200
    AccountMail.objects.all().delete()
    publisher.second_factor_due_at = timezone.now() + timedelta(days=1)
    publisher.save()
    give_password(client, publisher)
    address = reverse("accounts_reset_second_factor", args=[person.pk])
    assert address in client.get(reverse("wagtailusers_users:edit", args=[person.pk])).content.decode()
    assert "Make sure that it is really" in client.get(address).content.decode()
    assert Authenticator.objects.filter(user=person).exists()
    client.post(address)
    assert not Authenticator.objects.filter(user=person).exists()
    assert theirs.get("/admin/")["Location"].startswith("/admin/login/")
    assert [(mail.kind, mail.user) for mail in AccountMail.objects.all()] == [("second-factor-changed", person)]
    [event] = SecurityEvent.objects.filter(action="security.second_factor_reset")
    assert (event.object_id, event.user) == (str(person.pk), publisher)


@pytest.mark.parametrize("who", ["stranger", "editor", "oneself", "manager of an administrator"])
def test_nobody_else_resets_it(client: Client, who: str) -> None:
    person = AdministratorFactory.create()
    give_app(person)
    user = person if who == "oneself" else UserFactory.create()
    for permission in ["access_admin", *(["change_user"] if "manager" in who else [])]:
        user.user_permissions.add(Permission.objects.get(codename=permission))
    if who != "stranger":
        client.force_login(user)
    client.post(reverse("accounts_reset_second_factor", args=[person.pk]))
    assert Authenticator.objects.filter(user=person).exists()


# Sessions


def test_a_session_ends_when_nothing_was_done_for_a_while(
    client: Client, publisher: User, clock: Clock, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    settings.SESSION_IDLE_MINUTES = 60
    give_password(client, publisher, remember="on")
    for _ in range(3):
        clock.advance(minutes=59)
        assert client.get("/admin/").status_code == 200
    clock.advance(minutes=61)
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain == [("/admin/login/?next=/admin/", 302)]
    assert "You did nothing for a while, so you were signed out." in response.content.decode()


def test_no_session_lasts_longer_than_the_settings_say(
    client: Client, publisher: User, clock: Clock, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    settings.SESSION_DAYS, settings.SESSION_IDLE_MINUTES = 2, 24 * 60
    give_password(client, publisher, remember="on")
    for _ in range(4):
        clock.advance(hours=12)
        assert client.get("/admin/").status_code == 200
    clock.advance(minutes=10)
    assert client.get("/admin/").status_code == 302


def test_that_a_session_is_in_use_is_written_every_few_minutes_only(
    client: Client, publisher: User, clock: Clock, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    give_password(client, publisher)
    client.get("/admin/")
    before = UserSession.objects.get().last_seen_at
    clock.advance(minutes=4)
    assert "sessionid" not in client.get("/admin/").cookies
    assert UserSession.objects.get().last_seen_at == before
    clock.advance(minutes=2)
    client.get("/admin/")
    assert UserSession.objects.get().last_seen_at > before


def test_somebody_sees_the_sessions_and_ends_all_others(client: Client, publisher: User, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Version/17.0 Mobile Safari/604.1"
    other = Client(headers={"user-agent": agent})
    give_password(other, publisher)
    forced = Client()
    forced.force_login(publisher)
    forced.get("/admin/")
    give_password(client, publisher)
    page = client.get(reverse("usersessions_list")).content.decode()
    assert "Safari on an iPhone" in page
    assert page.count("– this one") == 1
    client.post(reverse("usersessions_list"))
    assert client.get("/admin/").status_code == 200
    assert other.get("/admin/").status_code == forced.get("/admin/").status_code == 302
    assert SecurityEvent.objects.filter(action="security.sessions_ended").count() == 1
