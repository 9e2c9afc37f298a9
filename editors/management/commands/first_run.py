"""Makes a new site usable: content if it is empty, and an administrator if there is none."""

import secrets
from typing import Any

from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import BaseCommand

from editors.groups import SITE_EDITORS
from home.models import HomePage
from users.models import User

ADMINISTRATOR = "admin@example.org"


class Command(BaseCommand):
    help = "Loads the starter content if the site is empty and creates an administrator if nobody can sign in."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load what is missing; print the generated password once."""
        call_command("close_files", stdout=self.stdout, stderr=self.stderr)
        if not HomePage.objects.exists():
            call_command("load_starter_content", stdout=self.stdout)
        elif not Group.objects.filter(name=SITE_EDITORS).exists():
            call_command("setup_groups", stdout=self.stdout)
        if not User.objects.filter(is_superuser=True, is_active=True).exists():
            if User.objects.filter(email=ADMINISTRATOR).exists():
                self.stdout.write("Nobody can sign in as an administrator. Add one: manage.py createsuperuser")
                return
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
