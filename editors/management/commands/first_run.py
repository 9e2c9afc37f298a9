"""Makes a new site usable: content if it is empty, and a way in if nobody can do everything."""

import secrets
from typing import Any

from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from editors.groups import SITE_EDITORS
from home.models import HomePage
from users.models import User

ADMINISTRATOR = "admin@example.org"


HOW_TO_INVITE = """
  Nobody can sign in as an administrator. Print a link by which somebody can:
    python manage.py invite_administrator name@example.org
"""


class Command(BaseCommand):
    help = "Loads the starter content if the site is empty, and says how to get in if there is no administrator."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare whether a password may be printed."""
        parser.add_argument(
            "--print-password",
            action="store_true",
            help="make an administrator and print the password, where nobody else sees it: on one's own machine",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load what is missing; with `print_password` make an administrator, and print the password once."""
        call_command("close_files", stdout=self.stdout, stderr=self.stderr)
        if not HomePage.objects.exists():
            call_command("load_starter_content", stdout=self.stdout)
        elif not Group.objects.filter(name=SITE_EDITORS).exists():
            call_command("setup_groups", stdout=self.stdout)
        if User.objects.filter(is_superuser=True, is_active=True).exists():
            return
        # An administrator who was switched off is not switched on by starting the site.
        if options["print_password"] and not User.objects.filter(email=ADMINISTRATOR).exists():
            self._print_password()
        else:
            self.stdout.write(HOW_TO_INVITE)

    def _print_password(self) -> None:
        password = secrets.token_urlsafe(12)
        User.objects.create_superuser(ADMINISTRATOR, password, first_name="Site", last_name="Administrator")
        self.stdout.write(
            "\n".join(
                [
                    "",
                    "  To edit the site, sign in at /admin/",
                    f"    E-mail address: {ADMINISTRATOR}",
                    f"    Password:       {password}",
                    "  This password is shown only once. Change it under your account in the admin.",
                    "",
                ]
            )
        )
