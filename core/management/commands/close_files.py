"""Takes from other users of the machine the right to read the database and uploads."""

from typing import Any

from django.core.management.base import BaseCommand

from core.uploads.private_files import close_files


class Command(BaseCommand):
    """`manage.py close_files`: after an upgrade, or when files were copied back from a backup."""

    help = "Close the database, uploads and caches to other users of this machine."

    def handle(self, *args: Any, **options: Any) -> None:
        """Close them, and name what belongs to somebody else."""
        changed, others = close_files()
        if changed:
            self.stdout.write(f"Closed to other users of this machine: {changed} files and folders.")
        for path in others:
            self.stderr.write(f"{path} belongs to somebody else. Run this as its owner.")
