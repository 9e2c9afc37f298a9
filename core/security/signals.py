"""What the security log hears of by itself: who signs in, and whose rights change, whoever changes them and however.

Wired in `CoreConfig.ready`. What rows that are made together (`bulk_create`) keep from these receivers,
`core.middleware.SecurityLogMiddleware` notes.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models import Max, Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.dispatch import receiver
from django.http import HttpRequest
from wagtail.models import (
    BaseViewRestriction,
    CollectionViewRestriction,
    GroupCollectionPermission,
    GroupPagePermission,
    PageViewRestriction,
)

from core.rate_limits import DATABASE, RateLimit
from core.visitors import network_of
from users.models import User

from .log import (
    GROUPS_OF_USER,
    POWERS_OF_USER,
    PRIVACY,
    RIGHTS_OF_GROUP,
    SIGN_IN_FAILED,
    SIGNED_IN,
    SIGNED_OUT,
    hidden,
    log_security_event,
)

# Failed sign-ins that are noted from one network: more say nothing new, and the log must not be a way to fill a disk.
NOTED_FAILURES = RateLimit("sign-in log", most=60, period=timedelta(hours=1), store=DATABASE)
# Each power, with the words for gaining and losing it.
POWERS = {
    "is_superuser": ("Made an administrator", "No longer an administrator"),
    "is_active": ("May sign in again", "May not sign in any more"),
}
PLACES = (GroupPagePermission, GroupCollectionPermission)
RESTRICTIONS = (PageViewRestriction, CollectionViewRestriction)


@receiver(user_logged_in)
def signed_in(request: HttpRequest | None, user: User, **_: Any) -> None:
    """Note who signs in."""
    log_security_event(SIGNED_IN, about=user, user=user, request=request)


@receiver(user_logged_out)
def signed_out(request: HttpRequest | None, user: User | None, **_: Any) -> None:
    """Note who signs out; of somebody who was not signed in there is nothing to say."""
    if user is not None:
        log_security_event(SIGNED_OUT, about=user, user=user, request=request)


@receiver(user_login_failed)
def sign_in_failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """Note whose sign-in failed: the account, if there is one, and else letters that stand for what was typed."""
    if request is not None and NOTED_FAILURES.is_too_often(network_of(request)):
        return
    typed = str(credentials.get("username") or credentials.get("email") or "")
    account = User.objects.filter(email__iexact=typed).first()
    data = {} if account else {"typed": hidden(typed)}
    log_security_event(SIGN_IN_FAILED, about=account, data=data, request=request)


@receiver(pre_save, sender=User)
def look_at_powers(instance: User, raw: bool = False, update_fields: Iterable[str] | None = None, **_: Any) -> None:
    """Remember what somebody was before, to say afterwards what changed."""
    before = None
    if instance.pk and not raw and (update_fields is None or POWERS.keys() & set(update_fields)):
        before = User.objects.filter(pk=instance.pk).values(*POWERS).first()
    instance._powers_before = before  # type: ignore[attr-defined]  # from here to the receiver below


@receiver(post_save, sender=User)
def powers_changed(instance: User, created: bool, raw: bool = False, **_: Any) -> None:
    """Note who becomes an administrator, or is one no longer, and whose account is closed or opened."""
    before: dict[str, bool] = getattr(instance, "_powers_before", None) or {}
    if created and not raw:
        before = {"is_superuser": False, "is_active": True}
    for name, (gained, lost) in POWERS.items() if before else ():
        if getattr(instance, name) != before[name]:
            change = gained if getattr(instance, name) else lost
            log_security_event(POWERS_OF_USER, about=instance, data={"change": change})


@receiver(post_delete, sender=User)
@receiver(post_delete, sender=Group)
def deleted(instance: User | Group, **_: Any) -> None:
    """Note whose account, or which group, is gone."""
    action = POWERS_OF_USER if isinstance(instance, User) else RIGHTS_OF_GROUP
    log_security_event(action, about=instance, data={"change": "Deleted"})


@receiver(m2m_changed, sender=User.groups.through)
@receiver(m2m_changed, sender=User.user_permissions.through)
@receiver(m2m_changed, sender=Group.permissions.through)
def rights_changed(instance: Any, action: str, reverse: bool, model: type[Model], pk_set: Any, **_: Any) -> None:
    """Note who comes into a group or leaves it, and what rights a group or a person gains or loses."""
    if action == "pre_clear":
        # Of a user or a group, everything on the other side; of a group or right seen from there, those who had it.
        names = {"Group": "groups", "Permission": "permissions", "User": "user_set"}
        field = "user_permissions" if isinstance(instance, User) and model is Permission else names[model.__name__]
        field = "group_set" if isinstance(instance, Permission) and model is Group else field
        pk_set = set(getattr(instance, field).values_list("pk", flat=True))
    elif action not in ("post_add", "post_remove"):
        return
    others: list[Any] = list(model._default_manager.filter(pk__in=pk_set or ()))
    if not others:
        return
    verb = "Gained" if action == "post_add" else "Lost"
    pairs = [(other, [instance]) for other in others] if reverse else [(instance, others)]
    for about, gained in pairs:
        log_action = GROUPS_OF_USER if isinstance(about, User) else RIGHTS_OF_GROUP
        words = ", ".join(sorted(each.name for each in gained))
        kind = "the group" if isinstance(gained[0], Group) else "the right"
        log_security_event(log_action, about=about, data={"change": f"{verb} {kind}: {words}"})


def _note_place(right: Any, verb: str, user: User | None = None) -> None:
    where = right.page if isinstance(right, GroupPagePermission) else right.collection
    change = f"{verb} the right: {right.permission.codename.replace('_', ' ')}, at “{where}”"
    log_security_event(RIGHTS_OF_GROUP, about=right.group, user=user, data={"change": change})


def place_gained(instance: Any, created: bool, raw: bool = False, **_: Any) -> None:
    """Note a right that a group gains on a page or a collection."""
    if created and not raw:
        _note_place(instance, "Gained")


def place_lost(sender: type[Model], instance: Any, origin: Any = None, **_: Any) -> None:
    """Note a right that a group loses; what goes with a deleted page or group is no change of rights."""
    if getattr(origin, "model", type(origin)) is sender:
        _note_place(instance, "Lost")


for place in PLACES:
    post_save.connect(place_gained, sender=place, dispatch_uid=f"security_log.gained.{place.__name__}")
    post_delete.connect(place_lost, sender=place, dispatch_uid=f"security_log.lost.{place.__name__}")


def newest_rights() -> list[int]:
    """Return the numbers of the newest rights on pages and collections, for `note_newer_rights`."""
    return [place._default_manager.aggregate(newest=Max("pk"))["newest"] or 0 for place in PLACES]


def note_newer_rights(newest: list[int], user: User) -> None:
    """Note the rights that `user` has given since `newest_rights` was asked, by a form that makes rows together."""
    for place, number in zip(PLACES, newest, strict=True):
        for right in place._default_manager.filter(pk__gt=number).select_related("group", "permission"):
            _note_place(right, "Gained", user)


def _note_privacy(restriction: Any, change: str) -> None:
    about = restriction.page if isinstance(restriction, PageViewRestriction) else restriction.collection
    log_security_event(PRIVACY, about=about, data={"change": change})


def made_private(instance: BaseViewRestriction, raw: bool = False, **_: Any) -> None:
    """Note that a page or a collection is private, or private in another way."""
    if not raw:
        _note_privacy(instance, instance.get_restriction_type_display())


def made_public(sender: type[Model], instance: BaseViewRestriction, origin: Any = None, **_: Any) -> None:
    """Note that it is private no longer; what is deleted with its page is not made public."""
    if getattr(origin, "model", type(origin)) is sender:
        _note_privacy(instance, "No longer private")


def groups_let_in(instance: Any, action: str, reverse: bool, pk_set: Any, **_: Any) -> None:
    """Note which groups may see what is private, or no longer."""
    if action in ("post_add", "post_remove") and not reverse and pk_set:
        names = ", ".join(Group.objects.filter(pk__in=pk_set).order_by("name").values_list("name", flat=True))
        _note_privacy(instance, f"{'Open to' if action == 'post_add' else 'Closed to'} the groups: {names}")


for kind in RESTRICTIONS:
    post_save.connect(made_private, sender=kind, dispatch_uid=f"security_log.private.{kind.__name__}")
    post_delete.connect(made_public, sender=kind, dispatch_uid=f"security_log.public.{kind.__name__}")
    m2m_changed.connect(groups_let_in, sender=kind.groups.through, dispatch_uid=f"security_log.in.{kind.__name__}")
