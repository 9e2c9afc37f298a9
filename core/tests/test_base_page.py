"""What every page says about itself: its check, its description, its data for search engines."""

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from core.models import BasePage
from testing.pages import SmallSite, add_page, elements, text_page_model

pytestmark = pytest.mark.django_db

Clock = Callable[..., datetime]


def checked(on: date | None, every: int = 6) -> BasePage:
    page: BasePage = text_page_model()(title="About Testshire", checked_on=on, check_every_months=every)
    return page


def test_a_page_in_date_says_when_it_was_checked(london_time_is: Clock) -> None:
    london_time_is(2026, 5, 20)
    assert checked(date(2026, 5, 3)).check_text == "Last checked 3 May 2026"


def test_a_page_past_its_date_says_that_a_check_is_due(london_time_is: Clock) -> None:
    london_time_is(2026, 5, 20)
    page = checked(date(2020, 9, 29))
    assert page.check_text == "Last checked 29 September 2020. This page is due a check."


def test_a_page_that_nobody_ever_checked_is_due_at_once(london_time_is: Clock) -> None:
    london_time_is(2026, 5, 20)
    page = checked(None)
    assert page.check_text == "Nobody has checked this page yet. It is due a check."
    assert page.is_check_due is True
    assert page.check_due_on is None


def test_a_page_that_says_by_itself_of_when_it_is_needs_no_check(london_time_is: Clock) -> None:
    london_time_is(2026, 5, 20)
    page = checked(None)
    page.needs_check = False
    assert (page.check_text, page.is_check_due) == ("", False)


@pytest.mark.parametrize(
    ("on", "every", "last_good_day", "first_due_day"),
    [
        (date(2026, 5, 3), 6, date(2026, 11, 2), date(2026, 11, 3)),
        (date(2025, 8, 31), 6, date(2026, 2, 27), date(2026, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 28), date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 27), date(2025, 2, 28)),
        (date(2024, 2, 29), 24, date(2026, 2, 27), date(2026, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 27), date(2026, 2, 28)),
        (date(2026, 10, 31), 1, date(2026, 11, 29), date(2026, 11, 30)),
        (date(2025, 12, 15), 3, date(2026, 3, 14), date(2026, 3, 15)),
    ],
)
def test_a_check_holds_until_the_day_before_it_is_due(
    london_time_is: Clock, on: date, every: int, last_good_day: date, first_due_day: date
) -> None:
    page = checked(on, every)
    assert page.check_due_on == first_due_day
    london_time_is(last_good_day.year, last_good_day.month, last_good_day.day, 23, 59)
    before = page.is_check_due
    london_time_is(first_due_day.year, first_due_day.month, first_due_day.day, 0, 0)
    assert (before, page.is_check_due) == (False, True)


def test_the_day_of_a_check_begins_at_midnight_in_london_in_summer_time(london_time_is: Clock) -> None:
    # 00:30 in London on 3 July is 23:30 on 2 July in UTC.
    london_time_is(2026, 7, 3, 0, 30)
    assert checked(date(2026, 6, 3), 1).is_check_due is True


def test_a_page_in_date_shows_its_check_and_its_team(
    client: Client, small_site: SmallSite, london_time_is: Clock
) -> None:
    london_time_is(2026, 5, 20)
    page = add_page(small_site.home, checked_on=date(2026, 5, 3), team="Testville team <b>")
    response = client.get(page.url)
    [said] = elements(response, "p", "bctt-checked")
    assert " ".join(said.text.split()) == "Last checked 3 May 2026 by Testville team <b>"
    assert not elements(response, "p", "bctt-check-due")


def test_a_page_past_its_date_warns_residents_once(
    client: Client, small_site: SmallSite, london_time_is: Clock
) -> None:
    london_time_is(2026, 5, 20)
    page = add_page(small_site.home, checked_on=date(2020, 9, 29))
    html = client.get(page.url).content.decode()
    assert html.count("Last checked") == 1
    assert "Last checked 29 September 2020. This page is due a check." in html


