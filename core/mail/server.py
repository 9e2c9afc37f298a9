"""The state of the mail server, which all processes know together: in use, left alone for a while, or all mail stopped.

It is the one row of `core.models.Mailing`.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from core.models import Mailing

# After so many failures of the server in a row it is left alone, longer each time.
BREAKS = 3
LONGEST_REST = timedelta(minutes=15)


def set_paused(is_paused: bool) -> None:
    """Stop all owed mail, or go on; going on also tries a server again that is left alone."""
    Mailing.objects.update_or_create(
        pk=Mailing.ONLY, defaults={"is_paused": is_paused, "breaks": 0, "rests_until": None, "problem": ""}
    )


def note_working() -> None:
    """Forget earlier failures of the server. It need not be asked after each mail: a failure ends the connection."""
    Mailing.objects.filter(pk=Mailing.ONLY, breaks__gt=0).update(breaks=0, rests_until=None, problem="")


@transaction.atomic
def note_break(reason: str) -> None:
    """Leave the server alone after BREAKS failures in a row: a minute, then twice as long each time."""
    Mailing.objects.get_or_create(pk=Mailing.ONLY)
    mailing = Mailing.objects.select_for_update().get(pk=Mailing.ONLY)
    mailing.breaks += 1
    mailing.problem = reason
    if mailing.breaks >= BREAKS:
        rest = timedelta(minutes=2 ** min(mailing.breaks - BREAKS, 10))
        mailing.rests_until = timezone.now() + min(rest, LONGEST_REST)
    mailing.save()
