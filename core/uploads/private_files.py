"""Closes to other users of the machine what the site keeps: its database, uploads and caches."""

import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connections

# What SQLite keeps beside its file (https://www.sqlite.org/tempfiles.html).
BESIDE_SQLITE = ("", "-wal", "-shm", "-journal")
OWNER_ONLY = 0o600


def close_files() -> tuple[int, list[Path]]:
    """Take from others, and from the group unless MEDIA_GROUP_READABLE is set, the right to read what is kept.

    Returns how many files and folders were changed, and those that belong to somebody else and could not be.
    """
    changed, others = 0, []
    for path, mode in _wanted():
        try:
            if path.stat().st_mode & 0o777 & ~mode:
                path.chmod(path.stat().st_mode & mode)
                changed += 1
        except FileNotFoundError:
            continue
        except PermissionError:
            others.append(path)
    return changed, others


def _wanted() -> Iterator[tuple[Path, int]]:
    """Yield what is to be closed, with the most that anyone may do with it."""
    yield Path(settings.VAR_DIR), settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS
    for connection in connections.all():
        name = str(connection.settings_dict["NAME"])
        if connection.vendor == "sqlite" and Path(name).is_file():
            for end in BESIDE_SQLITE:
                yield Path(name + end), OWNER_ONLY
    for folder, _, files in os.walk(settings.MEDIA_ROOT):
        yield Path(folder), settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS
        for file in files:
            yield Path(folder) / file, settings.FILE_UPLOAD_PERMISSIONS
