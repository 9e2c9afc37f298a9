"""Counts the queries and times the pages of a site full of made-up content."""

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.test import override_settings

from home.bench import BenchError, fill, measure, scratch_database, table


class Command(BaseCommand):
    help = (
        "Makes a scratch database (SQLite or PostgreSQL, as DATABASE_URL says; the real one stays untouched), fills "
        "it with made-up content, and prints for each page type how many queries it takes and how long the server "
        "works on it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the size of the site, the number of measurements and a file for the results."""
        parser.add_argument("--centres", type=int, default=40, help="how many centres (default: 40)")
        parser.add_argument("--services", type=int, default=30, help="how many services at each (default: 30)")
        parser.add_argument("--requests", type=int, default=100, help="how often each page is timed (default: 100)")
        parser.add_argument("--json", type=Path, metavar="FILE", help="also write the results to this file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill, measure, print."""
        centres, services, requests = options["centres"], options["services"], options["requests"]
        if min(centres, services, requests) < 1:
            raise CommandError("--centres, --services and --requests must be at least 1.")
        self.stdout.write(f"{centres} centres with {services} services each, on {connection.display_name}")
        with (
            tempfile.TemporaryDirectory() as folder,
            override_settings(DEBUG=False, ALLOWED_HOSTS=["testserver"], STATIC_ROOT=folder),
            scratch_database(Path(folder)),
        ):
            paths = fill(centres=centres, services=services)
            try:
                timings = list(measure(paths, requests=requests))
            except BenchError as error:
                raise CommandError(str(error)) from error
        for line in table(timings):
            self.stdout.write(line)
        if options["json"]:
            results = {
                "centres": centres,
                "services": services,
                "database": connection.display_name,
                "pages": [asdict(timing) for timing in timings],
            }
            options["json"].write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
