"""People with rights: somebody who may do exactly this, at this place, or who is in a group; and their browsers."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.test import Client
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from users.factories import UserFactory
from users.models import User

Place = Any  # a Page or a Collection, of whose types mypy knows nothing


def person_who_may(*rights: str, at: Place | Iterable[Place] = ()) -> User:
    """Return somebody who may sign in to the admin, and do this and nothing else.

    A right is on pages ("change", "publish") or on files ("change_document"), `at` these places and beneath them, or on
    a model, with its app ("core.change_alert").
    """
    user: User = UserFactory.create()
    group = Group.objects.create(name=f"Jugglers {user.pk}")
    user.groups.add(group)
    group.permissions.add(_permission("wagtailadmin.access_admin"))
    places = [at] if isinstance(at, Page | Collection) else list(at)
    for right in rights:
        if "." in right:
            group.permissions.add(_permission(right))
        for place in [] if "." in right else places:
            _give(group, right, place)
    return user


def let_choose_files(user: User) -> User:
    """Let somebody whom `person_who_may` made choose all pictures and documents, and return him or her."""
    for right in ("choose_image", "choose_document"):
        _give(user.groups.get(), right, Collection.get_first_root_node())
    return user


def _give(group: Group, right: str, place: Place) -> None:
    if isinstance(place, Collection):
        app = "wagtaildocs" if right.endswith("document") else "wagtailimages"
        permission = _permission(f"{app}.{right}")
        GroupCollectionPermission.objects.create(group=group, collection=place, permission=permission)
    else:
        permission = _permission(f"wagtailcore.{right}_page")
        GroupPagePermission.objects.create(group=group, page=place, permission=permission)


def _permission(name: str) -> Permission:
    app, codename = name.split(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)


def member_of(*groups: str, **fields: Any) -> User:
    """Return somebody in these groups, which exist; `fields` are those of the user."""
    user: User = UserFactory.create(**fields)
    user.groups.set(Group.objects.filter(name__in=groups))
    assert user.groups.count() == len(groups), f"No such groups: {groups}"
    return user


def signed_in(user: User) -> Client:
    """Return a browser in which `user` has signed in."""
    client = Client()
    client.force_login(user)
    return client
