"""The command lines of the documents, as they are written: an operator copies them."""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand, CommandError

from testing.sources import ROOT

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / ".env.example", *sorted((ROOT / "docs").glob("*.md"))]
# What stands before a command that acts on a public server.
PRODUCTION = "DJANGO_SETTINGS_MODULE=bctt.settings.production"
CRON = re.compile(r"(?:[\d*/,-]+ ){5}")
LINE = re.compile(r"(?:(?:\.venv/bin/)?python )?manage\.py (?P<rest>[a-z_]+(?: [^`#|\n]*)?)")
# Commands of other settings, and those that take the terminal over.
ELSEWHERE = {"bench", "bench_mails", "drill_autosave", "drill_mails"}


def lines() -> Iterator[tuple[str, str]]:
    """Yield each line of a document, with its name, that has a command of manage.py in it."""
    for document in DOCUMENTS:
        for line in document.read_text().splitlines():
            if LINE.search(line):
                yield document.name, line


def cron_lines() -> list[str]:
    """Return the lines of the documents that stand in a crontab."""
    return [line for _, line in lines() if CRON.match(line)]


def test_every_command_of_the_documents_can_be_typed_as_it_is_written(settings: Any) -> None:
    # As READ_FILES_IN_BACKGROUND has it, for the worker.
    settings.TASKS = settings.TASKS | {"files": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    typed = 0
    for document, line in lines():
        for found in LINE.finditer(line):
            name, *arguments = shlex.split(found["rest"], comments=True)
            if name in ELSEWHERE:
                continue
            app = get_commands()[name]
            command = app if isinstance(app, BaseCommand) else load_command_class(app, name)
            try:
                command.create_parser("manage.py", name).parse_args(arguments)
            except (CommandError, SystemExit) as error:
                pytest.fail(f"{document}: {line}: {error}")
            typed += 1
    assert typed > 15


def test_what_runs_by_the_clock_says_which_settings_it_is_for() -> None:
    found = cron_lines()
    assert {LINE.search(line)["rest"].split()[0] for line in found} == {"tick", "check_links", "read_documents"}  # type: ignore[index]
    assert [line for line in found if f" {PRODUCTION} " not in line] == []


def run(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of a crontab as cron does: a shell, and an environment that knows nothing."""
    command = CRON.sub("", line, count=1).replace("/srv/bctt", str(folder))
    return subprocess.run(  # noqa: S603 (our own line)
        ["/bin/sh", "-c", command],
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def server(tmp_path: Path) -> Path:
    """Return a folder with the site as it is installed on a server, with its .env and an empty database."""
    for each in ROOT.iterdir():
        if each.name not in {".git", ".env", ".venv", "var", "bctt", "manage.py", "frontend", "mutants"}:
            (tmp_path / each.name).symlink_to(each)
    # The settings look for .env and var/ beside themselves, so these are no link.
    shutil.copytree(ROOT / "bctt", tmp_path / "bctt", ignore=shutil.ignore_patterns("tests", "static", "__pycache__"))
    (tmp_path / "bctt" / "static").mkdir()
    shutil.copy(ROOT / "manage.py", tmp_path)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    (tmp_path / ".env").write_text(
        f"SECRET_KEY={'x' * 60}\nALLOWED_HOSTS=www.example.org\nBASE_URL=https://www.example.org\n"
    )
    return tmp_path


def test_the_line_for_each_minute_works_as_it_is_written_and_not_without_its_settings(server: Path) -> None:
    (tick,) = (line for line in cron_lines() if "manage.py tick" in line)
    refused = run(tick.replace(f"{PRODUCTION} ", ""), server)
    assert refused.returncode == 1, refused.stderr
    assert "Nothing was done: these are the settings for development, but SECRET_KEY is set" in refused.stderr
    assert f"{PRODUCTION} python manage.py tick" in refused.stderr
    done = run(tick, server)
    assert "development" not in done.stderr
    # The database is empty: that is as far as it goes, and farther than the settings.
    assert "no such table" in done.stderr
    assert (server / "var" / "db.sqlite3").exists()
