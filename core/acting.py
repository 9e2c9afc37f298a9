"""Commands that act for others (send, publish, tell or erase what is kept), on which nobody may try things out.

`manage.py` without settings is development, whose key is public and whose mails are only printed. Typed on a server,
or in its crontab, it would sign links with that key and count mails as sent.
"""

import os
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from wagtail.models import Site

# What only a public server is told, in its environment or in .env.
TOLD = ("SECRET_KEY", "ALLOWED_HOSTS", "NOTIFY_API_KEY")
HERE = {"", "localhost", "127.0.0.1", "::1", "testserver"}


class ActsForOthers(BaseCommand):
    """Put first among the bases of a command that acts for others: it refuses development settings on a server."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command. Raises CommandError where `refuse_development_settings` does."""
        refuse_development_settings(type(self).__module__.rpartition(".")[2])
        return super().execute(*args, **options)


def refuse_development_settings(command: str) -> None:
    """Raise CommandError if the settings are those of development and a public server is in sight.

    `command` is the name that `manage.py` knows it by, for the sentence that says what to type.
    """
    sign = sign_of_production() if settings.DEVELOPMENT else ""
    if sign:
        raise CommandError(
            f"Nothing was done: these are the settings for development, but {sign}. On a public server, type: "
            f"DJANGO_SETTINGS_MODULE=bctt.settings.production python manage.py {command} … If this is your own machine "
            f"after all, type: DEVELOPMENT_DATABASE=true python manage.py {command} …"
        )


def sign_of_production() -> str:
    """Return what says that this is a public server, to go on after "but"; empty if nothing does."""
    if os.environ.get("DEVELOPMENT_DATABASE", "").lower() == "true":
        return ""
    for name in TOLD:
        if os.environ.get(name):
            return f"{name} is set, in the environment or in .env, as for a public server"
    if urlsplit(os.environ.get("BASE_URL", "")).scheme == "https":
        return "BASE_URL, in the environment or in .env, is that of a public server"
    if connection.vendor != "sqlite":
        return "DATABASE_URL, in the environment or in .env, names a database server"
    host = _hostname()
    return f"the database is that of a public site, {host}" if host not in HERE else ""


def _hostname() -> str:
    """Return the host that the record of the site names; it is made with the site, from BASE_URL."""
    try:
        return Site.objects.filter(is_default_site=True).values_list("hostname", flat=True).first() or ""
    except DatabaseError:  # not set up yet: the command itself says so
        return ""
