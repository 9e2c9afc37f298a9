"""Signing in and out with an address and a password, and how slow guessing is."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from accounts import lock_outs
from accounts.jobs import delete_old_tries
from accounts.lock_outs import FREE_TRIES, Guess, LockedOutError, in_words, wait_after
from accounts.models import AccountMail, FailedSignIns
from core.models import SecurityEvent
from testing.clocks import Clock
from testing.pages import SmallSite
from users.factories import UserFactory
from users.models import User

pytestmark = [pytest.mark.database, pytest.mark.django_db]

PASSWORD = "correct-horse-battery"
ADDRESS = "juggler@example.org"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time, which stands still until it is moved."""
    clock = Clock(timezone.now())
    clock.run(monkeypatch)
    return clock


@pytest.fixture
def editor() -> User:
    """Somebody who may do everything."""
    return UserFactory.create(email=ADDRESS, is_superuser=True)


def sign_in(client: Client, password: str = PASSWORD, email: str = ADDRESS, **extra: Any) -> Any:
    return client.post(reverse("account_login"), {"username": email, "password": password}, **extra)


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def lock_out(client: Client, email: str = ADDRESS, **extra: Any) -> str:
    for _ in range(FREE_TRIES):
        response = sign_in(client, "wrong", email, **extra)
    return str(response.content.decode())


def tries_until_locked(client: Client, email: str = ADDRESS) -> int:
    """Return how many wrong passwords were looked at before no more were; for the drill as well."""
    with patch("accounts.passwords.authenticate", return_value=None) as looked:
        for _ in range(30):
            sign_in(client, "wrong", email)
    return looked.call_count


def test_somebody_signs_in_and_out_at_the_admins_own_addresses(client: Client, editor: User) -> None:
    assert reverse("account_login") == reverse("wagtailadmin_login") == "/admin/login/"
    assert reverse("account_logout") == reverse("wagtailadmin_logout") == "/admin/logout/"
    assert sign_in(client)["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/login/")["Location"] == "/admin/"
    assert "Sign out" in client.get("/admin/logout/").content.decode()
    response = client.post("/admin/logout/", follow=True)
    assert "You have signed out." in response.content.decode()
    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    assert not client.cookies["sessionid"].value


@pytest.mark.parametrize(
    ("then", "leads_to"),
    [
        ("/admin/pages/", "/admin/pages/"),
        ("/news/?page=2", "/news/?page=2"),
        ("https://evil.example/", "/admin/"),
        ("//evil.example/", "/admin/"),
        ("/\\evil.example/", "/admin/"),
        ("javascript:alert(1)", "/admin/"),
    ],
)
def test_signing_in_leads_on_within_the_site_only(client: Client, editor: User, then: str, leads_to: str) -> None:
    data = {"username": ADDRESS, "password": PASSWORD, "next": then}
    assert client.post("/admin/login/", data)["Location"] == leads_to


def test_wagtails_own_form_for_private_pages_leads_to_ours(client: Client, editor: User) -> None:
    assert client.get("/_util/login/?next=/news/")["Location"] == "/admin/login/?next=%2Fnews%2F"
    assert client.post("/_util/login/", {"username": ADDRESS, "password": PASSWORD}).status_code == 405
    assert not is_in(client)


def test_who_may_not_see_something_is_told_so_and_not_sent_round_in_circles(client: Client) -> None:
    client.force_login(UserFactory.create(email=ADDRESS))
    for address in ("/admin/", "/admin/login/", "/admin/login/?next=/private/"):
        response = client.get(address, follow=True)
        assert response.status_code == 403
        assert len(response.redirect_chain) <= 1
        assert "You may not see this" in response.content.decode()


