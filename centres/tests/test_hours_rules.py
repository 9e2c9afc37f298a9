"""Hours that are not kept every week: which days they are for, and how residents read them."""

from datetime import date

import pytest

from centres.opening_hours import (
    OpeningHours,
    coming_exceptions,
    contradictions,
    exception_contradictions,
    opening_summary,
    rules,
    state,
    week,
)
from centres.opening_hours.timetable import different_days, weekly_times
from centres.tests.opening_data import (
    ALWAYS,
    EVERY_DAY,
    FRIDAY,
    MONDAY,
    NIGHTS,
    SATURDAY,
    SURGERY,
    TUESDAY,
    WORKING_DAYS,
    clock,
    exception,
    london,
    session,
    weekly,
)

FIRST_AND_THIRD = session([SATURDAY], "09:00", "12:00", weeks=frozenset({1, 3}))
LAST_FRIDAY = session([FRIDAY], "18:00", "20:00", weeks=frozenset({5}))
EVERY_SECOND = session([TUESDAY], "09:00", "12:00", every_second_from=date(2126, 6, 4))
TERM = session(WORKING_DAYS, "09:00", "15:00", first=date(2126, 9, 2), last=date(2126, 12, 20))


@pytest.mark.parametrize(
    ("kept", "first", "days"),
    [
        (FIRST_AND_THIRD, date(2126, 6, 1), ["2126-06-01", "2126-06-15", "2126-07-06"]),
        (LAST_FRIDAY, date(2126, 5, 1), ["2126-05-31", "2126-06-28", "2126-07-26"]),
        (EVERY_SECOND, date(2126, 5, 1), ["2126-06-04", "2126-06-18", "2126-07-02"]),
        (TERM, date(2126, 8, 20), ["2126-09-02", "2126-09-03", "2126-09-04"]),
        (TERM, date(2126, 12, 18), ["2126-12-18", "2126-12-19", "2126-12-20"]),
    ],
    ids=["first and third Saturday", "last Friday", "every second Tuesday", "term begins", "term ends"],
)
def test_a_rule_holds_on_its_days_and_no_others(kept: object, first: date, days: list[str]) -> None:
    hours = OpeningHours((kept,))  # type: ignore[arg-type]
    ahead = (date.fromordinal(first.toordinal() + number) for number in range(90))
    assert [day.isoformat() for day in ahead if hours.sessions_on(day)][:3] == days


@pytest.mark.parametrize(
    ("kept", "text", "next_text"),
    [
        (FIRST_AND_THIRD, "First and third Saturday of the month", "Saturday 4 May 2126, 9am to midday"),
        (LAST_FRIDAY, "Last Friday of the month", "Friday 31 May 2126, 6pm to 8pm"),
        (EVERY_SECOND, "Every second Tuesday", "Tuesday 4 June 2126, 9am to midday"),
        (TERM, "Monday to Friday, 2 September to 20 December 2126", "Monday 2 September 2126, 9am to 3pm"),
        (
            session([MONDAY], "00:00", "00:00", first=date(2126, 6, 10), by_appointment=True),
            "Monday, from 10 June 2126",
            "Monday 10 June 2126, by appointment",
        ),
    ],
)
def test_a_rule_is_said_with_the_next_day_for_which_it_holds(kept: object, text: str, next_text: str) -> None:
    [line] = rules(OpeningHours((kept,)), date(2126, 5, 2))  # type: ignore[arg-type]
    assert (line.text, line.next_text) == (text, next_text)


def test_a_rule_that_is_over_is_not_said_and_what_is_every_week_is_no_rule() -> None:
    assert rules(OpeningHours((TERM,)), date(2126, 12, 21)) == ()
    assert rules(SURGERY, date(2126, 5, 2)) == ()


def test_it_opens_again_on_the_next_day_of_the_rule() -> None:
    assert state(OpeningHours((LAST_FRIDAY,)), london("2126-05-02 10:00")).text == (
        "Closed now, opens 6pm on 31 May 2126"
    )
    assert state(OpeningHours((TERM,)), london("2126-12-21 10:00")).text == "Closed now"


def test_the_first_saturdays_of_a_building_that_opens_every_second_one() -> None:
    building = OpeningHours((session([SATURDAY], "08:00", "18:00", every_second_from=date(2126, 6, 8)),))
    hours = OpeningHours((session([SATURDAY], "09:00", "12:00", weeks=frozenset({1})),), (), building)
    assert state(hours, london("2126-05-30 10:00")).text == "Closed now, opens 9am on 6 July 2126"


def test_days_by_appointment_are_neither_open_nor_closed() -> None:
    hours = OpeningHours(
        (*weekly([MONDAY], "09:00-12:00").sessions, session([TUESDAY], "13:00", "15:00", by_appointment=True))
    )
    assert state(hours, london("2126-06-04 10:00")).text == "By appointment today, 1pm to 3pm"
    assert state(hours, london("2126-06-04 10:00")).is_open is None
    assert state(hours, london("2126-06-04 15:00")).text == "Closed now, opens 9am on Monday"
    assert [line.text for line in week(hours, london("2126-06-05 10:00"))][:3] == [
        "9am to midday",
        "By appointment 1pm to 3pm",
        "Closed",
    ]


def test_where_all_is_by_appointment_the_next_day_is_said() -> None:
    hours = OpeningHours((session([TUESDAY], "00:00", "00:00", by_appointment=True),))
    assert state(hours, london("2126-06-04 10:00")).text == "By appointment today"
    assert state(hours, london("2126-06-05 10:00")).text == "Closed now, by appointment on Tuesday"
    assert state(hours, london("2126-06-03 10:00")).text == "Closed now, by appointment tomorrow"
    assert opening_summary(hours, london("2126-06-04 10:00")).today_text == "By appointment"


