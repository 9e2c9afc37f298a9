"""The state of the mail server, which all processes know together: in use, left alone for a while, or all mail stopped.

It is the one row of `core.models.Mailing`.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from core.models import Mailing

# After so many failures of the server in a row it is left alone, longer each time.
BREAKS = Mailing.BREAKS
# What the column holds, and far more than matters.
MOST_COUNTED = 10_000
LONGEST_REST = Mailing.LONGEST_REST


# What is known of a server that takes mails.
WORKING = {"breaks": 0, "rests_until": None, "broken_at": None, "problem": ""}


def is_working() -> bool:
    """Whether the server took the last mail that was handed to it."""
    return Mailing.now().breaks == 0


def set_paused(is_paused: bool) -> None:
    """Stop all owed mail, or go on; going on also tries a server again that is left alone."""
    Mailing.objects.update_or_create(pk=Mailing.ONLY, defaults={"is_paused": is_paused, **WORKING})


def note_working() -> None:
    """Forget earlier failures of the server. It need not be asked after each mail: a failure ends the connection."""
    Mailing.objects.filter(pk=Mailing.ONLY, breaks__gt=0).update(**WORKING)


@transaction.atomic
def note_break(reason: str, *, is_certain: bool = False) -> None:
    """Leave the server alone after BREAKS failures in a row: a minute, then twice as long each time.

    With `is_certain` one failure is enough.
    """
    Mailing.objects.get_or_create(pk=Mailing.ONLY)
    mailing = Mailing.objects.select_for_update().get(pk=Mailing.ONLY)
    mailing.breaks = min(mailing.breaks + 1, MOST_COUNTED)
    if is_certain:
        mailing.breaks = max(mailing.breaks, BREAKS)
    mailing.broken_at = mailing.broken_at or timezone.now()
    mailing.problem = reason
    if mailing.breaks >= BREAKS:
        rest = timedelta(minutes=2 ** min(mailing.breaks - BREAKS, 10))
        mailing.rests_until = timezone.now() + min(rest, LONGEST_REST)
    mailing.save()
