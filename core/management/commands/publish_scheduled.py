"""Wagtail's command of this name, of which one failure does not stop the rest."""

from typing import Any

from django.core.management.base import CommandError
from wagtail.management.commands import publish_scheduled

from core.acting import ActsForOthers
from core.scheduler.publishing import publish_scheduled_content


class Command(ActsForOthers, publish_scheduled.Command):
    help = "Publishes and unpublishes what editors have scheduled. Run it every minute."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what is due, or with --dryrun say what that is. Raises CommandError at the end for what failed."""
        if options["dryrun"]:
            super().handle(*args, **options)
        elif failed := publish_scheduled_content():
            raise CommandError("\n".join(failed))
