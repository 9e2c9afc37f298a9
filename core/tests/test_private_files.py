"""Other users of the machine can read neither the database nor uploads."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import settings as site_settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connections
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> str:
    return oct(path.stat().st_mode & 0o777)


def run() -> tuple[str, str]:
    said, wrong = StringIO(), StringIO()
    call_command("close_files", stdout=said, stderr=wrong)
    return said.getvalue(), wrong.getvalue()


def test_an_upload_is_closed_to_others(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    default_storage.save("documents/deep/a.txt", ContentFile(b"words"))
    assert mode(tmp_path / "media/documents/deep/a.txt") == "0o600"
    assert {mode(tmp_path / folder) for folder in ("media", "media/documents", "media/documents/deep")} == {"0o700"}


@pytest.mark.parametrize(("group", "folder", "file"), [(False, "0o700", "0o600"), (True, "0o750", "0o640")])
def test_what_was_open_is_closed(settings: Settings, tmp_path: Path, group: bool, folder: str, file: str) -> None:
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path / "var", tmp_path / "var" / "media"
    settings.FILE_UPLOAD_PERMISSIONS = 0o640 if group else 0o600
    settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750 if group else 0o700
    kept = tmp_path / "var" / "media" / "images" / "a.png"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"x")
    database = tmp_path / "var" / "db.sqlite3"
    with patch.dict(connections["default"].settings_dict, {"NAME": str(database)}):
        written = sqlite3.connect(database)
        written.execute("PRAGMA journal_mode=WAL")
        written.execute("CREATE TABLE a (b)")
        is_sqlite = connections["default"].vendor == "sqlite"
        assert mode(kept) == "0o644"
        said, wrong = run()
        assert "Closed to other users of this machine" in said
        assert wrong == ""
        assert {mode(path) for path in (tmp_path / "var", kept.parent, kept.parent.parent)} == {folder}
        assert mode(kept) == file
        if is_sqlite:
            assert {mode(path) for path in (tmp_path / "var").glob("db.sqlite3*")} == {"0o600"}
            assert len(list((tmp_path / "var").glob("db.sqlite3*"))) == 3
        written.close()
        assert run() == ("", "")


def test_a_new_install_is_closed_from_the_start(tmp_path: Path) -> None:
    say = "from django.conf import settings as s; print(oct(s.VAR_DIR.stat().st_mode), oct(s.FILE_UPLOAD_PERMISSIONS))"
    copied = tmp_path / "bctt"
    (copied / "settings").mkdir(parents=True)
    for file in ("__init__.py", "settings/__init__.py", "settings/base.py", "settings/dev.py", "settings/search.py"):
        (copied / file).write_bytes((site_settings.BASE_DIR / "bctt" / file).read_bytes())
    for group, expected in (("false", "0o40700 0o600"), ("true", "0o40750 0o640")):
        done = subprocess.run(  # noqa: S603 (our own program)
            [sys.executable, "-c", say],
            cwd=tmp_path,
            env={
                "DJANGO_SETTINGS_MODULE": "bctt.settings.dev",
                "MEDIA_GROUP_READABLE": group,
                "PYTHONPATH": str(tmp_path),
            },
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == expected
        (tmp_path / "var").rmdir()
