"""What residents read of opening hours, and what they must never read."""

from datetime import date, datetime, time

import pytest

from centres.opening_hours import (
    MissingBankHoliday,
    OpeningHours,
    OpeningState,
    bank_holiday_warning,
    coming_exceptions,
    describe_sessions,
    missing_bank_holidays,
    opening_summary,
    state,
    week,
)
from centres.tests.opening_data import (
    ALWAYS,
    EVERY_DAY,
    FRIDAY,
    MONDAY,
    NIGHTS,
    SATURDAY,
    SUNDAY,
    SURGERY,
    WEDNESDAY,
    WORKING_DAYS,
    exception,
    london,
    weekly,
)

SPRING_BANK_HOLIDAY = date(2026, 5, 25)  # a Monday


class TestState:
    @pytest.mark.parametrize(
        ("at", "is_open", "text"),
        [
            ("2026-11-23 08:59", False, "Closed now, opens 9am"),
            ("2026-11-23 09:00", True, "Open now, closes 1pm"),
            ("2026-11-23 13:30", False, "Closed now, opens 2pm"),
            ("2026-11-23 16:00", True, "Open now, closes 5pm"),
            ("2026-11-23 17:00", False, "Closed now, opens 9am tomorrow"),
            ("2026-11-27 17:00", False, "Closed now, opens 9am on Monday"),
            ("2026-11-29 23:59", False, "Closed now, opens 9am tomorrow"),
        ],
    )
    def test_it_says_when_that_changes(self, at: str, is_open: bool, text: str) -> None:
        assert state(SURGERY, london(at)) == OpeningState(is_open, text)

    @pytest.mark.parametrize(
        ("at", "text"),
        [
            ("2026-11-27 21:00", "Closed now, opens 10pm"),
            ("2026-11-27 23:00", "Open now, closes 2am tomorrow"),
            ("2026-11-28 01:00", "Open now, closes 2am"),
        ],
    )
    def test_a_night_says_whose_morning_it_closes(self, at: str, text: str) -> None:
        assert state(NIGHTS, london(at)).text == text

    @pytest.mark.parametrize(
        ("at", "text"),
        [
            ("2026-11-21 12:00", "Closed now, opens midnight at the start of Monday"),
            ("2026-11-22 12:00", "Closed now, opens midnight"),
            ("2026-11-23 12:00", "Open now, closes midnight at the end of Friday"),
            ("2026-11-26 12:00", "Open now, closes midnight at the end of tomorrow"),
            ("2026-11-27 12:00", "Open now, closes midnight"),
        ],
    )
    def test_midnight_says_which_end_of_which_day(self, at: str, text: str) -> None:
        assert state(weekly(WORKING_DAYS, "00:00-00:00"), london(at)).text == text

    def test_a_weekday_is_named_six_days_ahead_and_a_date_beyond(self) -> None:
        weekly_clinic = weekly([WEDNESDAY], "09:00-12:00")
        assert state(weekly_clinic, london("2026-11-26 10:00")).text == "Closed now, opens 9am on Wednesday"
        assert state(weekly_clinic, london("2026-11-25 12:00")).text == "Closed now, opens 9am on 2 December 2026"

    def test_the_year_is_said_too(self) -> None:
        hours = OpeningHours(weekly([MONDAY], "09:00-12:00").sessions, (exception("2026-12-21", "2026-12-31"),))
        assert state(hours, london("2026-12-20 10:00")).text == "Closed now, opens 9am on 4 January 2027"

    def test_open_day_and_night(self) -> None:
        assert state(ALWAYS, london("2026-11-23 10:00")) == OpeningState(True, "Open 24 hours")

    def test_open_day_and_night_until_an_exception_comes_near(self) -> None:
        hours = OpeningHours(ALWAYS.sessions, (exception("2026-12-25"),))
        assert state(hours, london("2026-12-01 10:00")).text == "Open 24 hours"
        assert state(hours, london("2026-12-22 10:00")).text == "Open now, closes midnight at the end of Thursday"

    @pytest.mark.parametrize(
        ("label", "text"),
        [("bank holiday", "Closed today: bank holiday. Opens 9am tomorrow"), ("", "Closed today. Opens 9am tomorrow")],
    )
    def test_a_day_closed_by_an_exception_gives_its_label(self, label: str, text: str) -> None:
        hours = OpeningHours(SURGERY.sessions, (exception("2026-05-25", label=label),))
        assert state(hours, london("2026-05-25 10:00")) == OpeningState(False, text)

    def test_other_hours_on_an_exception_are_said_like_any_others(self) -> None:
        hours = OpeningHours(SURGERY.sessions, (exception("2026-05-25", "", "10:00-12:00"),))
        assert state(hours, london("2026-05-25 09:30")).text == "Closed now, opens 10am"
        assert state(hours, london("2026-05-25 10:30")).text == "Open now, closes midday"

    def test_nothing_is_said_where_no_hours_are_known(self) -> None:
        assert state(OpeningHours(), london("2026-11-23 10:00")) == OpeningState(None, "")

    def test_without_a_weekly_pattern_only_exceptions_are_known(self) -> None:
        hours = OpeningHours((), (exception("2026-11-24", "", "10:00-12:00"), exception("2026-11-26")))
        assert state(hours, london("2026-11-23 10:00")) == OpeningState(None, "")
        assert state(hours, london("2026-11-24 11:00")) == OpeningState(True, "Open now, closes midday")
        assert state(hours, london("2026-11-24 13:00")) == OpeningState(False, "Closed now")
        assert state(hours, london("2026-11-26 10:00")) == OpeningState(False, "Closed today")

    def test_naive_times_are_refused(self) -> None:
        with pytest.raises(ValueError, match="aware"):
            state(OpeningHours(), datetime(2026, 11, 23, 10))  # noqa: DTZ001


