"""Upgrades the database of an earlier release and asks it what was asked then.

In a process of its own, so that no other test's database or cache comes near:
python -m bctt.tests.landed.upgrade ANSWERS, with a copy of the database as DATABASE_URL. Whatever is wrong goes to
standard error, a line each.
"""

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection

from bctt.tests.landed.answers import differences, read_answers

# SQLite's own tables of what can be searched, whose rows are pieces of an index.
INDEX = "wagtailsearch_indexentry_fts"
# Tables whose rows are in another one since.
MOVED = {
    "followers_delivery_digested": "followers_recipient",
    "followers_followrequest_pages": "followers_requestedpage",
}


def main(recorded: Path) -> str:
    """Return what an upgrade loses of the answers in a file, and of the rows in the database; "" if nothing."""
    django.setup()
    rows = _rows_of_tables()
    call_command("migrate", interactive=False, verbosity=0)
    return "\n".join([*_lost_rows(rows), *_lacking_migrations(), *_lost_answers(recorded)])


def _rows_of_tables() -> dict[str, int]:
    """Return how many rows each table has."""
    with connection.cursor() as cursor:
        counts = {}
        for table in connection.introspection.table_names(cursor):
            if not table.startswith(INDEX):
                cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 (its own name)
                counts[table] = cursor.fetchone()[0]
    return counts


def _lost_rows(before: dict[str, int]) -> Iterator[str]:
    after = _rows_of_tables()
    for table, rows in before.items():
        now = after.get(table if table in after else MOVED.get(table, table))
        if rows > (now or 0):
            yield f"{table}: had {rows} rows, and has {'gone' if now is None else now}"


def _lacking_migrations() -> Iterator[str]:
    try:
        call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)
    except SystemExit:
        yield "The models have changes that no migration makes."


def _lost_answers(recorded: Path) -> Iterator[str]:
    from bctt.tests.landed.site import ask, clock_stopped  # noqa: PLC0415 (needs Django to be set up)

    then = read_answers(recorded)
    with clock_stopped(datetime.fromisoformat(then["moment"])):
        for address, before in then["answers"].items():
            after, _ = ask(address)
            yield from (f"{address} {line}" for line in differences(before, after))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])) or 0)
