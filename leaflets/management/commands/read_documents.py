"""Read the files that are still to be read: those of before, and those whose worker did not finish."""

from typing import Any

from django.core.management.base import CommandParser
from django.db.models import F, Q

from core.acting import ActsForOthers
from core.models import SiteDocument
from leaflets.models import ReadingState
from leaflets.services import read_document


class Command(ActsForOthers):
    """Reads what `leaflets.tasks.read_file` should have read. It may be run at any time, and by cron."""

    help = "Read uploaded files that have not been read yet, and keep what they say."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --all."""
        parser.add_argument("--all", action="store_true", help="read every file again, for example after an upgrade")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read them one after the other, and say how many there were."""
        documents = SiteDocument.objects.exclude(file="")
        if not options["all"]:
            unread = Q(reading=None) | Q(reading__state=ReadingState.WAITING) | ~Q(reading__file_hash=F("file_hash"))
            documents = documents.filter(unread)
        found = list(documents.values_list("pk", flat=True))
        for pk in found:
            read_document(pk)
        self.stdout.write(f"Read {len(found)} file{'' if len(found) == 1 else 's'}.")