class TestBankHolidays:
    @pytest.mark.parametrize("at", ["00:30", "08:00", "10:00", "13:30", "23:00"])
    def test_on_the_day_nothing_is_claimed(self, at: str) -> None:
        for hours in (SURGERY, ALWAYS, weekly([SUNDAY], "22:00-02:00")):
            assert state(hours, london(f"2026-05-25 {at}")) == OpeningState(
                None, "Bank holiday: check before you travel"
            )

    def test_a_day_never_open_is_simply_closed(self) -> None:
        hours = weekly([WEDNESDAY], "09:00-12:00")
        assert state(hours, london("2026-05-25 10:00")).text == "Closed now, opens 9am on Wednesday"
        assert bank_holiday_warning(hours, SPRING_BANK_HOLIDAY) == ""

    def test_before_the_day_its_opening_is_only_usual(self) -> None:
        assert state(SURGERY, london("2026-05-24 10:00")).text == (
            "Closed now, usually opens 9am tomorrow: bank holiday, check before you travel"
        )
        assert state(NIGHTS, london("2026-05-24 23:00")).text == "Open now, usually closes 2am tomorrow"

    def test_a_weekend_day_is_called_by_its_name(self) -> None:
        hours = weekly([FRIDAY, SATURDAY], "09:00-12:00")
        assert state(hours, london("2026-12-26 10:00")) == OpeningState(None, "Boxing Day: check before you travel")
        with_christmas = OpeningHours(hours.sessions, (exception("2026-12-25"),))
        assert bank_holiday_warning(with_christmas, date(2026, 12, 20)) == (
            "Saturday 26 December 2026 is Boxing Day. Opening times may differ: check before you travel."
        )

    def test_the_warning_names_the_day(self) -> None:
        warning = (
            "Monday 25 May 2026 is a bank holiday (Spring bank holiday). "
            "Opening times may differ: check before you travel."
        )
        assert bank_holiday_warning(SURGERY, date(2026, 5, 18)) == warning
        assert bank_holiday_warning(SURGERY, SPRING_BANK_HOLIDAY) == warning

    def test_the_warning_comes_a_week_before_and_goes_with_the_day(self) -> None:
        assert bank_holiday_warning(SURGERY, date(2026, 5, 17)) == ""
        assert bank_holiday_warning(SURGERY, date(2026, 5, 26)) == ""

    def test_the_warning_names_every_day(self) -> None:
        assert bank_holiday_warning(SURGERY, date(2026, 4, 1)) == (
            "Friday 3 April 2026 is a bank holiday (Good Friday). "
            "Monday 6 April 2026 is a bank holiday (Easter Monday). "
            "Opening times may differ: check before you travel."
        )

    def test_an_exception_settles_the_day(self) -> None:
        hours = OpeningHours(SURGERY.sessions, (exception("2026-05-25", "", "09:00-17:00"),))
        assert bank_holiday_warning(hours, SPRING_BANK_HOLIDAY) == ""
        assert state(hours, london("2026-05-25 10:00")).text == "Open now, closes 5pm"

    def test_no_hours_need_no_warning(self) -> None:
        assert bank_holiday_warning(OpeningHours(), SPRING_BANK_HOLIDAY) == ""

    def test_editors_see_what_is_still_to_be_decided(self) -> None:
        hours = OpeningHours(SURGERY.sessions, (exception("2026-12-25"),))
        assert missing_bank_holidays(hours, date(2026, 12, 1), within_days=31) == [
            MissingBankHoliday(date(2026, 12, 28), "substitute day for Boxing Day"),
            MissingBankHoliday(date(2027, 1, 1), "New Year's Day"),
        ]


