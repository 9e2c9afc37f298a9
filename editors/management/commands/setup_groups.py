"""Makes the groups of editors, and mends their rights."""

from typing import Any

from django.core.management.base import BaseCommand

from editors.groups import set_up_groups


class Command(BaseCommand):
    help = (
        "Makes the groups of editors (docs/groups/), with their collections and workflows, and gives each exactly its "
        "rights. It can be run again: people stay in their groups."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the groups, and say which there are."""
        names = set_up_groups()
        if names:
            self.stdout.write(f"Groups: {', '.join(names)}.")
        else:
            self.stdout.write("There is no home page yet. Run load_starter_content first.")
