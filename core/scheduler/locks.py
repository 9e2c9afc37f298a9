"""One at a time: a lock that all processes of the site respect, and that goes with the process that holds it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from zlib import crc32

from django.conf import settings
from django.db import connection


@contextmanager
def exclusive_lock(name: str) -> Iterator[bool]:
    """Give whether nobody else is at `name` now; while this lasts nobody else can be.

    On PostgreSQL that holds for all machines, otherwise for this one, where the database is. A process that is killed
    leaves no lock behind.
    """
    lock = _in_postgresql if connection.vendor == "postgresql" else _in_a_file
    with lock(name) as is_mine:
        yield is_mine


@contextmanager
def _in_postgresql(name: str) -> Iterator[bool]:
    key = crc32(name.encode())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        is_mine = bool(cursor.fetchone()[0])
    try:
        yield is_mine
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


@contextmanager
def _in_a_file(name: str) -> Iterator[bool]:
    with (settings.VAR_DIR / f"{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
