"""Opening hours as editors enter them: what is refused and where, and what becomes of half a row."""

from datetime import date, time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from centres.blocks import ExceptionsBlock, OpeningHoursBlock, exceptions_of, sessions_of
from centres.factories import CentrePageFactory
from centres.models import CentrePage
from centres.opening_hours import ExceptionPeriod, Session
from centres.tests.opening_blocks import WEEKDAYS, nine_to_five, open_differently_on, open_on
from home.factories import SmallSite
from testing.admin_forms import Blocks, edit_url, send, shown_form
from testing.html import soup_of

NOON = time(12)
Row = tuple[str, dict[str, Any]]


def week(*rows: Row) -> Any:
    block = OpeningHoursBlock()
    return block.normalize(list(rows))


def exceptions(*rows: Row) -> Any:
    block = ExceptionsBlock()
    return block.normalize(list(rows))


def days_off(first: date | None, last: date | None = None, label: str = "Fair", times: Any = ()) -> Row:
    return "exception", {"label": label, "first": first, "last": last, "times": list(times)}


def mistakes(refusal: ValidationError) -> dict[int, dict[str, list[str]]]:
    """Return what was said of each row, by row and field."""
    return {
        row: {field: each.messages for field, each in error.block_errors.items()}
        for row, error in refusal.block_errors.items()  # type: ignore[attr-defined]
    }


def test_rows_become_plain_data_with_days_as_numbers() -> None:
    value = week(open_on(["0", "6"], "09:00", "17:30"), open_on(["1"], "22:00", "02:00"))
    assert sessions_of(value) == (
        Session(frozenset({0, 6}), time(9), time(17, 30)),
        Session(frozenset({1}), time(22), time(2)),
    )


def test_an_exception_without_a_last_day_is_one_day_and_without_times_is_closed() -> None:
    day = date(2031, 5, 1)
    assert exceptions_of(exceptions(days_off(day))) == (ExceptionPeriod(day, day, "Fair", ()),)


def test_an_exception_keeps_its_times() -> None:
    day = date(2031, 5, 1)
    assert exceptions_of(exceptions(open_differently_on(day, "10:00", "12:00", "Fair"))) == (
        ExceptionPeriod(day, day, "Fair", ((time(10), NOON),)),
    )


def test_what_is_right_is_accepted() -> None:
    value = week(
        open_on(WEEKDAYS, "09:00", "12:00"), open_on(WEEKDAYS, "12:00", "17:00"), open_on(["5"], "18:00", "00:00")
    )
    assert OpeningHoursBlock().clean(value) == value


@pytest.mark.parametrize(
    ("rows", "row", "field", "message"),
    [
        (
            [open_on(["0"], "09:00", "13:00"), open_on(["0", "1"], "12:00", "17:00")],
            1,
            "opens",
            "midday to 5pm on Monday overlaps 9am to 1pm on Monday. Change one of the two.",
        ),
        ([open_on(["0"], "09:00", "09:00")], 0, "opens", "It opens and closes at 9am."),
        ([open_on(["6"], "22:00", "02:00"), open_on(["0"], "01:00", "03:00")], 1, "opens", "overlaps"),
    ],
    ids=["overlap", "no time at all", "across the night from Sunday to Monday"],
)
def test_rows_that_contradict_one_another_are_refused_beside_the_row(
    rows: list[Row], row: int, field: str, message: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        OpeningHoursBlock().clean(week(*rows))
    said = mistakes(refusal.value)
    assert list(said) == [row]
    assert message in said[row][field][0]


@pytest.mark.parametrize(
    ("rows", "row", "message"),
    [
        ([days_off(date(2031, 5, 2), date(2031, 5, 1))], 0, "The last day is before the first day."),
        ([days_off(date(2031, 5, 1), date(2031, 5, 3)), days_off(date(2031, 5, 3))], 1, "overlaps"),
        (
            [
                days_off(
                    date(2031, 5, 1),
                    times=[{"opens": time(9), "closes": NOON}, {"opens": time(11), "closes": time(13)}],
                )
            ],
            0,
            "overlaps",
        ),
    ],
    ids=["ends before it begins", "two for one day", "times that overlap"],
)
def test_exceptions_that_contradict_one_another_are_refused_beside_the_row(
    rows: list[Row], row: int, message: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        ExceptionsBlock().clean(exceptions(*rows))
    said = mistakes(refusal.value)
    assert list(said) == [row]
    assert message in said[row]["first"][0]


def test_half_a_row_counts_for_nothing_and_the_others_for_what_they_are() -> None:
    value = week(
        ("session", {"days": [], "opens": time(9), "closes": NOON}),
        ("session", {"days": ["0"], "opens": None, "closes": NOON}),
        ("session", {"days": ["0"], "opens": time(9), "closes": None}),
        open_on(["2"], "09:00", "12:00"),
    )
    assert sessions_of(value) == (Session(frozenset({2}), time(9), NOON),)

    half = exceptions(
        days_off(None),
        days_off(
            date(2031, 5, 1), label="", times=[{"opens": None, "closes": NOON}, {"opens": time(9), "closes": NOON}]
        ),
    )
    assert exceptions_of(half) == (ExceptionPeriod(date(2031, 5, 1), date(2031, 5, 1), "", ((time(9), NOON),)),)


@pytest.fixture
def centre(small_site: SmallSite) -> CentrePage:
    return CentrePageFactory(parent=small_site.centres, hours=nine_to_five())


def typed(opens: str, closes: str, *days: str) -> dict[str, Any]:
    return {"days": ",".join(days), "way": "times", "opens": opens, "closes": closes}


def publish_hours(client: Client, centre: CentrePage, hours: Blocks, action: str = "publish") -> Any:
    """Send the form with these rows; their days are sent as separate ticks, as boxes are."""
    data = shown_form(client, edit_url(centre), CentrePage, streams={"hours": hours})
    for number in range(len(hours)):
        name = f"hours-{number}-value-days"
        data.setlist(name, [day for day in str(data[name]).split(",") if day])
    return send(client, edit_url(centre), data, action)


def test_an_editor_publishes_several_sessions_a_day(admin_client: Client, centre: CentrePage) -> None:
    hours = [
        ("session", typed("09:00", "12:00", "0", "1")),
        ("session", typed("13:00", "17:00", "0")),
    ]
    assert publish_hours(admin_client, centre, hours).status_code == 302

    centre.refresh_from_db()
    assert centre.opening_hours.sessions == (
        Session(frozenset({0, 1}), time(9), NOON),
        Session(frozenset({0}), time(13), time(17)),
    )


def test_the_edit_screen_refuses_hours_that_overlap_and_says_which(admin_client: Client, centre: CentrePage) -> None:
    hours = [
        ("session", typed("09:00", "13:00", "0")),
        ("session", typed("12:00", "17:00", "0")),
    ]
    response = publish_hours(admin_client, centre, hours)

    assert response.status_code == 200
    assert "midday to 5pm on Monday overlaps 9am to 1pm on Monday." in str(soup_of(response))
    centre.refresh_from_db()
    assert len(centre.opening_hours.sessions) == 1


def test_the_edit_screen_says_which_time_is_missing(admin_client: Client, centre: CentrePage) -> None:
    response = publish_hours(admin_client, centre, [("session", typed("09:00", "", "0"))])
    assert response.status_code == 200
    assert "This field is required." in str(soup_of(response))


def test_hours_may_be_taken_away(admin_client: Client, centre: CentrePage) -> None:
    assert publish_hours(admin_client, centre, []).status_code == 302
    centre.refresh_from_db()
    assert centre.opening_hours.sessions == ()
