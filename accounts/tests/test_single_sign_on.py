"""Signing in with a directory (OpenID Connect)."""

import http.client
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import SecurityEvent
from testing.directory import CLIENT, SECRET, Directory, running_directory
from users.factories import AdministratorFactory, UserFactory
from users.models import User

pytestmark = pytest.mark.django_db

PERSON = {"sub": "42", "email": "Juggler@example.org", "email_verified": True, "given_name": "Jo"}


@pytest.fixture
def directory(settings: Any) -> Iterator[Directory]:
    """A directory that the settings name."""
    with running_directory() as directory:
        settings.OIDC_SERVER_URL, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = directory.url, CLIENT, SECRET
        settings.OIDC_NAME = "the council"
        directory.claims = dict(PERSON)
        yield directory


def go(client: Client, then: str = "") -> Any:
    """Sign in with the directory, as a browser does, and return the last answer."""
    response = client.post(reverse("openid_connect_begin"), {"next": then} if then else {})
    if response.status_code == 302:
        return client.get(response["Location"])
    parts = urlsplit(response.context["address"])
    connection = http.client.HTTPConnection(parts.netloc)
    connection.request("GET", f"{parts.path}?{parts.query}")
    back = urlsplit(connection.getresponse().headers["Location"])
    return client.get(f"{back.path}?{back.query}", follow=True)


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_button_is_there_only_if_the_settings_name_a_directory(client: Client, settings: Any) -> None:
    assert "Sign in with" not in client.get("/admin/login/").content.decode().replace("Sign in with a passkey", "")
    assert client.post(reverse("openid_connect_begin"))["Location"] == "/admin/login/"
    settings.OIDC_SERVER_URL, settings.OIDC_CLIENT_ID, settings.OIDC_NAME = "https://x.example", "x", "the council"
    assert "Sign in with the council" in client.get("/admin/login/").content.decode()


def test_state_nonce_and_challenge_are_asked_with(client: Client, directory: Directory) -> None:
    address = urlsplit(client.post(reverse("openid_connect_begin")).context["address"])
    asked = parse_qs(address.query)
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    assert asked["code_challenge_method"] == ["S256"]
    assert client.get(reverse("openid_connect_begin")).status_code == 405


def test_somebody_new_gets_an_account_without_rights_and_is_told_whom_to_ask(
    client: Client, directory: Directory
) -> None:
    response = go(client)
    assert response.status_code == 403
    assert "Ask an administrator" in response.content.decode()
    user = User.objects.get()
    assert (user.email, user.first_name, user.is_superuser, user.groups.count()) == (
        "juggler@example.org",
        "Jo",
        False,
        0,
    )
    assert not user.has_usable_password()
    assert SocialAccount.objects.get().extra_data == {}
    assert not EmailAddress.objects.exists()
    assert SecurityEvent.objects.filter(action="security.single_sign_on").count() == 1
    # The next time it is the same account, whatever the address is then.
    directory.claims["email"] = "other@example.org"
    go(Client())
    assert User.objects.count() == 1


def test_a_known_address_is_matched_if_the_directory_has_confirmed_it(client: Client, directory: Directory) -> None:
    user = AdministratorFactory.create(email="juggler@example.org")
    before = user.password
    response = go(client, "/admin/sign-in/security/")
    assert response.status_code == 200
    assert client.session["_auth_user_id"] == str(user.pk)
    user.refresh_from_db()
    assert user.password == before


@pytest.mark.parametrize("verified", [False, None, "false", "no", 1])
@pytest.mark.parametrize("is_known", [True, False])
def test_an_address_that_is_not_confirmed_is_nobodys(
    client: Client, directory: Directory, verified: object, is_known: bool
) -> None:
    if is_known:
        AdministratorFactory.create(email="juggler@example.org")
    directory.claims["email_verified"] = verified
    response = go(client)
    assert "has not confirmed that juggler@example.org is your e-mail address" in response.content.decode()
    assert not is_in(client)
    assert User.objects.count() == int(is_known)


def test_somebody_whose_account_is_switched_off_is_told_so(client: Client, directory: Directory) -> None:
    UserFactory.create(email="juggler@example.org", is_active=False)
    response = go(client)
    assert response.status_code == 403
    assert "Your account is switched off" in response.content.decode()
    assert not is_in(client)


@pytest.mark.parametrize("fault", ["garbage", "slow", "denies", "nonce", "person", "down", "list"])
def test_a_directory_that_does_not_do_as_it_should_is_said_in_words(
    client: Client, directory: Directory, settings: Any, fault: str
) -> None:
    AdministratorFactory.create(email="juggler@example.org")
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 0.3
    directory.fault = fault
    if fault == "down":
        settings.OIDC_SERVER_URL = "http://127.0.0.1:9"
    if fault == "list":
        directory.configuration = list  # type: ignore[method-assign,assignment]
    page = go(client).content.decode()
    said = "did not let you in" if fault == "denies" else "Signing in with the council does not work just now."
    assert said in page
    assert "sign in with your password" in page
    assert not is_in(client)


@pytest.mark.parametrize("query", ["", "?code=1", "?code=1&state=2", "?error=server_error&state=2", "?state=%00"])
def test_an_answer_that_nobody_asked_for_signs_nobody_in(client: Client, directory: Directory, query: str) -> None:
    response = client.get(f"/admin/sign-in/directory/back/{query}", follow=True)
    assert response.redirect_chain == [("/admin/login/", 302)]
    assert not is_in(client)


def test_the_second_factor_is_asked_for_unless_the_settings_say_that_the_directory_does(
    client: Client, directory: Directory, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    user = AdministratorFactory.create(
        email="juggler@example.org", second_factor_due_at=timezone.now() - timedelta(days=1)
    )
    response = go(client)
    assert response.redirect_chain[-1] == (reverse("mfa_index"), 302)
    # Somebody without a password, too, can set it up.
    user.set_unusable_password()
    user.save()
    new = Client()
    go(new)
    assert new.get(reverse("mfa_activate_totp")).status_code == 200
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    other = Client()
    assert go(other).redirect_chain[-1] == (reverse("mfa_authenticate"), 302)
    assert not is_in(other)
    settings.OIDC_PROVIDES_SECOND_FACTOR = True
    third = Client()
    assert go(third).status_code == 200
    assert third.get("/admin/").status_code == 200
