"""Deletes searches that are older than they are kept."""

from typing import Any

from django.core.management.base import BaseCommand

from search.log import forget


class Command(BaseCommand):
    help = "Deletes what was kept of searches more than 13 months ago. Run it once a day."

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete, and say how much that was."""
        self.stdout.write(f"Searches deleted: {forget()}")
