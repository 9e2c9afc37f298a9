"""Puts the starter content on the site."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.starter_content import StarterContentError
from home.signals import starter_content_loaded
from home.starter.loader import load_starter_content


class Command(BaseCommand):
    help = (
        "Puts the first content (home/starter/) on the site. It can be run again: pages that somebody has changed "
        "in the admin stay as they are. Then the groups of editors are made (setup_groups)."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say what happened."""
        try:
            outcomes = load_starter_content()
        except StarterContentError as error:
            raise CommandError(f"The starter content was not loaded, and nothing has changed. {error}") from error
        words = {
            "created": "created",
            "refreshed": "brought up to date",
            "unchanged": "already up to date",
            "kept": "kept as edited",
            "gone": "left away as deleted",
        }
        said = ", ".join(f"{outcomes[key]} {text}" for key, text in words.items() if outcomes[key])
        self.stdout.write(f"Starter content: {said}.")
        starter_content_loaded.send(sender=None)
