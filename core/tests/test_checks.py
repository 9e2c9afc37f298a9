"""The house rules, each broken once."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.checks import run_checks

from core import checks
from testing.pages import text_page_model

GOOD = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": "PRAGMA journal_mode=WAL;"}


def errors_with(monkeypatch: pytest.MonkeyPatch, **database: Any) -> list[str]:
    settings = SimpleNamespace(DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", **database}})
    monkeypatch.setattr(checks, "settings", settings)
    return [str(error.msg) for error in checks.sqlite_waits_for_its_lock()]


def test_this_project_keeps_its_own_rules() -> None:
    assert run_checks() == []


@pytest.mark.django_db
def test_this_project_keeps_the_rules_for_databases() -> None:
    assert run_checks(tags=["database"], databases=["default"]) == []


@pytest.mark.parametrize("init_command", [GOOD["init_command"], "pragma synchronous=NORMAL; pragma journal_mode = wal"])
def test_an_sqlite_that_waits_is_accepted(monkeypatch: pytest.MonkeyPatch, init_command: str) -> None:
    assert errors_with(monkeypatch, OPTIONS={**GOOD, "init_command": init_command}) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"transaction_mode": "DEFERRED"}, "transaction_mode must be IMMEDIATE"),
        ({"transaction_mode": None}, "transaction_mode must be IMMEDIATE"),
        ({"timeout": 4.9}, "timeout must be 5 seconds or more"),
        ({"init_command": "PRAGMA journal_mode=DELETE;"}, "init_command must set journal_mode=WAL"),
        ({"init_command": ""}, "init_command must set journal_mode=WAL"),
    ],
)
def test_an_sqlite_that_may_answer_locked_is_an_error(
    monkeypatch: pytest.MonkeyPatch, wrong: dict[str, Any], said: str
) -> None:
    [error] = errors_with(monkeypatch, OPTIONS={**GOOD, **wrong})
    assert error == f"The SQLite database 'default' can answer 'database is locked': {said}."


def test_an_sqlite_without_options_is_told_all_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    [error] = errors_with(monkeypatch)
    for said in ("transaction_mode", "timeout", "init_command"):
        assert said in error


def test_another_database_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert errors_with(monkeypatch, ENGINE="django.db.backends.postgresql") == []


def test_a_page_type_that_does_not_say_what_it_is_for_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_page_model(), "page_description", "")
    [error] = checks.pages_have_help_texts()
    assert (error.id, error.msg) == ("core.E002", "ContentPage has no page_description.")


@pytest.mark.parametrize("name", ["body", "summary"])
def test_a_field_that_does_not_say_what_to_write_is_an_error(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(text_page_model()._meta.get_field(name), "help_text", "")
    [error] = checks.pages_have_help_texts()
    assert (error.id, error.msg) == ("core.E003", f"ContentPage.{name} has no help text.")


@pytest.mark.parametrize("backend", ["console", "dummy", "filebased", "locmem"])
def test_mail_that_reaches_nobody_is_warned_of(settings: Any, backend: str) -> None:
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    assert [found.id for found in checks.mail_goes_somewhere()] == ["core.W001"]


@pytest.mark.parametrize(
    "backend", ["django.core.mail.backends.smtp.EmailBackend", "core.mail.backends.notify.NotifyBackend"]
)
def test_mail_that_is_sent_is_fine(settings: Any, backend: str) -> None:
    settings.EMAIL_BACKEND = backend
    assert checks.mail_goes_somewhere() == []
