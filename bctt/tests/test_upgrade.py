"""What landed stays: the databases of earlier releases answer as they did, and their migrations are as they were.

landed/README.md says what is kept.
"""

import hashlib
import lzma
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, connections
from django.http import HttpResponse

from bctt.tests.landed.answers import STILL_THERE, answer_of, differences, read_answers, soup_of

pytestmark = pytest.mark.database

LANDED = Path(__file__).parent / "landed"
# Such as "2026-11-30/starter". Each is there for SQLite and for PostgreSQL.
SITES = sorted(str(file.relative_to(LANDED)).partition(".")[0] for file in LANDED.glob("*/*.sqlite.xz"))


@pytest.fixture(params=SITES)
def site(request: pytest.FixtureRequest) -> str:
    """The name of a site that was kept, with its release."""
    name: str = request.param
    return name


@pytest.fixture
def landed_database(site: str, tmp_path: Path, db: None) -> Iterator[str]:
    """The address of a copy of the site's database, on the kind of database that is tested."""
    landed = lzma.decompress((LANDED / f"{site}.{connection.vendor}.xz").read_bytes())
    if connection.vendor == "sqlite":
        file = tmp_path / "landed.sqlite3"
        file.write_bytes(landed)
        yield f"sqlite:///{file}"
        return
    usual = connections["default"].settings_dict
    name = f"{usual['NAME']}_landed"
    # Not the connection of the test, which is in a transaction.
    with (
        closing(connections["default"].copy()) as beside,
        closing(connections["default"].copy()) as inside,
        beside.cursor() as cursor,
    ):
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        inside.settings_dict["NAME"] = name
        try:
            with inside.cursor() as loading:
                loading.execute(landed.decode())
            inside.close()
            who = ":".join(quote(usual[key], safe="") for key in ("USER", "PASSWORD"))
            yield f"postgres://{who}@{quote(usual['HOST'], safe='')}:{usual['PORT']}/{name}"
        finally:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_an_upgraded_site_has_all_it_had_and_answers_as_it_did(site: str, landed_database: str) -> None:
    recorded = LANDED / f"{site}.{connection.vendor}.json.xz"
    chosen = {"DATABASE_URL": landed_database, "DJANGO_SETTINGS_MODULE": "bctt.settings.test"}
    upgrade = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-m", "bctt.tests.landed.upgrade", str(recorded)],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], **chosen},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert upgrade.returncode == 0, upgrade.stderr


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_the_recorded_answers_have_something_of_every_kind(vendor: str) -> None:
    recorded = [read_answers(LANDED / f"{site}.{vendor}.json.xz")["answers"] for site in SITES]
    kinds = {kind for answers in recorded for answer in answers.values() for kind in answer}
    assert kinds == {"status", "location", "title", "h1", "statuses", *STILL_THERE}


PAGE = """<title>Testville Centre</title><main><h1>Testville</h1>
<ul><li><a href="/juggling/">Juggling</a> <strong class="nhsuk-tag">Planned</strong></li></ul>
<table><tr><th>Monday</th><td>9am to 12:30pm</td></tr><tr><th>Sunday</th><td>Closed</td></tr></table>
<p>Open now, closes 5pm</p><p>summer 2019 – delayed</p><p>We knew this on 4 May 2026.</p>
<p><a href="tel:01632960001">01632 960001</a> <a href="/documents/1/plan.pdf">Plan</a></p></main>"""


def lost_between(before: HttpResponse, after: HttpResponse) -> list[str]:
    return differences(answer_of(before, soup_of(before)), answer_of(after, soup_of(after)))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<title>Testville", "<title>Fulltown"),
        ("<h1>Testville", "<h1>Fulltown"),
        (">Planned", ">Offered here"),
        ('<strong class="nhsuk-tag">Planned</strong>', ""),
        ("</strong>", '</strong><strong class="nhsuk-tag">Offered here</strong>'),
        (">Juggling", ">Dancing"),
        ("9am to", "10am to"),
        (">Monday", ">Tuesday"),
        ("Closed", "Open"),
        ("Open now", "Closed now"),
        ("2019", "2020"),
        ("delayed", "done"),
        ("4 May 2026", "5 May 2026"),
        ("4 May 2026", "4 May"),
        ("tel:01632960001", "tel:01632960002"),
        (">01632 960001", ">01632 960002"),
        ("/documents/1/", "/documents/2/"),
    ],
)
def test_a_change_of_what_residents_read_is_noticed(before: str, after: str) -> None:
    assert PAGE.count(before) == 1
    assert lost_between(HttpResponse(PAGE), HttpResponse(PAGE.replace(before, after)))


def test_a_page_that_says_the_same_in_another_form_and_something_more_has_lost_nothing() -> None:
    more = PAGE.replace("<p>", "<p> ").replace("<table>", "<p>The next one is on 3 June 2030, 10am to 4pm.</p><table>")
    assert lost_between(HttpResponse(PAGE), HttpResponse(more)) == []


def test_a_page_that_is_gone_or_elsewhere_is_noticed() -> None:
    assert lost_between(HttpResponse(PAGE), HttpResponse(PAGE, status=404))
    moved = [HttpResponse(status=301, headers={"Location": path}) for path in ("/here/", "/there/")]
    assert lost_between(*moved)


@pytest.mark.parametrize(
    ("content_type", "before", "after"),
    [
        ("text/calendar", "UID:1\r\nDTSTART:20260504T120000", "UID:2\r\nDTSTART:20260504T120000"),
        ("text/calendar", "UID:1\r\nDTSTART:20260504T120000", "UID:1\r\nDTSTART:20260505T120000"),
        ("application/atom+xml", "<feed><id>urn:1</id></feed>", "<feed><id>urn:2</id></feed>"),
        (
            "application/feed+json",
            '{"items": [{"id": 1, "url": "/a/", "title": "A", "date_published": "2026"}]}',
            '{"items": [{"id": 1, "url": "/b/", "title": "A", "date_published": "2026"}]}',
        ),
    ],
)
def test_a_change_of_a_feed_or_calendar_is_noticed(content_type: str, before: str, after: str) -> None:
    answers = [HttpResponse(text, content_type=content_type) for text in (before, after)]
    assert lost_between(*answers)
    assert lost_between(answers[0], answers[0]) == []


def landed_migrations() -> dict[str, str]:
    """Return the hashes of the migrations that any release had, by app label and name."""
    lines = [line.split() for file in LANDED.glob("*/migrations.sha256") for line in file.read_text().splitlines()]
    return {name: digest for digest, name in lines}


@pytest.mark.parametrize("migration", sorted(landed_migrations()))
def test_a_landed_migration_is_never_edited(migration: str) -> None:
    label, _, name = migration.partition(".")
    file = Path(apps.get_app_config(label).path) / "migrations" / f"{name}.py"
    assert file.exists(), f"{migration} landed, and sites have run it: it cannot be removed."
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert digest == landed_migrations()[migration], f"{migration} landed: write another migration instead."