class TestSessions:
    @pytest.mark.parametrize(
        ("times", "text"),
        [
            ([], "Closed"),
            ([(9, 17)], "9am to 5pm"),
            ([(9, 13), (14, 17)], "9am to 1pm and 2pm to 5pm"),
            ([(8, 10), (12, 13), (20, 0)], "8am to 10am, midday to 1pm and 8pm to midnight"),
            ([(22, 2)], "10pm to 2am"),
            ([(0, 0)], "Open 24 hours"),
        ],
    )
    def test_a_day_reads_as_one_line(self, times: list[tuple[int, int]], text: str) -> None:
        assert describe_sessions([(time(opens), time(closes)) for opens, closes in times]) == text


class TestWeek:
    def test_it_begins_on_todays_monday_and_marks_today(self) -> None:
        lines = week(SURGERY, london("2026-11-26 10:00"))
        assert [line.day for line in lines][::6] == ["Monday", "Sunday"]
        assert [line.on for line in lines][::6] == [date(2026, 11, 23), date(2026, 11, 29)]
        assert [line.day for line in lines if line.is_today] == ["Thursday"]
        assert [line.text for line in lines] == ["9am to 1pm and 2pm to 5pm"] * 5 + ["Closed"] * 2

    def test_it_shows_the_exceptions_of_this_week_only(self) -> None:
        hours = OpeningHours(
            SURGERY.sessions,
            (
                exception("2026-11-25", "", "10:00-12:00", label="Staff training"),
                exception("2026-11-30", "2026-12-04", label="Moving house"),
            ),
        )
        wednesday = week(hours, london("2026-11-29 10:00"))[WEDNESDAY]
        assert (wednesday.text, wednesday.label) == ("10am to midday", "Staff training")
        assert [line.label for line in week(hours, london("2026-11-29 10:00")) if line.label] == ["Staff training"]

    def test_a_bank_holiday_in_doubt_does_not_show_the_usual_hours(self) -> None:
        monday = week(SURGERY, london("2026-05-27 10:00"))[MONDAY]
        assert (monday.text, monday.label) == (
            "Bank holiday: check before you travel",
            "Spring bank holiday",
        )

    def test_there_is_none_without_a_weekly_pattern(self) -> None:
        assert week(OpeningHours((), (exception("2026-11-25"),)), london("2026-11-25 10:00")) == ()


class TestComing:
    HOURS = OpeningHours(
        SURGERY.sessions,
        (
            exception("2026-12-24", "2027-01-01", label="Christmas"),
            exception("2026-12-01", "", "14:00-17:00", "09:00-12:00", label="Staff training"),
            exception("2026-11-20", "2026-11-23", label="Decorating"),
            exception("2026-11-01"),
            exception("2027-01-23"),
        ),
    )

    def test_they_are_in_order_with_what_is_over_and_far_left_out(self) -> None:
        coming = coming_exceptions(self.HOURS, date(2026, 11, 23))
        assert [(each.date_text, each.text, each.label) for each in coming] == [
            ("20 to 23 November 2026", "Closed", "Decorating"),
            ("Tuesday 1 December 2026", "9am to midday and 2pm to 5pm", "Staff training"),
            ("24 December 2026 to 1 January 2027", "Closed", "Christmas"),
        ]

    def test_the_last_of_the_days_counts(self) -> None:
        assert len(coming_exceptions(self.HOURS, date(2026, 11, 24), days=60)) == 3
        assert len(coming_exceptions(self.HOURS, date(2026, 11, 24), days=59)) == 2


class TestSummary:
    def test_it_has_everything_a_page_shows(self) -> None:
        hours = OpeningHours(SURGERY.sessions, (exception("2026-12-25"),))
        view = opening_summary(hours, london("2026-12-21 10:00"), note="Ring the bell.", from_centre=True)
        assert view.has_hours
        assert view.is_open is True
        assert view.state_text == "Open now, closes 1pm"
        assert view.today_text == "9am to 1pm and 2pm to 5pm"
        assert [line.text for line in view.week][FRIDAY] == "Closed"
        assert [each.date_text for each in view.coming] == ["Friday 25 December 2026"]
        assert view.warning_text.startswith("Monday 28 December 2026 is a bank holiday")
        assert view.note == "Ring the bell."
        assert view.from_centre is True

    def test_without_hours_it_is_empty(self) -> None:
        view = opening_summary(OpeningHours(), london("2026-05-25 10:00"))
        assert not view.has_hours
        assert view.is_open is None
        assert (view.state_text, view.today_text, view.warning_text, view.note) == ("", "", "", "")
        assert not view.week
        assert not view.coming

    def test_today_is_londons_today(self) -> None:
        view = opening_summary(weekly(EVERY_DAY, "09:00-17:00"), datetime.fromisoformat("2026-07-06T23:30+00:00"))
        assert [line.day for line in view.week if line.is_today] == ["Tuesday"]

    def test_an_undecided_bank_holiday_is_never_shown_as_open(self) -> None:
        view = opening_summary(SURGERY, london("2026-05-25 10:00"))
        assert view.is_open is None
        assert view.state_text == view.today_text == "Bank holiday: check before you travel"
