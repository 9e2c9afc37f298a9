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

from home.bench import BenchError, fill, measure, table

BUDGET = {"service": 10, "service at a centre": 10}
USUAL_BUDGET = 12


@pytest.mark.django_db
def test_the_site_is_sound_and_its_pages_keep_to_the_budget() -> None:
    paths = fill(centres=3, services=4)
    assert not any(Page.find_problems())
    timings = list(measure(paths, requests=1))
    assert [timing.name for timing in timings] == list(paths)
    over = [timing for timing in timings if timing.queries > BUDGET.get(timing.name, USUAL_BUDGET)]
    assert not over
    assert len(list(table(timings))) == len(timings) + 1


@pytest.mark.django_db
def test_a_page_that_does_not_answer_is_an_error() -> None:
    fill(centres=1, services=1)
    with pytest.raises(BenchError, match="nowhere: /nowhere/ answered 404"):
        list(measure({"nowhere": "/nowhere/"}, requests=1))


def test_sizes_must_be_positive() -> None:
    with pytest.raises(CommandError, match="at least 1"):
        call_command("bench", centres=0)


def test_the_command_leaves_the_real_database_alone(tmp_path: Path) -> None:
    real, results = tmp_path / "real.sqlite3", tmp_path / "results.json"
    real.write_bytes(b"")
    subprocess.run(  # noqa: S603 (our own command)
        [sys.executable, "manage.py", "bench", "--centres=1", "--services=1", "--requests=1", f"--json={results}"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": f"sqlite:///{real}", "DJANGO_SETTINGS_MODULE": "bctt.settings.dev"},
        check=True,
        capture_output=True,
    )
    assert real.read_bytes() == b""
    assert {page["name"] for page in json.loads(results.read_text())["pages"]} >= {"home", "centre", "service"}
