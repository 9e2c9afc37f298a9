"""Cleans pictures that came into storage before uploads were cleaned, one at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import Storage
from django.db import transaction
from django.db.models import QuerySet
from wagtail.images.models import SourceImageIOError
from wagtail.users.models import UserProfile
from wagtail.utils.file import hash_filelike

from .images.cleaning import CleanPicture, clean_picture
from .images.containers import is_clean
from .models import SiteImage, SiteRendition

FOCAL_POINT = ("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height")


class Outcome(Enum):
    """What became of one picture."""

    CLEANED = "cleaned"
    WAS_CLEAN = "was clean"
    MISSING = "missing"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Cleaned:
    """One picture that was looked at: what it is called, what became of it, how many of its sizes were deleted."""

    name: str
    outcome: Outcome
    sizes: int = 0
    reason: str = ""


def clean_existing() -> Iterator[Cleaned]:
    """Clean every stored picture and delete its sizes, which are made anew when somebody asks; yield each in turn.

    It may be stopped and run again at any time: a picture that is clean is left alone.
    """
    for pk in _numbers(SiteImage.objects.all()):
        yield from _clean_image(pk)
    for pk in _numbers(UserProfile.objects.exclude(avatar="")):
        yield from _clean_avatar(pk)


def _numbers(rows: "QuerySet[Any]") -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _clean_image(pk: int) -> Iterator[Cleaned]:
    image = SiteImage.objects.filter(pk=pk).first()
    if image is None:
        return
    name = f"picture {pk}, “{image.title}”"
    try:
        with image.open_file() as stored:
            cleaned = clean_picture(stored)
    except (SourceImageIOError, FileNotFoundError):
        yield Cleaned(name, Outcome.MISSING)
        return
    except ValidationError as error:
        # Its sizes could be made of it before, and may tell all the same.
        yield Cleaned(name, Outcome.UNREADABLE, _delete_sizes(pk, told_only=True), error.messages[0])
        return
    if cleaned.is_same:
        yield Cleaned(name, Outcome.WAS_CLEAN, _delete_sizes(pk, told_only=True))
    elif _replace(image, cleaned):
        yield Cleaned(name, Outcome.CLEANED, _delete_sizes(pk))


def _replace(image: SiteImage, cleaned: CleanPicture) -> bool:
    """Put a cleaned picture in the place of the one it was made of; return whether that was still there."""
    old = str(image.file.name)
    with transaction.atomic():
        current = SiteImage.objects.select_for_update().filter(pk=image.pk, file=old).first()
        if current is None:
            return False
        storage: Storage = current.file.storage
        current.file.save(cleaned.name or "", cleaned, save=False)
        current.file_size, current.file_hash = cleaned.size, hash_filelike(cleaned)
        for field in FOCAL_POINT:
            if (value := getattr(current, field)) is not None:
                setattr(current, field, round(value * cleaned.smaller))
        current.save()
        transaction.on_commit(lambda: storage.delete(old), robust=True)
    return True


def _delete_sizes(pk: int, *, told_only: bool = False) -> int:
    """Delete the sizes of a picture, or only those that tell more than they show; return how many."""
    sizes = [size for size in SiteRendition.objects.filter(image=pk) if not told_only or not _is_clean(size)]
    for size in sizes:
        size.delete()
    return len(sizes)


def _is_clean(size: SiteRendition) -> bool:
    try:
        with size.open_file() as stored:
            return is_clean(stored.read())
    except (SourceImageIOError, FileNotFoundError):
        return True


def _clean_avatar(pk: int) -> Iterator[Cleaned]:
    profile = UserProfile.objects.filter(pk=pk).exclude(avatar="").first()
    if profile is None:
        return
    name = f"profile picture {pk}"
    old, storage = str(profile.avatar.name), profile.avatar.storage
    try:
        with storage.open(old) as stored:
            cleaned = clean_picture(stored)
    except FileNotFoundError:
        yield Cleaned(name, Outcome.MISSING)
        return
    except ValidationError as error:
        yield Cleaned(name, Outcome.UNREADABLE, reason=error.messages[0])
        return
    if cleaned.is_same:
        yield Cleaned(name, Outcome.WAS_CLEAN)
        return
    profile.avatar.save(cleaned.name, cleaned, save=False)
    if UserProfile.objects.filter(pk=pk, avatar=old).update(avatar=profile.avatar.name):
        storage.delete(old)
        yield Cleaned(name, Outcome.CLEANED)
    else:
        storage.delete(str(profile.avatar.name))
