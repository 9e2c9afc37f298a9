"""Answers one person who asks what is kept of him or her, or wants it erased."""

import json
import sys
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from core.acting import ActsForOthers
from core.security.log import PERSONAL_ERASURE, PERSONAL_EXPORT, log_security_event
from followers.queries import everything_about
from followers.services import erase, normalised


class Command(ActsForOthers):
    help = "Prints all that is kept of one person who follows the site by e-mail, as JSON, or erases it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to do, and the address."""
        parser.add_argument("action", choices=["export", "erase"])
        parser.add_argument("address", help="the e-mail address; - reads it from the input, so that no history has it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it or erase it. Raises CommandError if there is nothing about the address."""
        address = normalised(sys.stdin.readline() if options["address"] == "-" else options["address"])
        found = everything_about(address)
        if not found:
            raise CommandError("There is nothing about this address. Is it typed as the person wrote it?")
        log_security_event(PERSONAL_EXPORT if options["action"] == "export" else PERSONAL_ERASURE)
        if options["action"] == "export":
            self.stdout.write(json.dumps(found, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
        else:
            erase(address)
            self.stdout.write("All there was about this address is erased.")