@pytest.mark.security
def test_after_five_wrong_passwords_the_right_one_must_wait_too(
    client: Client, editor: User, clock: Clock, measured: Callable[[str], None]
) -> None:
    tries = tries_until_locked(client)
    measured(f"Guessing a password: {tries} tries (5)")
    assert tries == FREE_TRIES == 5
    page = sign_in(client).content.decode()
    assert "There were too many wrong tries. Try again in 1 minute." in page
    assert f'value="{ADDRESS}"' in page
    assert not is_in(client)
    clock.advance(seconds=61)
    assert sign_in(client).status_code == 302
    assert not FailedSignIns.objects.exists()


def test_a_right_and_a_wrong_password_get_the_same_answer_while_one_waits(client: Client, editor: User) -> None:
    lock_out(client)
    right, wrong = (sign_in(client, each).context["form"].non_field_errors() for each in (PASSWORD, "wrong"))
    assert right
    assert right == wrong


def test_each_wait_is_longer_than_the_one_before(client: Client, editor: User, clock: Clock) -> None:
    waits = []
    lock_out(client)
    for _ in range(5):
        row = FailedSignIns.objects.get()
        assert row.locked_until
        waits.append((row.locked_until - clock.now).total_seconds() / 60)
        clock.now = row.locked_until
        sign_in(client, "wrong")
    assert waits == [1, 5, 15, 60, 60]


def test_a_stranger_elsewhere_cannot_keep_somebody_out(client: Client, editor: User) -> None:
    lock_out(Client(), REMOTE_ADDR="192.0.2.7")
    lock_out(Client(), REMOTE_ADDR="2001:db8:1:1::7")
    assert "Try again in" in sign_in(Client(), REMOTE_ADDR="2001:db8:1:1::8").content.decode()  # the same house
    assert sign_in(client, REMOTE_ADDR="192.0.2.8").status_code == 302


def test_the_address_is_the_one_that_the_settings_name(client: Client, editor: User, settings: Any) -> None:
    settings.CLIENT_ADDRESS = "HTTP_X_REAL_IP"
    lock_out(Client(), HTTP_X_REAL_IP="192.0.2.7")
    assert sign_in(client, HTTP_X_REAL_IP="192.0.2.7").status_code == 200
    assert sign_in(client, HTTP_X_REAL_IP="192.0.2.8", REMOTE_ADDR="192.0.2.7").status_code == 302


def test_the_person_is_told_once_for_each_lock_and_three_times_a_day_at_most(client: Client, editor: User) -> None:
    lock_out(client)
    for _ in range(5):
        sign_in(client, "wrong")
    [mail] = AccountMail.objects.all()
    assert (mail.kind, mail.user) == (AccountMail.Kind.LOCKED_OUT, editor)
    assert SecurityEvent.objects.filter(action="security.locked_out", object_id=str(editor.pk)).count() == 1
    for number in range(5):
        lock_out(client, REMOTE_ADDR=f"192.0.2.{number}")
    assert AccountMail.objects.count() == 3


def test_an_account_that_is_not_there_is_locked_alike_and_takes_the_same_queries(client: Client, editor: User) -> None:
    asked = []
    # Known to every process that has answered a request or two.
    ContentType.objects.get_for_model(User)
    for email in (ADDRESS, "nobody@example.org"):
        for _ in range(FREE_TRIES - 1):
            sign_in(client, "wrong", email)
        with CaptureQueriesContext(connection) as queries:
            page = sign_in(client, "wrong", email).content.decode()
        asked.append(len(queries))
        assert "Try again in 1 minute." in page
    # What the log says of a person is looked up by a key or two more.
    assert abs(asked[0] - asked[1]) <= 2
    assert [mail.user for mail in AccountMail.objects.order_by("pk")] == [editor, None]


def test_emptying_the_cache_forgets_nothing(client: Client, editor: User) -> None:
    lock_out(client)
    cache.clear()
    assert sign_in(client).status_code == 200


