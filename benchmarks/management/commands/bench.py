"""Counts the queries and times the pages of a site full of made-up content."""

import json
import tempfile
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.test import override_settings

from benchmarks.pages import BenchError, measure, table
from benchmarks.search import SearchSize, fill_for_search
from benchmarks.site import Size, fill
from benchmarks.temporary_database import temporary_database

WHAT = {
    "centres": "centres",
    "services": "services at each centre",
    "news": "news items, with a fifth as many updates of forums",
    "events": "events",
    "leaflets": "leaflets",
}


class Command(BaseCommand):
    help = (
        "Makes a temporary database (SQLite or PostgreSQL, as DATABASE_URL says; the real one stays untouched), fills "
        "it with made-up content, and prints for each page type how many queries it takes and how long the server "
        "works on it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the size of the site, the number of measurements and a file for the results."""
        for field in fields(Size):
            said = f"how many {WHAT[field.name]} (default: {field.default})"
            parser.add_argument(f"--{field.name}", type=int, default=field.default, help=said)
        parser.add_argument(
            "--pages",
            type=int,
            metavar="PAGES",
            help="time searches instead, of so many pages of made-up words, with leaflets among them",
        )
        said = f"with --pages, how many leaflets with the text of a PDF (default: {SearchSize.pdfs})"
        parser.add_argument("--pdfs", type=int, default=SearchSize.pdfs, help=said)
        parser.add_argument("--requests", type=int, default=100, help="how often each page is timed (default: 100)")
        parser.add_argument("--json", type=Path, metavar="FILE", help="also write the results to this file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill, measure, print."""
        kind = Size if options["pages"] is None else SearchSize
        size = kind(**{field.name: options[field.name] for field in fields(kind)})
        requests = options["requests"]
        if min(*asdict(size).values(), requests) < 1:
            raise CommandError("Every size and --requests must be at least 1.")
        numbers = ", ".join(f"{number} {name}" for name, number in asdict(size).items())
        self.stdout.write(f"{numbers}, on {connection.display_name}")
        with (
            tempfile.TemporaryDirectory() as folder,
            override_settings(DEBUG=False, ALLOWED_HOSTS=["testserver"], STATIC_ROOT=folder),
            temporary_database(Path(folder)),
        ):
            paths = fill_for_search(size) if isinstance(size, SearchSize) else fill(size)
            try:
                timings = list(measure(paths, requests=requests))
            except BenchError as error:
                raise CommandError(str(error)) from error
        for line in table(timings):
            self.stdout.write(line)
        if options["json"]:
            results = {
                **asdict(size),
                "database": connection.display_name,
                "pages": [asdict(timing) for timing in timings],
            }
            options["json"].write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
