"""Whether every address of the admin asks for the second factor: a walk over all of them, for tests and the drill."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from bctt.tests.admin_addresses import admin_addresses
from users.models import User

PASSWORD = "correct-horse-battery"


# All that somebody gets an answer to who has not signed in completely: signing in and out, and what those screens
# need. The drawings and words are the same for everybody.
_FOR_ANYBODY = {
    "account_inactive",
    "account_login",
    "account_logout",
    "accounts_choose_password",
    "accounts_forgotten_password",
    "accounts_forgotten_password_sent",
    "accounts_invitation",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "openid_connect_begin",
    "openid_connect_callback",
    "wagtailadmin_javascript_catalog",
    "wagtailadmin_sprite",
}
FREE = {
    "past_grace": _FOR_ANYBODY
    | {"account_reauthenticate", "mfa_activate_totp", "mfa_add_webauthn", "mfa_index", "mfa_list_webauthn"},
    "without_code": _FOR_ANYBODY | {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"},
    # Nobody is signed in yet, so Wagtail's own last screen of a reset answers too.
    "half_way": _FOR_ANYBODY | {"wagtailadmin_password_reset_complete"},
}


@dataclass(frozen=True)
class Walk:
    """What a walk found: how many addresses and requests, which showed something, and which could be asked for."""

    addresses: int
    requests: int
    bypasses: list[str]
    # Names of addresses that answered with a page of their own.
    answered: set[str]


def addresses_about(page: int) -> list[str]:
    """Return every address of the admin, with a page of this number in those about pages."""
    return list(dict.fromkeys(admin_addresses({"pages": [page], "parents": [page]})))


def walk(page: int, canaries: list[str], *, session: Callable[[Client, User], None], user: User) -> Walk:
    """Ask for every address of the admin as `user`, whose client `session` has prepared, by GET and POST.

    A bypass is an answer in which one of the `canaries` stands, or any answer but a redirect to the screens of
    signing in, unless the address is itself `FREE`.
    """
    client = Client(raise_request_exception=False)
    bypasses: list[str] = []
    answered: set[str] = set()
    requests = 0
    free = FREE[session.__name__]
    addresses = addresses_about(page)
    for address in addresses:
        for method in ("get", "post"):
            session(client, user)
            response = getattr(client, method)(f"{address}?q={canaries[0]}&id={page}")
            requests += 1
            body = response.getvalue().decode(errors="replace").replace(f"q={canaries[0]}", "")
            name = resolve(address).view_name
            held = response.status_code == 302 and _is_of_signing_in(response["Location"])
            if any(each in body for each in canaries) or not (held or name in free):
                bypasses.append(f"{method} {address}")
            elif not held:
                answered.add(name)
    return Walk(len(addresses), requests, bypasses, answered)


def past_grace(client: Client, user: User) -> None:
    """Sign in somebody who should have set up a second factor by now."""
    User.objects.filter(pk=user.pk).update(second_factor_due_at=timezone.now() - timedelta(days=1))
    _with_password(client, user)


def without_code(client: Client, user: User) -> None:
    """Open a session of somebody who has a second factor, which this session has not used."""
    _give_app(user)
    if "_auth_user_id" not in client.session:
        client.force_login(user)


def half_way(client: Client, user: User) -> None:
    """Give the password of somebody who has a second factor, and no code yet."""
    _give_app(user)
    if "account_login" not in client.session:
        _with_password(client, user)


SESSIONS = (past_grace, without_code, half_way)


def _with_password(client: Client, user: User) -> None:
    if "_auth_user_id" not in client.session:
        client.post(reverse("account_login"), {"username": user.email, "password": PASSWORD})


def _give_app(user: User) -> None:
    if not user.authenticator_set.exists():  # type: ignore[attr-defined]
        TOTP.activate(user, "JBSWY3DPEHPK3PXP")


def _is_of_signing_in(address: str) -> bool:
    path = address.partition("?")[0]
    return path == "/admin/login/" or path.startswith("/admin/sign-in/")


def seen_in_grace(page: int, canaries: list[str], user: User) -> int:
    """Return how many addresses about pages show a canary to somebody whose days of grace are not over."""
    User.objects.filter(pk=user.pk).update(second_factor_due_at=timezone.now() + timedelta(days=1))
    client = Client(raise_request_exception=False)
    client.force_login(user)
    seen = 0
    for address in addresses_about(page):
        if address.startswith(("/admin/api/", "/admin/pages/", "/admin/choose-page/")):
            body = client.get(address).getvalue().decode(errors="replace")
            seen += any(each in body for each in canaries)
    return seen
