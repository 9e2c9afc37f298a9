"""A database for a drill or a benchmark, beside the real one, which stays untouched; and other processes on it."""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.db import connection


@contextmanager
def temporary_database(folder: Path) -> Iterator[None]:
    """Use an empty database beside the real one, which stays untouched; on SQLite it is a file in `folder`."""
    real = connection.settings_dict["NAME"]
    is_file = connection.vendor == "sqlite"
    connection.settings_dict["TEST"]["NAME"] = str(folder / "bench.sqlite3") if is_file else f"bench_{real}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(real, verbosity=0)


def process_environment(**more: str) -> dict[str, str]:
    """Return the environment of another process that runs as on a public server, on the database in use here.

    `more` are further variables. Nothing of it reaches what else the real site uses.
    """
    name = connection.settings_dict["NAME"]
    is_file = connection.vendor == "sqlite"
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "bctt.settings.production",
        "SECRET_KEY": settings.SECRET_KEY,
        "ALLOWED_HOSTS": "testserver",
        "BASE_URL": "http://testserver",
        "CACHE_URL": "locmemcache://",
        "NOTIFY_API_KEY": "",
        "DATABASE_URL": f"sqlite:///{name}"
        if is_file
        else urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl(),
        **more,
    }


def fresh_process(variables: dict[str, str]) -> ProcessPoolExecutor:
    """Return what runs functions in a new process with these variables as its environment.

    Its most memory in use (`ru_maxrss`) counts from there; that of a process that is spawned counts ours too.
    """
    return ProcessPoolExecutor(1, get_context("forkserver"), initializer=_begin, initargs=(variables,))


def _begin(variables: dict[str, str]) -> None:
    os.environ.update(variables)
    django.setup()
