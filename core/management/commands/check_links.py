"""Look for links to other sites that lead nowhere. Run it every night."""

from argparse import ArgumentTypeError
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache
from django.core.management.base import CommandError, CommandParser
from wagtail.models import Site

from core.acting import ActsForOthers
from core.addresses import base_url
from core.links.checks import NothingReachedError, check_links
from core.links.requests import LinkChecker
from core.links.services import note_all_links

# In the cache while a run lasts.
RUNNING = "core.check_links.running"


def above_nothing(text: str) -> float:
    """Return a number of the command line. Raises ArgumentTypeError unless it is above 0."""
    try:
        number = float(text)
    except ValueError:
        number = 0
    if not 0 < number < 1_000_000:
        raise ArgumentTypeError(f"{text} is not a number above 0")
    return number


class Command(ActsForOthers):
    """Remembers the links of everything live, then asks other sites for theirs."""

    help = "Looks for links that lead nowhere. Run it every night."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare how long requests may take, and the pause between two to one host."""
        parser.add_argument("--seconds", type=above_nothing, default=10, help="how long one request may take")
        parser.add_argument("--minutes", type=above_nothing, default=60, help="how long all may take together")
        parser.add_argument("--pause", type=above_nothing, default=1, help="seconds between two requests to a host")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look, ask, and say how many were asked, unless another run does so already.

        Raises CommandError if no site at all could be reached.
        """
        # A run that was killed must not stop that of the next night.
        if not cache.add(RUNNING, True, timeout=options["minutes"] * 60 + 600):
            self.stdout.write("Another run is under way; nothing was done.")
            return
        try:
            self.run(options)
        finally:
            cache.delete(RUNNING)

    def run(self, options: dict[str, Any]) -> None:
        """Look, ask, and say how many were asked."""
        note_all_links()
        ours = urlsplit(base_url()).hostname or ""
        own = frozenset([ours, *Site.objects.values_list("hostname", flat=True)])
        checker = LinkChecker(options["seconds"], options["minutes"] * 60, options["pause"], own)
        try:
            asked, is_done = check_links(checker)
        except NothingReachedError as error:
            raise CommandError("No site replied. Does this machine reach the internet? Nothing was changed.") from error
        rest = "" if is_done else " The time was over; the next run begins with the others."
        self.stdout.write(f"Asked for {asked} web address{'' if asked == 1 else 'es'}.{rest}")
