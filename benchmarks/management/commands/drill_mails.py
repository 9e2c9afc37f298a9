"""Sends mail to very many followers while senders are killed and the mail server refuses, and says what came of it."""

import tempfile
from pathlib import Path
from random import randrange
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.test.utils import override_settings

from benchmarks.mail_drill import DrillError, Plan, drill
from benchmarks.temporary_database import temporary_database


class Command(BaseCommand):
    help = (
        "Makes a temporary database (the real one stays untouched) in which very many follow one page, publishes it, "
        "and lets several processes send the mails, which are killed at any moment, to a mail server that misbehaves "
        "in many ways for a while each. Fails if a mail was lost, came twice more often than a process was killed, or "
        "a follower was paused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare how many follow and send, how often a sender is killed, and the seed of all chance."""
        parser.add_argument("--followers", type=int, default=10_000)
        parser.add_argument("--senders", type=int, default=2)
        parser.add_argument("--kills", type=int, default=10)
        parser.add_argument("--seed", type=int, help="to repeat a drill (default: any)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the drill and print what came of it. Raises CommandError for what was lost or went wrong."""
        seed = randrange(1_000_000) if options["seed"] is None else options["seed"]  # noqa: S311 (no secret)
        plan = Plan(options["followers"], options["senders"], options["kills"], seed)
        self.stdout.write(
            f"{plan.followers} followers, {plan.senders} senders, {plan.kills} kills, seed {seed}, "
            f"on {connection.display_name}"
        )
        with (
            tempfile.TemporaryDirectory() as folder,
            tempfile.TemporaryDirectory() as notes,
            override_settings(DEBUG=False),
            temporary_database(Path(folder)),
        ):
            try:
                report = drill(plan, Path(notes))
            except DrillError as error:
                raise CommandError(str(error)) from error
        for number, (mails, processes) in enumerate(report.shares, start=1):
            self.stdout.write(f"Sender {number}: {mails} mails, by {processes} processes.")
        self.stdout.write(
            f"The mail server took {report.mails} mails over {report.connections} connections, {report.doubles} of "
            f"them a second time; {report.refused} times it refused one."
        )
        if report.errors:
            raise CommandError("\n".join(report.errors))
        self.stdout.write("Every follower had the mail; what came twice had the same Message-ID.")
