"""Times how very many mails to followers are prepared and sent, and measures the memory that takes."""

import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.test.utils import override_settings

from benchmarks.mail import bench
from benchmarks.temporary_database import temporary_database

LEAST_RATIO = 0.5
MOST_MB = 100


class Command(BaseCommand):
    help = (
        "Makes a temporary database (SQLite or PostgreSQL, as DATABASE_URL says; the real one stays untouched) in "
        "which very many follow one page, and prepares and sends their mails. Fails if that is less than half as fast "
        f"as a bare loop of smtplib, or needs {MOST_MB} MB more than before."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare how many mails."""
        parser.add_argument("--deliveries", type=int, default=100_000)

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare and send the mails, and print what that took. Raises CommandError where it is not good enough."""
        number = options["deliveries"]
        self.stdout.write(f"{number} deliveries, on {connection.display_name}")
        with (
            tempfile.TemporaryDirectory() as folder,
            tempfile.TemporaryDirectory() as notes,
            override_settings(DEBUG=False),
            temporary_database(Path(folder)),
        ):
            prepared, sent, reached = bench(number, Path(notes))
        self.stdout.write(f"Prepared in {prepared.seconds:.1f} s and {prepared.growth_mb:.0f} MB more memory.")
        self.stdout.write(
            f"Sent {sent.rate:.0f} mails in a second, a bare loop {sent.bare_rate:.0f}: {sent.ratio:.2f} of it, "
            f"in {sent.growth_mb:.0f} MB more memory."
        )
        failures = {
            f"Only {reached} mails arrived.": reached != number,
            f"That is slower than {LEAST_RATIO} of a bare loop.": sent.ratio < LEAST_RATIO,
            f"That is not less than {MOST_MB} MB.": max(prepared.growth_mb, sent.growth_mb) >= MOST_MB,
        }
        if any(failures.values()):
            raise CommandError("\n".join(words for words, is_so in failures.items() if is_so))
