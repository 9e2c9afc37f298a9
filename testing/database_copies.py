"""States of the test database that many tests begin with: each is made once, and then put back in no time."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction

# What is in the database before each test: see the root `conftest.py`.
FIXED_PAGES = "fixed pages"


class DatabaseCopies:
    """Copies of the test database in each of its states, by name.

    Only SQLite can put a whole database back within milliseconds; elsewhere a state is made anew each time. Nothing
    here may be called within a transaction.
    """

    def __init__(self) -> None:
        """Copy the database as it is now, with the fixed pages."""
        self._copies: dict[str, tuple[sqlite3.Connection, Any]] = {}
        if connection.vendor == "sqlite":
            self._keep(FIXED_PAGES, None)

    def put_back(self, name: str = FIXED_PAGES, make: Callable[[], Any] = lambda: None) -> Any:
        """Give the database the state `name`, which `make` makes of the fixed pages; return what `make` returned."""
        if connection.vendor != "sqlite":
            self._empty()
            made = make()
        elif name in self._copies:
            copy, made = self._copies[name]
            copy.backup(connection.connection)
        else:
            self.put_back()
            made = make()
            self._keep(name, made)
        # Both remember rows that are no longer there.
        cache.clear()
        ContentType.objects.clear_cache()
        return made

    @contextmanager
    def lasting(self, name: str, make: Callable[[], Any]) -> Iterator[Any]:
        """Let several tests begin with the state `name`, each of which takes back what it changed."""
        if connection.vendor == "sqlite":
            yield self.put_back(name, make)
            self.put_back()
            return
        with transaction.atomic():
            yield make()
            transaction.set_rollback(True)
        cache.clear()

    def close(self) -> None:
        """Give back the memory."""
        for copy, _ in self._copies.values():
            copy.close()

    def _keep(self, name: str, made: Any) -> None:
        connection.ensure_connection()
        copy = sqlite3.connect(":memory:", check_same_thread=False)
        connection.connection.backup(copy)
        self._copies[name] = copy, made

    def _empty(self) -> None:
        """Do what Django does for a test that may not be in a transaction."""
        call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
        contents = connection._test_serialized_contents  # type: ignore[attr-defined]
        connection.creation.deserialize_db_from_string(contents)
