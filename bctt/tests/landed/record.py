"""Keeps a site that the code of a release made, for the tests of later releases: see README.md.

python -m bctt.tests.landed.record FOLDER NAME [FILL], with a database made for it as DATABASE_URL: its accounts go.
"""

import hashlib
import json
import lzma
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import django
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

# What newer programs write, and psql alone or newer servers alone understand.
NOT_FOR_EVERY_SERVER = re.compile(r"^(?:\\(?:un)?restrict|SET transaction_timeout) .*\n", re.MULTILINE)


def main(folder: Path, name: str, fill: str = "") -> None:
    """Keep the site in `folder` as `name`, with what it answers at 11 on the next morning.

    `fill` names a function to add pages first, at that moment. It returns paths to be asked too, as values of a dict.
    """
    django.setup()
    from bctt.tests.landed.site import ask_everywhere, clock_stopped, known_addresses  # noqa: PLC0415 (needs Django)

    moment = (timezone.localtime() + timedelta(days=1)).replace(hour=11, minute=0, second=0, microsecond=0)
    with clock_stopped(moment):
        _take_accounts_away()
        paths = import_string(fill)().values() if fill else []
        answers = ask_everywhere([*known_addresses(), *paths])
    folder.mkdir(exist_ok=True)
    vendor = connection.vendor
    recorded = {"moment": moment.isoformat(), "answers": answers}
    _write(folder / f"{name}.{vendor}.json.xz", json.dumps(recorded, ensure_ascii=False, indent=0).encode())
    if vendor == "sqlite":
        _write(folder / f"{name}.sqlite.xz", _sqlite_file())
    else:
        _write(folder / f"{name}.postgresql.xz", _postgresql_dump().encode())
    (folder / "migrations.sha256").write_text("".join(f"{line}\n" for line in _migrations()))


def _take_accounts_away() -> None:
    """Leave nobody who could sign in, and nothing that names such a person."""
    User = get_user_model()  # noqa: N806 (a class)
    if User._base_manager.count() > 1:
        sys.exit("There are people in this database whom first_run did not make: take another.")
    for model in apps.get_models():
        for field in model._meta.fields:
            if field.related_model is User:
                rows = model._base_manager.exclude(**{field.name: None})
                if field.null:
                    rows.update(**{field.name: None})
                else:
                    rows.delete()
    User._base_manager.all().delete()
    apps.get_model("sessions", "Session").objects.all().delete()


def _sqlite_file() -> bytes:
    """Return the database without a trace of what was deleted from it."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "copy"
        with closing(sqlite3.connect(settings.DATABASES["default"]["NAME"])) as database:
            database.execute("VACUUM INTO ?", [str(file)])
        return file.read_bytes()


def _postgresql_dump() -> str:
    """Return the database as SQL that any client can run at once."""
    parameters = connection.get_connection_params()
    command = ["pg_dump", "--no-owner", "--no-privileges", "--no-comments", "--rows-per-insert=500", "--inserts"]
    where = {"--host": "host", "--port": "port", "--username": "user", "--dbname": "dbname"}
    command += [f"{option}={parameters[name]}" for option, name in where.items() if parameters.get(name)]
    dump = subprocess.run(command, capture_output=True, check=True, text=True).stdout  # noqa: S603 (our own command)
    return NOT_FOR_EVERY_SERVER.sub("", dump)


def _migrations() -> list[str]:
    """Return the hash and the name of every migration of the project, a line each as sha256sum writes them."""
    ours = [config for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR]
    files = {f"{config.label}.{file.stem}": file for config in ours for file in _migrations_in(Path(config.path))}
    return [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {name}" for name, file in sorted(files.items())]


def _migrations_in(app: Path) -> list[Path]:
    return list((app / "migrations").glob("[0-9]*.py"))


def _write(file: Path, content: bytes) -> None:
    """Write what was not there before. Raises FileExistsError: what landed is never replaced."""
    with file.open("xb") as new:
        new.write(lzma.compress(content))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
