"""Every write of the events that is more than a save."""

from datetime import date
from uuid import UUID

from django.db import transaction

from users.models import User

from .models import AnnouncedDate, EventDate, EventPage
from .repeats import Repeat, repeated


def note_announced_dates(event: EventPage) -> None:
    """Remember the dates of an event that has just been published; those remembered before stay."""
    fields = ("timing", "starts_at", "ends_at")
    AnnouncedDate.objects.bulk_create(
        [
            AnnouncedDate(event=event, key=date.key, **{name: getattr(date, name) for name in fields})
            for date in EventDate.objects.filter(event=event.pk)
        ],
        update_conflicts=True,
        unique_fields=["event", "key"],
        update_fields=fields,
    )


class DateGoneError(Exception):
    """The date to repeat is no longer in the newest draft."""


def draft_dates(event: EventPage) -> list[EventDate]:
    """Return the dates of the newest draft of `event`, in order."""
    return sorted(event.get_latest_revision_as_object().dates.all(), key=lambda each: each.starts_at)


@transaction.atomic
def add_repeats(
    *,
    event: EventPage,
    key: UUID,
    repeat: Repeat,
    times: int | None = None,
    until: date | None = None,
    user: User | None = None,
) -> list[EventDate]:
    """Add to the newest draft of `event` the dates that follow the one with this key; return them, in order.

    Dates that begin when one of the draft does are left out, so that sending the form twice adds nothing. It saves a
    draft and publishes nothing. `times` and `until` are those of `repeats.repeated`. Raises DateGoneError.
    """
    # Two editors who add dates at once take turns.
    draft = EventPage.objects.select_for_update().get(pk=event.pk).get_latest_revision_as_object()
    dates = list(draft.dates.all())
    first = next((each for each in dates if each.key == key), None)
    if first is None:
        raise DateGoneError
    there = {each.starts_at for each in dates}
    added = [
        EventDate(timing=first.timing, starts_at=starts_at, ends_at=ends_at)
        for starts_at, ends_at in repeated(first.starts_at, first.ends_at, repeat, times=times, until=until)
        if starts_at not in there
    ]
    if added:
        draft.dates.add(*added)
        # A draft may be unfinished: publishing asks for the rest.
        draft.save_revision(user=user, log_action=True, clean=False)
    return added
