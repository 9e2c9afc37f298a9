"""A database that other processes can use too."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection, connections


@contextmanager
def shared_database(folder: Path) -> Iterator[None]:
    """Let other processes see what a test writes: on SQLite, whose database is in memory, it uses a copy in a file.

    The test must not be in a transaction.
    """
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            # Where the server does not tidy up by itself, all that other tests took back is still in the way.
            cursor.execute("VACUUM")
        yield
        return
    usual = connections["default"]
    usual.ensure_connection()
    copy = usual.copy()
    copy.settings_dict["NAME"] = folder / "copy.sqlite3"
    with closing(sqlite3.connect(copy.settings_dict["NAME"])) as file:
        usual.connection.backup(file)
    connections["default"] = copy
    try:
        yield
    finally:
        copy.close()
        connections["default"] = usual