def test_summer_hours_are_for_the_days_that_are_usually_open() -> None:
    hours = OpeningHours(
        SURGERY.sessions, (exception("2126-08-01", "2126-08-31", "10:00-14:00", label="Summer hours"),)
    )
    assert hours.sessions_on(date(2126, 8, 1)) == ((clock("10:00"), clock("14:00")),)
    assert hours.sessions_on(date(2126, 8, 3)) == ()
    [coming] = coming_exceptions(hours, date(2126, 7, 20))
    assert (coming.date_text, coming.text) == ("1 to 31 August 2126", "10am to 2pm")


def test_or_for_the_days_that_are_ticked() -> None:
    period = exception("2126-08-01", "2126-08-31", "10:00-14:00", label="Fair", days=[SATURDAY])
    hours = OpeningHours(SURGERY.sessions, (period,))
    assert hours.sessions_on(date(2126, 8, 3)) == ((clock("10:00"), clock("14:00")),)
    assert hours.sessions_on(date(2126, 8, 1)) == SURGERY.sessions_on(date(2126, 8, 1))
    assert coming_exceptions(hours, date(2126, 7, 20))[0].text == "Saturday: 10am to 2pm"


def test_a_single_day_is_different_though_it_is_usually_closed() -> None:
    hours = OpeningHours(SURGERY.sessions, (exception("2126-08-03", "", "10:00-14:00"),))
    assert hours.is_open(london("2126-08-03 11:00"))


@pytest.mark.parametrize(
    ("at", "state_text", "today"),
    [
        ("2026-11-28 01:00", "Open now, closes 2am", "Open until 2am, then 10pm to 2am"),
        ("2026-11-30 01:00", "Open now, closes 2am", "Open until 2am, then closed"),
        ("2026-11-30 02:00", "Closed now, opens 10pm on Friday", "Closed"),
    ],
)
def test_what_began_last_night_belongs_to_today(at: str, state_text: str, today: str) -> None:
    said = opening_summary(NIGHTS, london(at))
    assert (said.state_text, said.today_text) == (state_text, today)


@pytest.mark.parametrize(
    ("one", "other", "is_clash"),
    [
        ({"weeks": frozenset({1})}, {"weeks": frozenset({3})}, False),
        ({"weeks": frozenset({1})}, {}, True),
        ({"weeks": frozenset({4})}, {"weeks": frozenset({5})}, True),
        ({"every_second_from": date(2126, 6, 3)}, {"every_second_from": date(2126, 6, 10)}, False),
        ({"every_second_from": date(2126, 6, 3)}, {"every_second_from": date(2126, 6, 17)}, True),
        ({"last": date(2126, 6, 3)}, {"first": date(2126, 6, 4)}, False),
        ({"last": date(2126, 6, 3)}, {"first": date(2126, 6, 3)}, True),
        ({"by_appointment": True}, {}, False),
    ],
)
def test_rules_that_never_meet_do_not_contradict(one: dict, other: dict, is_clash: bool) -> None:  # type: ignore[type-arg]
    found = contradictions([session([MONDAY], "09:00", "12:00", **one), session([MONDAY], "10:00", "13:00", **other)])
    assert bool(found) is is_clash


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"first": date(2126, 6, 4), "last": date(2126, 6, 3)}, "The last day is before the first day."),
        (
            {"weeks": frozenset({1}), "every_second_from": date(2126, 6, 3)},
            "Choose either weeks of the month or every second week, not both.",
        ),
        ({"every_second_from": date(2126, 6, 4)}, "Tuesday 4 June 2126 is none of the days that are ticked."),
    ],
)
def test_a_rule_that_cannot_be_is_refused(rule: dict, message: str) -> None:  # type: ignore[type-arg]
    assert contradictions([session([MONDAY], "09:00", "12:00", **rule)]) == [(0, message)]


def test_periods_on_other_days_do_not_contradict_and_one_without_any_day_does() -> None:
    saturdays = exception("2126-08-01", "2126-08-31", "10:00-14:00", days=[SATURDAY])
    mondays = exception("2126-08-01", "2126-08-31", "10:00-14:00", days=[MONDAY])
    assert exception_contradictions([saturdays, mondays]) == []
    assert exception_contradictions([saturdays, exception("2126-08-03")]) != []
    assert exception_contradictions([exception("2126-08-05", "2126-08-06", "10:00-14:00", days=[SATURDAY])]) == [
        (0, "There is no Saturday on 5 to 6 August 2126.")
    ]


def test_programs_get_the_week_and_the_days_that_are_not_like_it() -> None:
    hours = OpeningHours(
        (*SURGERY.sessions, FIRST_AND_THIRD), (exception("2126-06-05"),), weekly(EVERY_DAY, "08:00-16:00")
    )
    assert [len(times) for times in weekly_times(hours)] == [2, 2, 2, 2, 2, 0, 0]
    assert weekly_times(hours)[MONDAY][1] == (clock("14:00"), clock("16:00"))
    different = {each.day.isoformat(): len(each.times) for each in different_days(hours, date(2126, 6, 1), 15)}
    assert different == {"2126-06-01": 1, "2126-06-05": 0, "2126-06-15": 1}
    assert [each.is_certain for each in different_days(SURGERY, date(2026, 5, 25), 1)] == [False]
    assert weekly_times(OpeningHours()) == ()
    some_weeks = OpeningHours(ALWAYS.sessions, (), OpeningHours((FIRST_AND_THIRD,)))
    assert weekly_times(some_weeks) == ((),) * 7
