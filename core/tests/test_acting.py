"""Commands that act for others refuse development settings where a public server is in sight."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command, get_commands, load_command_class
from wagtail.models import Site

from core.acting import ActsForOthers
from testing.pages import SmallSite

# Whatever sends, publishes, asks other sites, or tells what is kept of people.
COMMANDS = ("tick", "publish_scheduled", "check_links", "read_documents", "follower", "db_worker")


@pytest.fixture(autouse=True)
def _development(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEVELOPMENT = True
    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "NOTIFY_API_KEY", "BASE_URL", "DEVELOPMENT_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("core.acting.connection", SimpleNamespace(vendor="sqlite"))


@pytest.mark.parametrize("name", COMMANDS)
def test_whatever_acts_for_others_asks_first(name: str) -> None:
    app = get_commands()[name]
    assert isinstance(app, str)
    command = load_command_class(app, name)
    assert isinstance(command, ActsForOthers)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "x" * 50),
        ("ALLOWED_HOSTS", "www.example.org"),
        ("NOTIFY_API_KEY", "x"),
        ("BASE_URL", "https://www.example.org"),
    ],
)
def test_what_only_a_public_server_is_told_stops_them(
    small_site: SmallSite, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    call_command("tick")
    monkeypatch.setenv(name, value)
    with pytest.raises(CommandError, match=f"{name}.* DJANGO_SETTINGS_MODULE=bctt.settings.production .* tick"):
        call_command("tick")
    # One's own machine may have such a thing too.
    monkeypatch.setenv("DEVELOPMENT_DATABASE", "true")
    call_command("tick")


@pytest.mark.django_db
def test_the_database_of_a_public_site_stops_them(small_site: SmallSite) -> None:
    call_command("tick")
    Site.objects.update(hostname="www.example.org")
    with pytest.raises(CommandError, match=r"the database is that of a public site, www\.example\.org"):
        call_command("tick")


@pytest.mark.django_db
def test_a_database_server_stops_them(small_site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.acting.connection", SimpleNamespace(vendor="postgresql"))
    with pytest.raises(CommandError, match="names a database server"):
        call_command("publish_scheduled")


@pytest.mark.django_db
def test_settings_of_a_public_server_never_stop_them(
    small_site: SmallSite, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEVELOPMENT = False
    monkeypatch.setenv("SECRET_KEY", "x" * 50)
    Site.objects.update(hostname="www.example.org")
    call_command("tick")
