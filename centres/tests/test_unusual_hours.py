"""Unlikely hours are asked about beside the field, and a tick answers; rows of each kind are read."""

from datetime import date, time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from centres.blocks import ExceptionsBlock, OpeningHoursBlock, exceptions_of, sessions_of
from centres.factories import CentrePageFactory
from centres.models import CentrePage
from centres.opening_hours import ExceptionPeriod, Session
from core.editorial_rules.drafts import block_error_messages
from home.factories import SmallSite
from testing.admin_forms import edit_url, send, shown_form
from testing.html import soup_of

MONDAY = frozenset({0})
IF_RIGHT = "If these times are right, tick “Yes, these times are right”. If not, type am or pm after each time."


def row(opens: str, closes: str, **others: Any) -> tuple[str, dict[str, Any]]:
    """Return a row as typed; empty texts are fields left empty."""
    return "session", {"days": ["0"], "opens": opens, "closes": closes, **others}


def clean(*rows: tuple[str, dict[str, Any]]) -> Any:
    block = OpeningHoursBlock()
    return block.clean(block.normalize(list(rows)))


def refusal(*rows: tuple[str, dict[str, Any]]) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        clean(*rows)
    return block_error_messages(refused.value)


@pytest.mark.parametrize(
    ("rows", "question"),
    [
        ([row("9am", "05:30")], f"9am to 5:30am ends at 5:30am the next morning. {IF_RIGHT}"),
        ([row("2am", "3pm")], f"2am to 3pm begins at 2am, in the night. {IF_RIGHT}"),
        ([row("7am", "10pm")], f"7am to 10pm is 15 hours. {IF_RIGHT}"),
        ([row("midnight", "midnight")], f"That is open day and night. {IF_RIGHT}"),
        (
            [row("7am", "1pm"), row("1pm", "9.30pm")],
            f"With the other times it is open for 14 hours 30 minutes on Monday. {IF_RIGHT}",
        ),
    ],
)
def test_nights_and_long_days_are_asked_about_and_a_tick_answers(
    rows: list[tuple[str, dict[str, Any]]], question: str
) -> None:
    assert refusal(*rows) == [question]
    answered = [(kind, {**value, "is_right": True}) for kind, value in rows]
    assert len(sessions_of(clean(*answered))) == len(rows)


@pytest.mark.parametrize("times", [("8am", "10pm"), ("6am", "8pm"), ("6pm", "midnight"), ("9.30am", "17.30")])
def test_usual_hours_are_not_asked_about(times: tuple[str, str]) -> None:
    assert len(sessions_of(clean(row(*times)))) == 1


def test_a_day_that_is_different_is_asked_about_too() -> None:
    block = ExceptionsBlock()
    times = {"opens": "9am", "closes": "05:30"}
    fair = {"label": "Fair", "first": "1 May 2126", "last": "", "days": [], "times": [times]}
    with pytest.raises(ValidationError) as refused:
        block.clean(block.normalize([("exception", fair)]))
    assert block_error_messages(refused.value) == [f"9am to 5:30am ends at 5:30am the next morning. {IF_RIGHT}"]
    answered = {**fair, "times": [{**times, "is_right": True}]}
    [period] = exceptions_of(block.clean(block.normalize([("exception", answered)])))
    assert period == ExceptionPeriod(date(2126, 5, 1), date(2126, 5, 1), "Fair", ((time(9), time(5, 30)),))


def test_each_way_of_being_open_is_read() -> None:
    rule = {"weeks": ["1", "5"], "every_second_from": None, "first": "1 May 2126", "last": None}
    value = clean(
        row("", "", way="all_day"),
        ("session", {"days": ["1"], "opens": "", "closes": "", "way": "appointment"}),
        ("session", {"days": ["2"], "opens": "9am", "closes": "noon", "way": "appointment", "rule": rule}),
    )
    assert sessions_of(value) == (
        Session(MONDAY, time(0), time(0)),
        Session(frozenset({1}), time(0), time(0), by_appointment=True),
        Session(
            frozenset({2}),
            time(9),
            time(12),
            weeks=frozenset({1, 5}),
            first=date(2126, 5, 1),
            by_appointment=True,
        ),
    )


@pytest.mark.parametrize(
    ("entry", "messages"),
    [
        (row("", ""), ["This field is required."] * 2),
        (row("9am", ""), ["This field is required."]),
        (row("9am", "", way="appointment"), ["This field is required."]),
        (row("9am", "5pm", way="all_day"), ["Choose “At the times below”, or leave the times empty."]),
        (row("9am", "5"), ["“5” can be in the morning or in the evening. Type 5am or 5pm."]),
    ],
)
def test_times_that_the_way_does_not_have_or_need_are_said(entry: Any, messages: list[str]) -> None:
    assert refusal(entry) == messages


def test_hours_that_were_kept_before_there_were_ways_are_read_as_they_were() -> None:
    kept = [{"type": "session", "value": {"days": ["0"], "opens": "09:00:00", "closes": "17:00:00"}, "id": "1"}]
    different = [{"type": "exception", "value": {"label": "Fair", "first": "2126-05-01", "last": None, "times": []}}]
    assert sessions_of(OpeningHoursBlock().to_python(kept)) == (Session(MONDAY, time(9), time(17)),)
    assert exceptions_of(ExceptionsBlock().to_python(different)) == (
        ExceptionPeriod(date(2126, 5, 1), date(2126, 5, 1), "Fair"),
    )


def test_a_draft_is_kept_without_an_answer(admin_client: Client, small_site: SmallSite) -> None:
    centre = CentrePageFactory(parent=small_site.centres)
    typed = {"days": "0", "way": "times", "opens": "9am", "closes": "05:30"}
    data = shown_form(admin_client, edit_url(centre), CentrePage, streams={"hours": [("session", typed)]})

    refused = send(admin_client, edit_url(centre), data)
    assert "9am to 5:30am ends at 5:30am the next morning." in str(soup_of(refused))

    assert send(admin_client, edit_url(centre), data, action="").status_code == 302
    centre.refresh_from_db()
    assert len(centre.get_latest_revision_as_object().opening_hours.sessions) == 1
    assert centre.opening_hours.sessions == ()

    data["hours-0-value-is_right"] = "on"
    assert send(admin_client, edit_url(centre), data).status_code == 302
    centre.refresh_from_db()
    assert len(centre.opening_hours.sessions) == 1