def test_one_address_may_be_wrong_a_hundred_times_an_hour_over_all_accounts(
    client: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock_outs.FROM_ONE_ADDRESS.__class__, "is_used_up", lambda limit, who: limit.counted(who) >= 7)
    for number in range(7):
        sign_in(client, "wrong", f"somebody-{number}@example.org")
    assert "Try again in 1 hour." in sign_in(client).content.decode()
    assert sign_in(Client(), REMOTE_ADDR="192.0.2.8").status_code == 302


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_tries_at_once_are_all_counted(transactional_db: None) -> None:
    guess = Guess("password", ADDRESS, "192.0.2.7")
    seen: list[int | None] = []

    def attempt() -> None:
        try:
            seen.append(guess.count())
        except LockedOutError:
            seen.append(None)
        finally:
            connection.close()

    if connection.vendor == "sqlite":  # one connection for all threads of a test: one after the other is all there is
        for _ in range(8):
            try:
                seen.append(guess.count())
            except LockedOutError:
                seen.append(None)
    else:
        threads = [threading.Thread(target=attempt) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(each for each in seen if each) == [1, 2, 3, 4, 5]
    assert seen.count(None) == 3


def test_old_tries_are_deleted_and_those_that_count_are_kept(client: Client) -> None:
    lock_out(client)
    sign_in(client, "wrong", "somebody@example.org")
    FailedSignIns.objects.filter(locked_until=None).update(failed_at=timezone.now() - timedelta(days=2))
    delete_old_tries()
    assert FailedSignIns.objects.get().locked_until


def test_waits_are_said_in_words_and_never_too_short() -> None:
    said = {0: "1 minute", 60: "1 minute", 61: "2 minutes", 300: "5 minutes", 3600: "1 hour", 3601: "2 hours"}
    assert {seconds: in_words(timedelta(seconds=seconds)) for seconds in said} == said
    assert wait_after(5) == timedelta(minutes=1)
    assert wait_after(500) == timedelta(hours=1)


def test_the_password_of_a_private_page_is_guessed_slowly_too(
    client: Client, small_site: SmallSite, clock: Clock
) -> None:
    restriction = PageViewRestriction.objects.create(
        page=small_site.services, restriction_type="password", password="open-sesame"
    )
    address = f"/_util/authenticate_with_password/{restriction.pk}/{small_site.services.pk}/"
    data = {"password": "wrong", "return_url": "/somewhere/"}
    for _ in range(FREE_TRIES):
        response = client.post(address, data)
    assert "Try again in 1 minute." in response.content.decode()
    page = client.post(address, {**data, "password": "open-sesame"}).content.decode()
    assert "Try again in 1 minute." in page
    assert 'value="/somewhere/"' in page
    assert client.post(address, {**data, "password": "open-sesame"}, REMOTE_ADDR="192.0.2.8").status_code == 302
    clock.advance(seconds=61)
    assert client.post(address, {**data, "password": "open-sesame"})["Location"] == "/somewhere/"


def test_the_password_of_a_private_collection_is_guessed_slowly_too(client: Client, small_site: SmallSite) -> None:
    collection = Collection.get_first_root_node().add_child(name="Private")
    restriction = CollectionViewRestriction.objects.create(
        collection=collection, restriction_type="password", password="open-sesame"
    )
    address = f"/documents/authenticate_with_password/{restriction.pk}/"
    for _ in range(FREE_TRIES + 1):
        response = client.post(address, {"password": "wrong", "return_url": "/somewhere/"})
    assert "Try again in 1 minute." in response.content.decode()
    assert "return_url" in response.content.decode()


def test_a_prompt_for_a_page_elsewhere_tells_nothing_of_it(client: Client, small_site: SmallSite) -> None:
    restriction = PageViewRestriction.objects.create(
        page=small_site.services, restriction_type="password", password="open-sesame"
    )
    assert client.get(f"/_util/authenticate_with_password/{restriction.pk}/{small_site.home.pk}/").status_code == 404


def test_a_visitor_gets_no_cookie_from_a_public_page(client: Client, small_site: SmallSite) -> None:
    assert client.get("/").cookies == {}
    assert client.get("/not-there/").cookies == {}