def test_residents_read_that_nobody_ever_checked_a_page(client: Client, small_site: SmallSite) -> None:
    html = client.get(add_page(small_site.home).url).content.decode()
    assert html.count("Nobody has checked this page yet. It is due a check.") == 1
    assert "Last checked" not in html


def test_the_summary_is_the_description_for_search_engines_when_there_is_no_other(small_site: SmallSite) -> None:
    page = add_page(small_site.home, summary="We juggle.")
    assert page.meta_description == "We juggle."
    page.search_description = "Juggling in Testshire."
    assert page.meta_description == "Juggling in Testshire."


def test_the_description_is_escaped_in_the_page(client: Client, small_site: SmallSite) -> None:
    page = add_page(small_site.home, summary='Fish & "chips" <script>alert(1)</script>')
    response = client.get(page.url)
    descriptions = [each for each in elements(response, "meta") if each.attributes.get("name") == "description"]
    assert [each.attributes["content"] for each in descriptions] == [page.summary]
    assert "<script>alert" not in response.content.decode()


def test_a_summary_is_asked_for_and_has_a_length(small_site: SmallSite) -> None:
    page = add_page(small_site.home)
    for summary, message in (("", "cannot be blank"), ("x" * 301, "at most 300")):
        page.summary = summary
        with pytest.raises(ValidationError, match=message) as error:
            page.full_clean()
        assert "summary" in error.value.message_dict
    page.summary = "x" * 300
    page.full_clean()


def linked_data(client: Client, page: BasePage) -> dict[str, Any]:
    scripts = [each for each in elements(client.get(page.url), "script") if "src" not in each.attributes]
    assert all(script.attributes == {"type": "application/ld+json"} for script in scripts)
    data: dict[str, Any]
    # The page itself, and the way to it.
    data, way = (json.loads(script.text) for script in scripts)
    assert way["itemListElement"][-1]["name"] == page.title
    return data


def test_structured_data_says_what_the_page_is(client: Client, small_site: SmallSite) -> None:
    page = add_page(small_site.home, checked_on=date(2026, 5, 3))
    data = linked_data(client, page)
    assert data["@context"] == "https://schema.org"
    assert data["@type"] == "WebPage"
    assert data["name"] == "About Testshire"
    assert data["url"] == "http://testserver/about-testshire/"
    assert data["description"] == page.summary
    assert data["lastReviewed"] == "2026-05-03"
    assert data["publisher"]["name"] == "Better Care Together Thurrock"


@pytest.mark.parametrize(
    "title",
    [
        "</script><script>alert(1)</script>",
        "</ScRiPt ><img src=x onerror=alert(1)>",
        "<!-- <script> never closed",
        "Fish & chips &lt; &amp; ]]>",
        'He said "no" \\ and \\u003C',
        "Line\u2028and\u2029paragraph",
        "ﷺ مرحبا 🧑‍🦽",
    ],
)
def test_nothing_in_a_title_breaks_out_of_the_structured_data(
    client: Client, small_site: SmallSite, title: str
) -> None:
    page = add_page(small_site.home, title=title, slug="strange")
    assert linked_data(client, page)["name"] == " ".join(title.splitlines())
    assert not elements(client.get(page.url), "img")


def test_structured_data_leaves_out_what_is_not_known(small_site: SmallSite) -> None:
    data = add_page(small_site.home).structured_data
    assert "lastReviewed" not in data
    assert "dateModified" not in data


def test_the_form_of_a_page_speaks_plain_english(admin_client: Client, small_site: SmallSite) -> None:
    page = add_page(small_site.home)
    html = admin_client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    for words in ("End of the address", "Title in search engines", "Show in the menu", "Publish it on"):
        assert words in html
    for jargon in ("Slug", "title tag", "Title tag", "Go live date/time", "Expiry date/time", "URLs"):
        assert f">{jargon}" not in html.replace("\n", "").replace("  ", "")
