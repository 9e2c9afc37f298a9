"""Draw the dot map of Thurrock from the postcodes, or check that the drawn one is up to date."""

import json
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from centres.geography.map import draw, town_boxes
from centres.geography.postcodes import POSTCODES, read_postcodes

DRAWING = Path("bctt", "static", "img", "thurrock-map.svg")
# Where pages lay links over the towns.
BOXES = Path("centres", "geography", "data", "town_boxes.json")


class Command(BaseCommand):
    """Writes the SVG that the home page and the list of centres show."""

    help = f"Draws {DRAWING} from the postcodes in centres/geography/data."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --check, for continuous integration."""
        parser.add_argument("--check", action="store_true", help="Write nothing; fail when the file is out of date.")

    def handle(self, *, check: bool, **options: object) -> None:
        """Write the drawing; with `check` raise CommandError when what is there is not what would be drawn."""
        with POSTCODES.open(encoding="utf-8", newline="") as lines:
            postcodes = read_postcodes(lines)
        made = {
            DRAWING: draw(postcodes),
            BOXES: json.dumps(town_boxes(postcodes), indent=2) + "\n",
        }
        for file, text in made.items():
            target = Path(settings.BASE_DIR) / file
            if check:
                if not target.exists() or target.read_text(encoding="utf-8") != text:
                    raise CommandError(f"{file} is out of date: run manage.py draw_map and commit it.")
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="\n")
            self.stdout.write(f"Wrote {file} ({len(text.encode())} bytes).")
