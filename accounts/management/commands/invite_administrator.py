"""Prints a link by which an administrator chooses a password: for the first one, and when nobody can sign in."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.emails import password_link
from accounts.forms import AddressField
from accounts.second_factor_services import reset
from accounts.services import invite_administrator, purpose_of
from accounts.tokens import INVITATION


class Command(BaseCommand):
    help = (
        "Prints a link by which somebody chooses a password and is then an administrator. An account with the address "
        "is made if there is none. The link works once; whoever has it can use it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare for whom."""
        parser.add_argument("address", help="the e-mail address that the person signs in with")
        parser.add_argument("--first-name", default="", help="the first name, for a new account")
        parser.add_argument("--last-name", default="", help="the last name, for a new account")
        parser.add_argument(
            "--reset-second-step",
            action="store_true",
            help="also remove the passkeys, apps and recovery codes of an account, for who has lost them all",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the link. Raises CommandError for what is no address, and for who signs in by the directory alone."""
        try:
            address = AddressField().clean(options["address"])
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        user = invite_administrator(
            address, first_name=options["first_name"][:150], last_name=options["last_name"][:150]
        )
        if options["reset_second_step"]:
            reset(user)
        purpose = purpose_of(user)
        if purpose is None:
            raise CommandError(
                f"{user.email} is an administrator now, and signs in by the directory: there is no password to choose."
            )
        link = password_link(purpose, user)
        what = "is invited as an administrator" if purpose is INVITATION else "is an administrator"
        self.stdout.write(
            "\n".join(
                [
                    "",
                    f"  {user.email} {what}. Open this link to choose a password:",
                    f"    {link.url}",
                    f"  It works once, until {link.until}. Give it to nobody else.",
                    "",
                ]
            )
        )
