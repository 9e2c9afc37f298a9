"""The second factor: who needs one, from when on, and whether a session has used one."""

from datetime import datetime
from enum import Enum
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from wagtail.models import GroupPagePermission

from users.models import User

# What somebody signs in with; recovery codes stand in for these, and go with the last of them.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# Who may do one of these needs a second factor, as do administrators and whoever publishes pages. Managing people or
# groups is as much as being an administrator.
_permissions = {"users.add_user", "users.change_user", "auth.add_group", "auth.change_group"}


class Standing(Enum):
    """What a session still lacks."""

    COMPLETE = "nothing"
    GRACE = "a second factor must be set up by a certain day"
    SET_UP = "a second factor must be set up before anything else"
    CODE = "the second factor must be used before anything else"


def needs_second_factor(permission: str) -> None:
    """Have everybody who has a permission, such as "followers.view_follower", need a second factor.

    An app above calls it in `AppConfig.ready`.
    """
    _permissions.add(permission)


def is_required_of(user: User) -> bool:
    """Whether somebody's rights ask for a second factor."""
    if not settings.SECOND_FACTOR_REQUIRED or not user.is_active:
        return False
    if user.is_superuser or any(user.has_perm(each) for each in _permissions):
        return True
    publish = GroupPagePermission.objects.filter(group__user=user, permission__codename="publish_page")
    return publish.exists()


def has_one(user: User) -> bool:
    """Whether somebody has set up a second factor."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists()


def would_be_without(user: User, authenticator: Authenticator) -> bool:
    """Whether somebody who needs a second factor would have none without this one."""
    others = Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exclude(pk=authenticator.pk)
    return authenticator.type in FACTORS and is_required_of(user) and not others.exists()


def was_used(request: HttpRequest, user: User) -> bool:
    """Whether this session has used the second factor, or needs none because single sign-on asked for it."""
    methods = {each.get("method") for each in get_authentication_records(request, user)}
    return "mfa" in methods or ("socialaccount" in methods and settings.OIDC_PROVIDES_SECOND_FACTOR)


def mark_used(request: HttpRequest, authenticator: Authenticator) -> None:
    """Note that this session has used a second factor, because somebody has just set it up."""
    record_authentication(request, authenticator.user, "mfa", id=authenticator.pk, type=authenticator.type)


def standing_of(request: HttpRequest, user: User, now: datetime | None = None) -> Standing:
    """Return what the session of a request still lacks. `now` is aware."""
    if was_used(request, user):
        return Standing.COMPLETE
    if has_one(user):
        return Standing.CODE
    if not is_required_of(user):
        return Standing.COMPLETE
    return Standing.GRACE if user.second_factor_due_at > (now or timezone.now()) else Standing.SET_UP


def counter_of(secret: str, code: str) -> int | None:
    """Return the number of the half minute (RFC 6238) that a code of an authenticator app is for, if it is for now."""
    digits = "".join(code.split())
    for counter in yield_hotp_counters_from_time():
        if constant_time_compare(digits, format_hotp_value(hotp_value(secret, counter))):
            return counter
    return None


@transaction.atomic
def use_code(user: User, code: str) -> Authenticator | None:
    """Return what a code is of, an authenticator app or the recovery codes, and use it up; None if it is wrong or used.

    A code works once (RFC 6238, 5.2). The library keeps used codes of apps in the cache, which may be emptied or be
    another one in each process: here the last used number is kept with the secret, in a row that is locked.
    """
    rows: Any = Authenticator.objects.select_for_update().filter(user_id=user.pk).order_by("pk")
    for row in rows.exclude(type=Authenticator.Type.WEBAUTHN):
        if row.type == Authenticator.Type.TOTP:
            counter = counter_of(decrypt(row.data["secret"]), code)
            if counter is not None and counter > row.data.get("last_counter", -1):
                remember_counter(row, counter)
                return row
        elif RecoveryCodes(row).validate_code("".join(code.split())):
            return row
    return None


def remember_counter(authenticator: Authenticator, counter: int) -> None:
    """Keep that the code of this half minute, and those before it, are used up."""
    authenticator.data["last_counter"] = counter
    authenticator.save(update_fields=["data"])
