"""Opening hours: made-up centres, real calendars."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from centres.opening_hours import OpeningHours, contradictions, exception_contradictions
from centres.tests.opening_data import (
    ALWAYS,
    CLOCKS_GO_BACK,
    CLOCKS_GO_FORWARD,
    EVERY_DAY,
    FRIDAY,
    MIDNIGHT,
    MONDAY,
    NIGHTS,
    SATURDAY,
    SUNDAY,
    SURGERY,
    TUESDAY,
    WEDNESDAY,
    WORKING_DAYS,
    exception,
    london,
    same_instant,
    session,
    weekly,
)
from core.timezone import LONDON


class TestOpenOrNot:
    @pytest.mark.parametrize(
        ("at", "is_open"),
        [
            ("2026-11-23 08:59:59", False),
            ("2026-11-23 09:00", True),
            ("2026-11-23 12:59:59", True),
            ("2026-11-23 13:00", False),
            ("2026-11-23 14:00", True),
            ("2026-11-23 17:00", False),
            ("2026-11-28 10:00", False),  # a Saturday
        ],
    )
    def test_opens_on_the_minute_and_is_closed_on_the_minute_it_closes(self, at: str, is_open: bool) -> None:
        assert SURGERY.is_open(london(at)) is is_open

    @pytest.mark.parametrize(
        ("at", "is_open"),
        [
            ("2026-11-27 21:59", False),
            ("2026-11-27 22:00", True),
            ("2026-11-28 01:59", True),
            ("2026-11-28 02:00", False),
            ("2026-11-30 01:00", True),  # Monday, still Sunday night's session
            ("2026-11-27 01:00", False),  # Friday, but there is none on Thursday night
        ],
    )
    def test_a_session_past_midnight_belongs_to_the_day_it_opens(self, at: str, is_open: bool) -> None:
        assert NIGHTS.is_open(london(at)) is is_open

    def test_closing_at_midnight_is_the_end_of_the_day(self) -> None:
        hours = weekly([MONDAY], "18:00-00:00")
        assert hours.is_open(london("2026-11-23 23:59:59"))
        assert not hours.is_open(london("2026-11-24 00:00"))
        assert not hours.is_open(london("2026-11-23 00:00"))

    def test_any_zone_may_ask(self) -> None:
        assert SURGERY.is_open(datetime(2026, 7, 6, 8, 30, tzinfo=UTC))  # 9:30am in London
        assert not SURGERY.is_open(datetime(2026, 7, 6, 16, 30, tzinfo=UTC))  # 5:30pm in London

    def test_no_hours_are_never_open(self) -> None:
        assert not OpeningHours().is_open(london("2026-11-23 10:00"))

    def test_a_session_that_lasts_no_time_is_left_out(self) -> None:
        assert not weekly(EVERY_DAY, "09:00-09:00").is_open(london("2026-11-23 09:00"))

    def test_open_on_a_day_counts_the_night_before(self) -> None:
        assert NIGHTS.is_open_on(date(2026, 11, 30))
        assert not NIGHTS.is_open_on(date(2026, 12, 1))

    @pytest.mark.parametrize("ask", [OpeningHours.is_open, OpeningHours.next_change])
    def test_naive_times_are_refused(self, ask: object) -> None:
        assert callable(ask)
        with pytest.raises(ValueError, match="aware"):
            ask(SURGERY, datetime(2026, 11, 23, 10))  # noqa: DTZ001

    def test_days_of_the_week_are_numbered_0_to_6(self) -> None:
        with pytest.raises(ValueError, match="7"):
            session([7], "09:00", "17:00")


class TestExceptions:
    def test_an_exception_without_sessions_closes_its_days_both_ends_included(self) -> None:
        hours = OpeningHours(SURGERY.sessions, (exception("2026-12-24", "2026-12-28"),))
        assert hours.is_open(london("2026-12-23 10:00"))
        assert not hours.is_open(london("2026-12-24 10:00"))
        assert not hours.is_open(london("2026-12-28 10:00"))
        assert hours.is_open(london("2026-12-29 10:00"))

    def test_an_exception_with_sessions_replaces_the_day(self) -> None:
        hours = OpeningHours(SURGERY.sessions, (exception("2026-11-28", "", "10:00-12:00"),))
        assert hours.is_open(london("2026-11-28 10:00"))
        assert hours.sessions_on(date(2026, 11, 28)) == ((time(10), time(12)),)

    def test_the_first_listed_counts(self) -> None:
        own, centres = exception("2026-12-25", "", "10:00-12:00"), exception("2026-12-24", "2026-12-26")
        hours = OpeningHours(ALWAYS.sessions, (own, centres))
        assert hours.is_open(london("2026-12-25 11:00"))
        assert not hours.is_open(london("2026-12-26 11:00"))

    def test_a_session_of_the_night_before_ends_where_an_exception_begins(self) -> None:
        hours = OpeningHours(NIGHTS.sessions, (exception("2026-11-28"),))
        assert hours.is_open(london("2026-11-27 23:59"))
        assert not hours.is_open(london("2026-11-28 00:00"))
        assert hours.sessions_on(date(2026, 11, 27)) == ((time(22), MIDNIGHT),)

    def test_within_one_exception_and_after_it_sessions_run_past_midnight(self) -> None:
        hours = OpeningHours((), (exception("2026-11-24", "2026-11-25", "22:00-02:00"),))
        assert hours.is_open(london("2026-11-25 01:00"))
        assert hours.is_open(london("2026-11-26 01:00"))
        assert not hours.is_open(london("2026-11-24 01:00"))


class TestNextChange:
    @pytest.mark.parametrize(
        ("at", "change"),
        [
            ("2026-11-23 08:00", "2026-11-23 09:00"),
            ("2026-11-23 09:00", "2026-11-23 13:00"),
            ("2026-11-23 13:00", "2026-11-23 14:00"),
            ("2026-11-27 17:00", "2026-11-30 09:00"),
        ],
    )
    def test_it_is_the_next_opening_or_closing(self, at: str, change: str) -> None:
        assert SURGERY.next_change(london(at)) == london(change)

    def test_touching_sessions_are_one(self) -> None:
        hours = weekly([MONDAY], "09:00-12:00", "12:00-17:00")
        assert hours.next_change(london("2026-11-23 10:00")) == london("2026-11-23 17:00")
        assert hours.sessions_on(date(2026, 11, 23)) == ((time(9), time(17)),)

    def test_days_that_touch_at_midnight_are_one(self) -> None:
        hours = weekly(WORKING_DAYS, "00:00-00:00")
        assert hours.next_change(london("2026-11-24 10:00")) == london("2026-11-28 00:00")

    @pytest.mark.parametrize("hours", [OpeningHours(), ALWAYS, weekly(EVERY_DAY, "09:00-09:00")])
    def test_there_is_none_where_nothing_ever_changes(self, hours: OpeningHours) -> None:
        assert hours.next_change(london("2026-11-23 10:00")) is None

    def test_there_is_none_after_the_last_exception_without_a_weekly_pattern(self) -> None:
        hours = OpeningHours((), (exception("2026-11-20", "", "09:00-10:00"),))
        assert hours.next_change(london("2026-11-20 09:30")) == london("2026-11-20 10:00")
        assert hours.next_change(london("2026-11-20 10:00")) is None

    def test_open_day_and_night_changes_at_the_next_exception_however_far(self) -> None:
        hours = OpeningHours(ALWAYS.sessions, (exception("2031-12-25"),))
        assert hours.next_change(london("2026-11-23 10:00")) == london("2031-12-25 00:00")
        assert hours.next_change(london("2031-12-25 10:00")) == london("2031-12-26 00:00")

    def test_a_closure_of_a_century_is_looked_past(self) -> None:
        hours = OpeningHours(SURGERY.sessions, (exception("2026-01-01", "2126-01-01"),))
        assert hours.next_change(london("2026-11-23 10:00")) == london("2126-01-02 09:00")

    def test_an_exception_entered_back_to_front_changes_nothing(self) -> None:
        hours = OpeningHours(SURGERY.sessions, (exception("2026-11-24", "2026-11-22"),))
        assert hours.next_change(london("2026-11-23 10:00")) == london("2026-11-23 13:00")


class TestClockChanges:
    def test_times_are_what_the_clock_on_the_wall_shows_before_and_after(self) -> None:
        hours = weekly(EVERY_DAY, "09:00-17:00")
        for change in (CLOCKS_GO_FORWARD, CLOCKS_GO_BACK):
            for day in (change - timedelta(days=1), change, change + timedelta(days=1)):
                opens = datetime.combine(day, time(9), LONDON)
                assert same_instant(hours.next_change(opens - timedelta(minutes=1)), opens)

    def test_a_night_is_an_hour_shorter_in_spring_and_longer_in_autumn(self) -> None:
        hours = weekly([SATURDAY], "22:00-06:00")
        for change, length in ((CLOCKS_GO_FORWARD, 7), (CLOCKS_GO_BACK, 9)):
            start = datetime.combine(change - timedelta(days=1), time(12), LONDON)
            (night,) = hours.intervals_between(start, start + timedelta(days=1))
            assert night.end.astimezone(UTC) - night.start.astimezone(UTC) == timedelta(hours=length)

    def test_a_time_skipped_in_spring_is_the_moment_the_clock_jumps(self) -> None:
        jump = datetime(2026, 3, 29, 1, tzinfo=UTC)
        opening, closing = weekly([SUNDAY], "01:30-05:00"), weekly([SATURDAY], "22:00-01:30")
        assert same_instant(opening.next_change(london("2026-03-29 00:30")), jump)
        assert same_instant(closing.next_change(london("2026-03-29 00:30")), jump)
        changed = opening.next_change(london("2026-03-29 00:30"))
        assert changed is not None
        assert changed.time() == time(2)

    def test_a_session_inside_the_skipped_hour_does_not_take_place(self) -> None:
        hours = weekly([SUNDAY], "01:15-01:45")
        assert not hours.is_open_on(CLOCKS_GO_FORWARD)
        assert hours.next_change(london("2026-03-23 10:00")) == london("2026-04-05 01:15")

    def test_a_time_that_comes_twice_in_autumn_is_the_first(self) -> None:
        opening, closing = weekly([SUNDAY], "01:30-05:00"), weekly([SATURDAY], "22:00-01:30")
        first = london("2026-10-25 01:30")
        again = london("2026-10-25 01:30", second_time_round=True)
        assert opening.is_open(first)
        assert opening.is_open(again)
        assert not closing.is_open(first)
        assert not closing.is_open(again)
        assert same_instant(closing.next_change(london("2026-10-25 00:30")), first)

    def test_the_same_wall_clock_time_an_hour_later_is_told_apart(self) -> None:
        hours = weekly([SUNDAY], "01:15-01:45")
        assert hours.is_open(london("2026-10-25 01:30"))
        assert not hours.is_open(london("2026-10-25 01:30", second_time_round=True))


class TestIntervals:
    def test_they_are_in_order_and_cut_to_fit(self) -> None:
        found = SURGERY.intervals_between(london("2026-11-23 10:00"), london("2026-11-24 09:30"))
        assert [(start.isoformat(" ", "minutes"), end.isoformat(" ", "minutes")) for start, end in found] == [
            ("2026-11-23 10:00+00:00", "2026-11-23 13:00+00:00"),
            ("2026-11-23 14:00+00:00", "2026-11-23 17:00+00:00"),
            ("2026-11-24 09:00+00:00", "2026-11-24 09:30+00:00"),
        ]

    def test_they_are_in_europe_london_whoever_asks(self) -> None:
        (found,) = SURGERY.intervals_between(
            datetime(2026, 7, 6, 13, 30, tzinfo=UTC), datetime(2026, 7, 6, 20, tzinfo=UTC)
        )
        assert found.start.tzinfo is LONDON
        assert found.start.isoformat() == "2026-07-06T14:30:00+01:00"

    def test_last_nights_session_is_found(self) -> None:
        (found,) = NIGHTS.intervals_between(london("2026-11-30 01:00"), london("2026-11-30 03:00"))
        assert (found.start, found.end) == (london("2026-11-30 01:00"), london("2026-11-30 02:00"))

    def test_back_to_front_finds_nothing(self) -> None:
        assert SURGERY.intervals_between(london("2026-11-25 10:00"), london("2026-11-23 10:00")) == []


class TestContradictions:
    def test_ordinary_hours_have_none(self) -> None:
        assert contradictions(SURGERY.sessions) == []
        assert contradictions(NIGHTS.sessions) == []
        assert contradictions(ALWAYS.sessions) == []
        assert contradictions([]) == []

    def test_touching_is_not_overlapping(self) -> None:
        assert contradictions(weekly(EVERY_DAY, "00:00-12:00", "12:00-00:00").sessions) == []

    def test_an_overlap_is_named_at_the_later_session(self) -> None:
        sessions = [session(WORKING_DAYS, "09:00", "13:00"), session([WEDNESDAY], "12:30", "17:00")]
        assert contradictions(sessions) == [
            (1, "12:30pm to 5pm on Wednesday overlaps 9am to 1pm on Wednesday. Change one of the two.")
        ]

    def test_the_same_hours_on_other_days_do_not_overlap(self) -> None:
        sessions = [session([MONDAY], "09:00", "13:00"), session([TUESDAY], "09:00", "13:00")]
        assert contradictions(sessions) == []

    def test_a_night_reaches_into_the_next_morning(self) -> None:
        sessions = [session([FRIDAY], "22:00", "02:00"), session([SATURDAY], "01:00", "03:00")]
        assert contradictions(sessions) == [
            (1, "1am to 3am on Saturday overlaps 10pm to 2am on Friday. Change one of the two.")
        ]

    @pytest.mark.parametrize("turned", [False, True])
    def test_sunday_night_reaches_into_monday(self, turned: bool) -> None:
        sessions = [session([SUNDAY], "22:00", "02:00"), session([MONDAY], "01:00", "03:00")]
        found = contradictions(sessions[::-1] if turned else sessions)
        assert [index for index, _ in found] == [1]

    def test_open_24_hours_overlaps_anything_that_day(self) -> None:
        sessions = [session([MONDAY], "00:00", "00:00"), session([MONDAY, TUESDAY], "09:00", "10:00")]
        assert [index for index, _ in contradictions(sessions)] == [1]

    def test_a_session_that_lasts_no_time_says_how_to_mean_24_hours(self) -> None:
        assert contradictions([session([MONDAY], "09:00", "09:00")]) == [
            (
                0,
                "It opens and closes at 9am. If it is open day and night, choose “Open 24 hours” instead.",
            )
        ]

    def test_a_session_without_days_is_refused(self) -> None:
        assert contradictions([session([], "09:00", "10:00")]) == [(0, "Choose at least one day.")]


class TestExceptionContradictions:
    def test_ordinary_exceptions_have_none(self) -> None:
        periods = [
            exception("2026-12-24", "2026-12-26", "09:00-12:00", "13:00-15:00"),
            exception("2026-12-27", "2026-12-28"),
        ]
        assert exception_contradictions(periods) == []

    def test_the_last_day_may_not_come_first(self) -> None:
        assert exception_contradictions([exception("2026-12-26", "2026-12-24")]) == [
            (0, "The last day is before the first day.")
        ]

    def test_two_exceptions_may_not_share_a_day(self) -> None:
        periods = [exception("2026-12-24", "2026-12-26"), exception("2026-12-26")]
        assert exception_contradictions(periods) == [
            (1, "Saturday 26 December 2026 overlaps 24 to 26 December 2026. Change one of the two.")
        ]

    def test_sessions_of_one_exception_may_not_overlap(self) -> None:
        found = exception_contradictions([exception("2026-12-24", "", "09:00-12:00", "11:00-15:00")])
        assert found == [(0, "11am to 3pm overlaps 9am to midday. Change one of the two.")]

    def test_nights_meet_the_next_morning_only_when_there_is_one(self) -> None:
        nights = ("22:00-02:00", "01:00-03:00")
        assert exception_contradictions([exception("2026-12-24", "", *nights)]) == []
        assert len(exception_contradictions([exception("2026-12-24", "2026-12-25", *nights)])) == 1

    def test_sessions_that_last_no_time_are_refused(self) -> None:
        ((index, message),) = exception_contradictions([exception("2026-12-24", "", "12:00-12:00")])
        assert index == 0
        assert message.startswith("It opens and closes at midday.")
