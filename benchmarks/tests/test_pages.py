"""The benchmark fills a sound site, stays within the budget of queries, and leaves the real database alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from wagtail.models import Page

from benchmarks.pages import BenchError, measure, table
from benchmarks.site import Size, fill

TINY = Size(centres=1, services=1, news=1, events=1, leaflets=1)
USUAL_BUDGET = 12
LEAVES = (
    "service",
    "service at a centre",
    "news item",
    "forum update",
    "event",
    "leaflet",
    "newsletter issue",
)
BUDGET = {
    # What may be asked for, the texts, what they can be narrowed by, one for each type of page shown, and the log.
    "search": 24,
    # Beside what any list asks: the newsletters, the services to narrow it by, and the files of all leaflets.
    **dict.fromkeys(("leaflets", "leaflets, filtered"), 13),
    **dict.fromkeys(LEAVES, 10),
    **dict.fromkeys(("feed", "feed of a centre", "feed of a forum"), 8),
    # One of them for the dates that were taken out, which subscribers hear of.
    **dict.fromkeys(("calendar", "calendar of a centre", "calendar of a forum"), 6),
}


@pytest.mark.usefixtures("no_site")
def test_the_site_is_sound_and_its_pages_keep_to_the_budget() -> None:
    paths = fill(Size(centres=3, services=4, news=30, events=30, leaflets=30))
    assert not any(Page.find_problems())
    timings = list(measure(paths, requests=1))
    assert [timing.name for timing in timings] == list(paths)
    over = [timing for timing in timings if timing.queries > BUDGET.get(timing.name, USUAL_BUDGET)]
    assert not over
    assert len(list(table(timings))) == len(timings) + 1


@pytest.mark.usefixtures("no_site")
def test_a_page_that_does_not_answer_is_an_error() -> None:
    fill(TINY)
    with pytest.raises(BenchError, match="nowhere: /nowhere/ answered 404"):
        list(measure({"nowhere": "/nowhere/"}, requests=1))


@pytest.mark.parametrize("name", ["centres", "services", "news", "events", "leaflets", "requests"])
def test_sizes_must_be_positive(name: str) -> None:
    with pytest.raises(CommandError, match="at least 1"):
        call_command("bench", **{name: 0})


def test_the_command_leaves_the_real_database_alone(tmp_path: Path) -> None:
    real, results = tmp_path / "real.sqlite3", tmp_path / "results.json"
    real.write_bytes(b"")
    sizes = [f"--{name}=1" for name in ("centres", "services", "news", "events", "leaflets", "requests")]
    subprocess.run(  # noqa: S603 (our own command)
        [sys.executable, "manage.py", "bench", *sizes, f"--json={results}"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": f"sqlite:///{real}", "DJANGO_SETTINGS_MODULE": "bctt.settings.benchmarks"},
        check=True,
        capture_output=True,
    )
    assert real.read_bytes() == b""
    names = {page["name"] for page in json.loads(results.read_text())["pages"]}
    assert names >= {"home", "centre", "service", "news", "forum", "events", "leaflets"}
