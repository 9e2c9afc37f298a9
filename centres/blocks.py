"""Opening hours as editors enter them: rows of days and times, and dated exceptions."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.forms import CheckboxSelectMultiple
from wagtail.blocks import (
    BooleanBlock,
    CharBlock,
    ChoiceBlock,
    ListBlock,
    MultipleChoiceBlock,
    StreamBlock,
    StreamValue,
    StructBlock,
)
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from core.blocks.times import DateBlock, TimeBlock
from core.dates import WEEKDAYS

from .opening_hours import (
    MIDNIGHT,
    WEEKS_OF_MONTH,
    ExceptionPeriod,
    Session,
    contradictions,
    doubts,
    exception_contradictions,
    times_doubts,
)

DAYS = [(str(number), name) for number, name in enumerate(WEEKDAYS)]


class Way(models.TextChoices):
    """How people are let in on the days of a row."""

    TIMES = "times", "At the times below"
    ALL_DAY = "all_day", "Open 24 hours"
    APPOINTMENT = "appointment", "By appointment"


def right_block() -> BooleanBlock:
    """Return the box that answers a question about unusual times."""
    return BooleanBlock(
        required=False,
        label="Yes, these times are right",
        help_text="Only needed if you are asked: at night, and for more than 14 hours in a day.",
    )


class RuleBlock(StructBlock):
    """Leaves out weeks."""

    weeks = MultipleChoiceBlock(
        choices=[(str(week.number), f"The {week.name} of the month") for week in WEEKS_OF_MONTH],
        widget=CheckboxSelectMultiple,
        required=False,
        label="Weeks of the month",
        help_text="For example the first and third Saturday. Tick none for every week.",
    )
    every_second_from = DateBlock(
        label="Every second week, from", required=False, help_text="Any day on which it is open. For example 08/12/2026"
    )
    first = DateBlock(label="Not before", required=False, help_text="For example the first day of term.")
    last = DateBlock(label="Not after", required=False, help_text="For example the last day of term.")

    class Meta:
        label = "Not every week"
        collapsed = True


class SessionBlock(StructBlock):
    """Days of the week with the same opening and closing time."""

    days = MultipleChoiceBlock(choices=DAYS, widget=CheckboxSelectMultiple, label="Days")
    way = ChoiceBlock(choices=Way.choices, default=Way.TIMES.value, label="How it is open")
    opens = TimeBlock(label="Opens", required=False, help_text="For example 9am or 9.30am")
    closes = TimeBlock(
        label="Closes",
        required=False,
        help_text="For example 5pm or 5.30pm; midnight is the end of the day. "
        "A time before the opening time is on the next morning.",
    )
    is_right = right_block()
    rule = RuleBlock()

    class Meta:
        icon = "time"
        label = "Days and times"
        form_classname = "struct-block"

    def clean(self, value: Any) -> Any:
        """Ask for the times that the way of opening needs. Raises StructBlockValidationError."""
        cleaned = super().clean(value)
        missing = [name for name in ("opens", "closes") if cleaned[name] is None]
        errors: dict[str, ValidationError] = {}
        if _way(cleaned) == Way.TIMES or (_way(cleaned) == Way.APPOINTMENT and len(missing) == 1):
            errors = {name: ValidationError("This field is required.", code="required") for name in missing}
        elif _way(cleaned) == Way.ALL_DAY and len(missing) < 2:
            errors = {"way": ValidationError("Choose “At the times below”, or leave the times empty.")}
        if errors and not self.is_deferred_validation:
            raise StructBlockValidationError(block_errors=errors)
        return cleaned


class OpeningHoursBlock(StreamBlock):
    """The usual pattern. A day may be in several rows: one for the morning, one for the afternoon."""

    session = SessionBlock()

    class Meta:
        required = False

    def clean(self, value: Any) -> Any:
        """Refuse rows that contradict one another, and ask about times that are unusual, beside the row."""
        cleaned = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        sessions = _complete_sessions(cleaned)
        mistakes = contradictions(list(sessions.values()))
        positions = list(sessions)
        if not mistakes:
            positions = [number for number in positions if _way(cleaned[number].value) == Way.TIMES]
            asked = doubts([sessions[number] for number in positions])
            mistakes = [each for each in asked if not cleaned[positions[each[0]]].value.get("is_right")]
        if mistakes:
            raise StreamBlockValidationError(block_errors=_beside("opens", positions, mistakes))
        return cleaned


class TimesBlock(StructBlock):
    """One opening and closing time on a day that is different."""

    opens = TimeBlock(label="Opens")
    closes = TimeBlock(label="Closes")
    is_right = right_block()

    def clean(self, value: Any) -> Any:
        """Ask about times that are unusual. Raises StructBlockValidationError."""
        cleaned = super().clean(value)
        if self.is_deferred_validation or cleaned.get("is_right") or cleaned["opens"] == cleaned["closes"] != MIDNIGHT:
            return cleaned
        if question := times_doubts((cleaned["opens"], cleaned["closes"])):
            raise StructBlockValidationError(block_errors={"opens": ValidationError(question)})
        return cleaned


class ExceptionBlock(StructBlock):
    """Days on which the usual week does not hold."""

    label = CharBlock(max_length=80, help_text="Why, as residents read it. For example: bank holiday")
    first = DateBlock(label="First day")
    last = DateBlock(label="Last day", required=False, help_text="Leave empty for a single day.")
    days = MultipleChoiceBlock(
        choices=DAYS,
        widget=CheckboxSelectMultiple,
        required=False,
        label="Only on these days",
        help_text="Tick none for all days that are usually open. A closure without ticks is for all its days.",
    )
    times = ListBlock(
        TimesBlock(),
        label="Open at these times",
        default=[],
        help_text="Add nothing if it is closed all day.",
    )

    class Meta:
        icon = "date"
        label = "Different days"


class ExceptionsBlock(StreamBlock):
    """Every dated exception to the usual week."""

    exception = ExceptionBlock()

    class Meta:
        required = False

    def clean(self, value: Any) -> Any:
        """Refuse periods that contradict one another, beside the period."""
        cleaned = super().clean(value)
        periods = _complete_exceptions(cleaned)
        mistakes = exception_contradictions(list(periods.values()))
        if mistakes and not self.is_deferred_validation:
            raise StreamBlockValidationError(block_errors=_beside("first", list(periods), mistakes))
        return cleaned


def _beside(field: str, positions: list[int], mistakes: list[tuple[int, str]]) -> dict[int, ValidationError]:
    """Return what is wrong with each row, to be shown beside one of its fields.

    `mistakes` count rows from 0; `positions` says where each stands in the whole.
    """
    rows: dict[int, list[str]] = {}
    for number, message in mistakes:
        rows.setdefault(positions[number], []).append(message)
    return {
        position: StructBlockValidationError(block_errors={field: ValidationError(messages)})
        for position, messages in rows.items()
    }


def _complete_sessions(value: StreamValue) -> dict[int, Session]:
    """Return the rows that say enough, by position; a draft may hold others."""
    found = {position: _session(child.value) for position, child in enumerate(value)}
    return {position: session for position, session in found.items() if session is not None}


def _session(row: Any) -> Session | None:
    opens, closes = row["opens"], row["closes"]
    way, rule = _way(row), row.get("rule") or {}
    if way == Way.ALL_DAY or (way == Way.APPOINTMENT and opens is None and closes is None):
        opens = closes = MIDNIGHT
    if not row["days"] or opens is None or closes is None:
        return None
    return Session(
        days=_numbers(row["days"]),
        opens=opens,
        closes=closes,
        weeks=_numbers(rule.get("weeks")),
        every_second_from=rule.get("every_second_from"),
        first=rule.get("first"),
        last=rule.get("last"),
        by_appointment=way == Way.APPOINTMENT,
    )


def _way(row: Any) -> str:
    # Rows that a program writes may leave out what is usual; those that were kept before there were ways do.
    return str(row.get("way") or Way.TIMES)


def _numbers(ticked: list[str] | None) -> frozenset[int]:
    return frozenset(int(each) for each in ticked or ())


def _complete_exceptions(value: StreamValue) -> dict[int, ExceptionPeriod]:
    """Return the periods that say enough, by position; a draft may hold others."""
    return {
        position: ExceptionPeriod(
            first=child.value["first"],
            last=child.value["last"] or child.value["first"],
            label=child.value["label"] or "",
            sessions=tuple(
                (times["opens"], times["closes"])
                for times in child.value["times"]
                if times["opens"] is not None and times["closes"] is not None
            ),
            days=_numbers(child.value.get("days")),
        )
        for position, child in enumerate(value)
        if child.value["first"] is not None
    }


def sessions_of(value: StreamValue) -> tuple[Session, ...]:
    """Return the weekly pattern as plain data."""
    return tuple(_complete_sessions(value).values())


def exceptions_of(value: StreamValue) -> tuple[ExceptionPeriod, ...]:
    """Return the dated exceptions as plain data."""
    return tuple(_complete_exceptions(value).values())
