"""What is new about an event: where it is, and what became of each date."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils import timezone

from core.dates import describe_day
from core.visibility import is_public
from whats_on.choices import DateState
from whats_on.models import EventDate, EventPage

from .facts import Fact, Facts, one, plain

CANCELLED = "cancelled"


def event_facts(page: EventPage) -> Facts:
    """Return what an event says of which each change is news, by key."""
    dates = {f"date {each.key}": _said_of(each) for each in page.dates.all()}
    whole = CANCELLED if page.is_cancelled else ""
    return {"cancelled": whole, "where": _where(page), "rough": plain(page.rough_date_text), **dates}


def _where(page: EventPage) -> str:
    """Return where it is and how to take part, in one line."""
    centre = page.centre.short_name if page.centre and is_public(page.centre) else ""
    place = [*page.address.splitlines(), page.postcode] if page.is_in_person and page.has_place else []
    return plain(", ".join(part for part in [page.where_text(centre), *place] if part.strip()))


def _said_of(date: EventDate) -> str:
    """Return when a date begins and ends, and whether it is cancelled. Moments are written in one way (UTC)."""
    state = f" {CANCELLED}" if date.state == DateState.CANCELLED else ""
    return f"{_moment(date.starts_at)} {_moment(date.ends_at)}{state}"


def _moment(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat() if moment else "-"


@dataclass(frozen=True)
class _Said:
    """What was said of a date: each is None if it is not known."""

    starts_at: datetime | None
    ends_at: datetime | None
    is_cancelled: bool

    @classmethod
    def of(cls, text: str) -> "_Said":
        """Read it, also as it was written when only the beginning counted."""
        parts = text.removesuffix(CANCELLED).split()
        moments = [datetime.fromisoformat(part) if part != "-" else None for part in parts]
        starts_at, ends_at, *_ = [*moments, None, None]
        return cls(starts_at, ends_at, text.endswith(CANCELLED))


def new_event_facts(page: EventPage, before: Facts) -> list[Fact]:
    """Return what is new about an event that said `before`."""
    if page.is_cancelled:
        is_news = before.get("cancelled") == "" and not is_over(page)
        lines = [*one(page.cancelled_note), *(f"It would have been on {date.text}." for date in coming(page))]
        return [Fact("cancelled", f"Cancelled: {page.title}", lines)] if is_news else []
    facts = []
    dates = coming(page)
    if before.get("cancelled") and dates:
        lines = ["It takes place after all.", *(f"When: {date.text}" for date in dates)]
        return [Fact("cancelled", f"On again: {page.title}", lines)]
    where = _where(page)
    if "where" in before and plain(before["where"]) != where and not is_over(page):
        lines = [f"Until now: {before['where'] or 'not known'}.", f"Now: {where or 'not known'}."]
        facts.append(Fact("where", f"New place or way to take part: {page.title}", lines))
    for date in dates:
        facts += _new_of_date(page, date, before)
    return facts + _taken_out(page, before)


def _new_of_date(page: EventPage, date: EventDate, before: Facts) -> list[Fact]:
    key, said = f"date {date.key}", before.get(f"date {date.key}")
    if said is None:
        return _added(page, date, before)
    was, now = _Said.of(said), _Said.of(_said_of(date))
    day, note = _day(date), one(date.note)
    if now.is_cancelled:
        # Whoever reads "Cancelled" stays at home: it says so of the event only if no date stands.
        stands = any(each.state != DateState.CANCELLED for each in coming(page))
        subject = f"Cancelled on {day}: {page.title}" if stands else f"Cancelled: {page.title}"
        lines = [f"The date {date.text} is cancelled.", *note]
        return [] if was.is_cancelled else [Fact(key, subject, lines)]
    if was.is_cancelled:
        return [Fact(key, f"On again on {day}: {page.title}", [f"It takes place after all: {date.text}.", *note])]
    if was.starts_at != now.starts_at:
        is_same_day = (
            was.starts_at and timezone.localtime(was.starts_at).date() == timezone.localtime(date.starts_at).date()
        )
        subject = f"New time on {day}: {page.title}" if is_same_day else f"Moved to {day}: {page.title}"
        earlier = one(date.moved_from and f"It was: {date.moved_from_text}.")
        return [Fact(key, subject, [*earlier, f"New date: {date.text}.", *note])]
    if was.ends_at is not None and was.ends_at != now.ends_at:
        return [Fact(key, f"New end on {day}: {page.title}", [f"Now: {date.text}.", *note])]
    return []


def _added(page: EventPage, date: EventDate, before: Facts) -> list[Fact]:
    """Return that there is another date, or that the first is known now; nothing of one that is cancelled already."""
    if not before or date.state == DateState.CANCELLED:
        return []
    is_first = not any(key.startswith("date ") for key in before)
    words = "Date now known" if is_first else "Date added"
    return [Fact(f"date {date.key}", f"{words}, {_day(date)}: {page.title}", [f"When: {date.text}", *one(date.note)])]


def _taken_out(page: EventPage, before: Facts) -> list[Fact]:
    """Return which dates to come are no longer there; those that were cancelled until then were told."""
    kept = {f"date {each.key}" for each in page.dates.all()}
    facts = []
    for key, text in before.items():
        said = _Said.of(text) if key.startswith("date ") and key not in kept else None
        if said and said.starts_at and not said.is_cancelled and said.starts_at > timezone.now():
            day = describe_day(timezone.localtime(said.starts_at).date())
            lines = [f"It no longer takes place on {day}."]
            facts.append(Fact(key, f"Not on {day}: {page.title}", lines))
    return facts


def _day(date: EventDate) -> str:
    return describe_day(timezone.localtime(date.starts_at).date())


def coming(page: EventPage) -> list[EventDate]:
    """Return the dates of an event that are not over, in order."""
    dates = [each for each in page.dates.all() if (each.ends_at or each.starts_at) > timezone.now()]
    return sorted(dates, key=lambda each: each.starts_at)


def is_over(page: EventPage) -> bool:
    """Whether an event has had its last date."""
    dates = list(page.dates.all())
    return bool(dates) and not coming(page)
