"""Days and times are read as people type them, and asked about where they can mean two things."""

from datetime import UTC, date, datetime, time

import pytest

from core.dates import FIRST_YEAR, LAST_YEAR
from core.times import check_year, in_london, parse_date, parse_moment, parse_time
from core.timezone import LONDON


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *((text, time(17, 30)) for text in ("5.30pm", "5:30 pm", "17.30", "17:30", "1730", "5.30 p.m.", " 5:30PM ")),
        *(
            (text, time(17, 30))
            for text in ("530pm", "05.30pm", "5 30 pm", "17:30:00", "5,30pm", "17h30", "\uff11\uff17\uff1a\uff13\uff10")
        ),
        *((text, time(9)) for text in ("9am", "09:00", "9 AM", "9.00am", "0900", "9 a.m.", "09", "9.00 a m")),
        *((text, time(5, 30)) for text in ("5.30am", "05:30", "0530")),
        *((text, time(12)) for text in ("noon", "midday", "12 noon", "12pm", "12", "12.00", "Noon", "12 midday")),
        *((text, time(0)) for text in ("midnight", "12am", "00:00", "24:00", "2400", "0000", "12 midnight")),
        *((text, time(0, 30)) for text in ("12.30am", "00.30", "0030")),
        *((text, time(12, 30)) for text in ("12.30", "12:30pm", "1230")),
        ("10.30", time(10, 30)),
        ("11pm", time(23)),
        ("2pm", time(14)),
    ],
)
def test_a_time_is_read_as_people_type_it(typed: str, meant: time) -> None:
    assert parse_time(typed) == meant


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("5", "“5” can be in the morning or in the evening. Type 5am or 5pm."),
        ("5.30", "“5.30” can be in the morning or in the evening. Type 5.30am or 5.30pm."),
        ("7:30", "“7:30” can be in the morning or in the evening. Type 7.30am or 7.30pm."),
        ("530", "“530” can be in the morning or in the evening. Type 5.30am or 5.30pm."),
        ("9", "“9” can be in the morning or in the evening. Type 9am or 9pm."),
        ("10", "“10” can be in the morning or in the evening. Type 10am or 10pm."),
        ("9.05", "“9.05” can be in the morning or in the evening. Type 9.05am or 9.05pm."),
    ],
)
def test_a_time_that_can_be_in_the_morning_or_in_the_evening_is_asked_about(typed: str, question: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 (the whole sentence is compared)
        parse_time(typed)
    assert str(refused.value) == question


@pytest.mark.parametrize(
    "typed",
    ["soon", "25:00", "24.30", "9.60am", "17.30am", "13am", "9.5", "5.3pm", "9am-5pm", "1/2", "", "9am 5pm", "-9"],
)
def test_what_is_no_time_is_refused_with_examples(typed: str) -> None:
    with pytest.raises(ValueError, match=r"is no time\. Type it like 9am, 5\.30pm, 17\.30, noon or midnight\."):
        parse_time(typed)


def test_what_the_admin_writes_into_its_fields_is_read_as_the_same() -> None:
    for minutes in range(24 * 60):
        at = time(*divmod(minutes, 60))
        assert parse_time(f"{at:%H:%M}") == parse_time(f"{at:%H:%M:%S}") == at
        moment = datetime.combine(date(2126, 6, 5), at, LONDON)
        assert parse_moment(f"{moment:%d/%m/%Y %H:%M}") == moment


@pytest.mark.parametrize(
    "text",
    [
        *("29/09/2020", "29/9/2020", "29.09.2020", "29-09-2020", "29/09/20", "29 / 9 / 2020"),
        *("2020-09-29", "2020-09-29 00:00:00", "2020-09-29T00:00"),
        *(
            "29 September 2020",
            "29 sept 2020",
            "29-Sep-20",
            " 29  SEP  2020 ",
            "29th September, 2020",
            "29 of Sep 2020",
        ),
        *("Tuesday 29 September 2020", "Tue, 29/09/2020"),
    ],
)
def test_a_day_is_read_as_it_is_written_here_and_as_spreadsheets_write_it(text: str) -> None:
    assert parse_date(text) == date(2020, 9, 29)


def test_the_day_comes_first() -> None:
    assert parse_date("05/04/2020") == date(2020, 4, 5)


@pytest.mark.parametrize(
    "text",
    [
        *("9/29/2020", "31/02/2020", "29 Septober 2020", "29/09", "2020", "soon", "0/1/2020", "²/1/2020", ""),
        *("29/09/2020 5pm", "29/09/2020 to 30/09/2020", "1/1/2", "29 s 2020"),
    ],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no day\. Write it as 29/09/2020, with the day first\."):
        parse_date(text)


@pytest.mark.parametrize(
    "text", ["1/1/1066", "29/09/202", "29/09/20200", f"31/12/{FIRST_YEAR - 1}", f"1/1/{LAST_YEAR + 1}"]
)
def test_a_year_that_nobody_means_is_named(text: str) -> None:
    year = text.rpartition("/")[2]
    with pytest.raises(ValueError, match=f"Check the year {year}: it must be from {FIRST_YEAR} to {LAST_YEAR}"):
        parse_date(text)


def test_the_first_and_the_last_year_are_meant() -> None:
    assert parse_date(f"1/1/{FIRST_YEAR}").year == FIRST_YEAR
    assert parse_date(f"31/12/{LAST_YEAR}").year == LAST_YEAR
    check_year(datetime(LAST_YEAR, 12, 31, tzinfo=LONDON))


def test_a_weekday_that_is_another_is_said() -> None:
    with pytest.raises(ValueError, match=r"29 September 2020 is a Tuesday\. Correct the weekday or the day\."):
        parse_date("Wednesday 29 September 2020")


@pytest.mark.parametrize(
    "text",
    [
        *("05/06/2126 17:30", "05/06/2126 5.30pm", "5 June 2126, 5:30 pm", "5 Jun 2126 at 1730", "2126-06-05T17:30"),
        *("5/6/26 5.30pm".replace("26", "2126"), "Wednesday 5 June 2126 at 5.30pm", "2126-06-05 17:30:00"),
    ],
)
def test_a_moment_is_a_day_and_a_time_in_london(text: str) -> None:
    assert parse_moment(text) == datetime(2126, 6, 5, 16, 30, tzinfo=UTC)


def test_a_day_without_its_time_is_asked_for_it() -> None:
    with pytest.raises(ValueError, match=r"Type the time too, after the day. For example: 05/06/2126 5.30pm"):
        parse_moment("5 June 2126")


def test_which_midnight_is_meant_is_asked() -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 (the whole sentence is compared)
        parse_moment("05/06/2126 midnight")
    assert str(refused.value) == (
        "Midnight can begin or end a day. Type 05/06/2126 00:00 for the night that begins it, "
        "or 06/06/2126 00:00 for the night that ends it."
    )
    assert parse_moment("05/06/2126 24:00") == parse_moment("06/06/2126 00:00")


@pytest.mark.parametrize("text", ["05/06/2126 5.30", "05/06/2126 soon", "5.30pm", "05/06/2126 9am to 5pm"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no day|no time|in the morning or in the evening"):
        parse_moment(text)


def test_a_time_that_the_clocks_skip_is_explained() -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 (the whole sentence is compared)
        parse_moment("29/03/2026 01:30")
    assert str(refused.value) == (
        "The clocks go forward on Sunday 29 March 2026, so there is no 1:30am that night. "
        "Type a time before 1am, or 2am or later."
    )


def test_a_time_that_comes_twice_is_explained() -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 (the whole sentence is compared)
        parse_moment("25/10/2026 01:00")
    assert str(refused.value) == (
        "The clocks go back on Sunday 25 October 2026, so 1am comes twice that night. "
        "Type a time before 1am, or 2am or later."
    )


@pytest.mark.parametrize("at", ["2026-03-29 00:59", "2026-03-29 02:00", "2026-10-25 00:59", "2026-10-25 02:00"])
def test_just_beside_a_change_of_the_clocks_a_time_is_clear(at: str) -> None:
    wall_clock = datetime.fromisoformat(at)
    assert in_london(wall_clock).replace(tzinfo=None) == wall_clock
