"""Does whatever is due by the clock. Run it every minute, or once with --forever."""

import logging
import signal
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import DatabaseError, close_old_connections

from core.acting import ActsForOthers
from core.scheduler.registry import run_due_jobs, stopping

logger = logging.getLogger(__name__)

EVERY = 60.0


class Command(ActsForOthers):
    help = (
        "Publishes what was scheduled, sends e-mail that is owed, reminds editors of checks, and deletes what is no "
        "longer kept. Run it every minute; two at once do no harm."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare whether to go on, and how often."""
        parser.add_argument("--forever", action="store_true", help="go on until stopped, where nothing runs it anew")
        parser.add_argument("--every", type=float, default=EVERY, help="with --forever: seconds between two rounds")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the jobs that are due. Raises CommandError for what failed; with --forever it writes that and goes on."""
        if not options["forever"]:
            if failed := run_due_jobs():
                raise CommandError("\n".join(failed))
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        while not stopping.is_set():
            # A database that was away is asked for a new connection.
            close_old_connections()
            try:
                failed = run_due_jobs()
            except DatabaseError:
                logger.exception("The database could not be used")
                failed = ["The database could not be used."]
            for words in failed:
                self.stderr.write(words)
            stopping.wait(max(options["every"], 1.0))
