"""Lets several editors' drafts save by themselves at once, and says whether anything was lost or refused."""

import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.test.utils import override_settings

from benchmarks.autosave_drill import drill
from benchmarks.temporary_database import temporary_database


class Command(BaseCommand):
    help = (
        "Makes a temporary database (the real one stays untouched) in which several editors change a page each, whose "
        "drafts save by themselves again and again. Fails if a save was refused or lost, for example because the "
        "database was locked."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare how many editors, and for how long."""
        parser.add_argument("--editors", type=int, default=4)
        parser.add_argument("--seconds", type=int, default=300)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the drill and print a line for each editor. Raises CommandError if anything was refused or lost."""
        with (
            tempfile.TemporaryDirectory() as folder,
            override_settings(DEBUG=False, ALLOWED_HOSTS=["testserver"], STATIC_ROOT=folder),
            temporary_database(Path(folder)),
        ):
            reports = drill(editors=options["editors"], seconds=options["seconds"])
        for number, report in enumerate(reports, start=1):
            problems = "; ".join(f"{count} times {words}" for words, count in report.problems.items())
            self.stdout.write(
                f"Editor {number}: {report.saves} saves, the slowest {report.slowest_ms:.0f} ms, "
                f"{problems or 'no problem'}."
            )
        if any(report.problems for report in reports) or not all(report.saves for report in reports):
            raise CommandError("Something was refused or lost.")
        self.stdout.write("Nothing was refused, and nothing was lost.")
