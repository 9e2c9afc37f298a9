"""A date of an event: what it says, and what it refuses."""

from datetime import datetime

import pytest
from django.core.exceptions import ValidationError

from whats_on.models import DateState, EventDate

from .making import london

pytestmark = pytest.mark.database


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (london(2027, 5, 4, 14), london(2027, 5, 4, 16, 30), "Tuesday 4 May 2027, 2pm to 4:30pm"),
        (london(2027, 5, 4, 10), london(2027, 5, 4, 12), "Tuesday 4 May 2027, 10am to midday"),
        (
            london(2027, 5, 4, 22),
            london(2027, 5, 5, 1),
            "Tuesday 4 May 2027, 10pm to Wednesday 5 May 2027, 1am",
        ),
        (london(2027, 1, 5, 9), london(2027, 1, 5, 17), "Tuesday 5 January 2027, 9am to 5pm"),
    ],
)
def test_it_says_when_by_londons_clock(start: datetime, end: datetime, text: str) -> None:
    assert EventDate(starts_at=start, ends_at=end).text == text


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"ends_at": london(2027, 5, 4, 13)}, "ends_at"),
        ({"ends_at": london(2027, 5, 4, 14)}, "ends_at"),
        ({"state": DateState.MOVED, "note": "Rain"}, "moved_from"),
        ({"state": DateState.MOVED, "note": "Rain", "moved_from": london(2027, 5, 4, 14)}, "moved_from"),
        ({"moved_from": london(2027, 5, 3)}, "moved_from"),
        ({"state": DateState.CANCELLED, "moved_from": london(2027, 5, 3), "note": "Rain"}, "moved_from"),
        ({"state": DateState.CANCELLED}, "note"),
        ({"state": DateState.CANCELLED, "note": "  "}, "note"),
        ({"state": DateState.MOVED, "moved_from": london(2027, 5, 3)}, "note"),
    ],
)
def test_what_does_not_go_together_is_refused_beside_its_field(fields: dict[str, object], field: str) -> None:
    date = EventDate(**{"starts_at": london(2027, 5, 4, 14), "ends_at": london(2027, 5, 4, 16), **fields})
    with pytest.raises(ValidationError) as refusal:
        date.clean()
    assert list(refusal.value.message_dict) == [field]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"state": DateState.CANCELLED, "note": "Rain"},
        {"state": DateState.MOVED, "note": "Rain", "moved_from": london(2027, 5, 3)},
    ],
)
def test_what_goes_together_is_accepted(fields: dict[str, object]) -> None:
    EventDate(**{"starts_at": london(2027, 5, 4, 14), "ends_at": london(2027, 5, 4, 16), **fields}).clean()
