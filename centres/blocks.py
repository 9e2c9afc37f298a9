"""Opening hours as editors enter them: rows of days and times, and dated exceptions."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import CheckboxSelectMultiple
from wagtail.blocks import (
    CharBlock,
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

from .opening_hours import ExceptionPeriod, Session, contradictions, exception_contradictions


class SessionBlock(StructBlock):
    """Days of the week with the same opening and closing time."""

    days = MultipleChoiceBlock(
        choices=[(str(number), name) for number, name in enumerate(WEEKDAYS)],
        widget=CheckboxSelectMultiple,
        label="Days",
    )
    opens = TimeBlock(label="Opens", help_text="For example 09:00")
    closes = TimeBlock(
        label="Closes",
        help_text="For example 17:00. 00:00 is midnight at the end of the day. "
        "A time before the opening time is on the next morning.",
    )

    class Meta:
        icon = "time"
        label = "Days and times"
        form_classname = "struct-block"


class OpeningHoursBlock(StreamBlock):
    """The weekly pattern. A day may be in several rows: one for the morning, one for the afternoon."""

    session = SessionBlock()

    class Meta:
        required = False

    def clean(self, value: Any) -> Any:
        """Refuse rows that contradict one another, beside the row."""
        cleaned = super().clean(value)
        sessions = _complete_sessions(cleaned)
        mistakes = contradictions(list(sessions.values()))
        if mistakes and not self.is_deferred_validation:
            raise StreamBlockValidationError(block_errors=_beside("opens", list(sessions), mistakes))
        return cleaned


class TimesBlock(StructBlock):
    """One opening and closing time on a day that is different."""

    opens = TimeBlock(label="Opens")
    closes = TimeBlock(label="Closes")


class ExceptionBlock(StructBlock):
    """Days on which the usual week does not hold."""

    label = CharBlock(max_length=80, help_text="Why, as residents read it. For example: bank holiday")
    first = DateBlock(label="First day")
    last = DateBlock(label="Last day", required=False, help_text="Leave empty for a single day.")
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
    return {
        position: Session(
            days=frozenset(int(day) for day in child.value["days"]),
            opens=child.value["opens"],
            closes=child.value["closes"],
        )
        for position, child in enumerate(value)
        if child.value["days"] and child.value["opens"] is not None and child.value["closes"] is not None
    }


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
