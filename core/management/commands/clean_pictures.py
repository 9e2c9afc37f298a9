"""Takes place, time, people and device out of pictures that were uploaded before that was done by itself."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand

from core.existing_pictures import Cleaned, Outcome, clean_existing


class Command(BaseCommand):
    """`manage.py clean_pictures`: once after the upgrade; running it again changes nothing."""

    help = "Clean pictures that were uploaded before uploads were cleaned, and make their sizes anew."

    def handle(self, *args: Any, **options: Any) -> None:
        """Clean each, say which could not be, and how many there were."""
        counts: Counter[Outcome] = Counter()
        sizes = 0
        for cleaned in clean_existing():
            counts[cleaned.outcome] += 1
            sizes += cleaned.sizes
            self._say(cleaned)
        self.stdout.write(
            f"Pictures cleaned: {counts[Outcome.CLEANED]}. Clean before: {counts[Outcome.WAS_CLEAN]}. "
            f"Could not be cleaned: {counts[Outcome.MISSING] + counts[Outcome.UNREADABLE]}. "
            f"Sizes deleted, which are made anew when they are asked for: {sizes}."
        )

    def _say(self, cleaned: Cleaned) -> None:
        if cleaned.outcome is Outcome.CLEANED:
            self.stdout.write(f"Cleaned {cleaned.name}.")
        elif cleaned.outcome is Outcome.MISSING:
            self.stderr.write(f"The file of {cleaned.name} is not in storage. Upload it again or delete the entry.")
        elif cleaned.outcome is Outcome.UNREADABLE:
            self.stderr.write(f"Could not clean {cleaned.name}: {cleaned.reason}")
