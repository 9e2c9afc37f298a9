"""England's bank holidays, pinned so that an upgrade of the package that changes one is noticed."""

from datetime import date

import pytest

from centres.bank_holidays import bank_holiday, bank_holidays

# Worked out from the calendar by the rules of the Banking and Financial Dealings Act 1971 and the yearly
# proclamations of 1 January, the first Monday of May and the days off that stand in for weekends.
WEEKDAYS_OFF = {
    2026: "1 Jan, 3 Apr, 6 Apr, 4 May, 25 May, 31 Aug, 25 Dec, 28 Dec",
    2027: "1 Jan, 26 Mar, 29 Mar, 3 May, 31 May, 30 Aug, 27 Dec, 28 Dec",
    2028: "3 Jan, 14 Apr, 17 Apr, 1 May, 29 May, 28 Aug, 25 Dec, 26 Dec",
    2029: "1 Jan, 30 Mar, 2 Apr, 7 May, 28 May, 27 Aug, 25 Dec, 26 Dec",
    2030: "1 Jan, 19 Apr, 22 Apr, 6 May, 27 May, 26 Aug, 25 Dec, 26 Dec",
}


@pytest.fixture(autouse=True)
def _worked_out_anew() -> None:
    """Let no test see a year that another has worked out."""
    bank_holidays.cache_clear()


@pytest.mark.parametrize(("year", "days"), WEEKDAYS_OFF.items())
def test_the_weekdays_off_of_the_coming_years(year: int, days: str) -> None:
    found = [day for day in bank_holidays(year) if day.weekday() < 5]
    assert ", ".join(f"{day.day} {day:%b}" for day in found) == days


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2022, 6, 2), "Spring bank holiday"),
        (date(2022, 6, 3), "Platinum Jubilee of Elizabeth II"),
        (date(2022, 9, 19), "State Funeral of Queen Elizabeth II"),
        (date(2023, 5, 1), "Early May bank holiday"),
        (date(2023, 5, 8), "Coronation of Charles III"),
        (date(2020, 5, 8), "Early May bank holiday"),
    ],
)
def test_the_special_days_of_the_past(day: date, name: str) -> None:
    assert bank_holiday(day) == name


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 1, 1), "New Year's Day"),
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 4, 6), "Easter Monday"),
        (date(2026, 5, 4), "Early May bank holiday"),
        (date(2026, 5, 25), "Spring bank holiday"),
        (date(2026, 8, 31), "Summer bank holiday"),
        (date(2026, 12, 25), "Christmas Day"),
    ],
)
def test_names_are_those_of_gov_uk(day: date, name: str) -> None:
    assert bank_holiday(day) == name


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2027, 12, 25), "Christmas Day"),
        (date(2027, 12, 26), "Boxing Day"),
        (date(2027, 12, 27), "substitute day for Christmas Day"),
        (date(2027, 12, 28), "substitute day for Boxing Day"),
        (date(2028, 1, 1), "New Year's Day"),
        (date(2028, 1, 3), "substitute day for New Year's Day"),
    ],
)
def test_days_on_a_weekend_keep_their_name_beside_the_weekday_off(day: date, name: str) -> None:
    assert bank_holiday(day) == name


@pytest.mark.parametrize(
    "day",
    [
        date(2022, 5, 30),  # the spring bank holiday moved to 2 June that year
        date(2026, 5, 5),
        date(2026, 4, 5),  # Easter Sunday
        date(2026, 3, 17),  # Saint Patrick's Day, in Northern Ireland only
        date(2026, 8, 3),  # Scotland's summer holiday
        date(2026, 1, 2),  # Scotland's second day of the year
    ],
)
def test_other_days_are_none(day: date) -> None:
    assert bank_holiday(day) is None


def test_a_year_is_worked_out_once_and_cannot_be_changed_by_a_caller() -> None:
    assert bank_holidays(2026) is bank_holidays(2026)
    with pytest.raises(TypeError):
        bank_holidays(2026)[date(2026, 1, 2)] = "A day off for everybody"  # type: ignore[index]
