"""The list of centres."""

from collections.abc import Callable
from datetime import date

from django.test import Client
from django.utils import timezone

from centres.factories import CentrePageFactory
from centres.models import CentrePage, CentresPage, Stage
from centres.queries import PER_PAGE
from home.factories import SmallSite
from testing.admin_forms import edit_url, fill, preview, send, shown_form
from testing.html import main_words, read, soup_of, words
from testing.page_checks import assert_only_its_editors_may_edit, assert_renders


def cards(client: Client, url: str) -> list[str]:
    return [words(card) for card in read(client, url).select(".bctt-centre-card")]


def test_it_renders_with_its_name(client: Client, small_site: SmallSite) -> None:
    assert_renders(client, small_site.centres, "Centres")


def test_there_is_one_and_it_holds_centres(small_site: SmallSite) -> None:
    assert CentresPage.allowed_subpage_models() == [CentrePage]
    assert CentresPage in small_site.home.allowed_subpage_models()
    assert not CentresPage.can_create_at(small_site.home)
    small_site.centres.delete()
    assert CentresPage.can_create_at(small_site.home)


def test_only_its_editors_may_edit_it(small_site: SmallSite) -> None:
    assert_only_its_editors_may_edit(small_site.centres, elsewhere=small_site.services)


def test_every_centre_shows_its_stage_in_words(client: Client, small_site: SmallSite) -> None:
    for stage in Stage:
        CentrePageFactory(
            parent=small_site.centres,
            short_name=stage.value,
            title=stage.value,
            stage=stage,
            checked_on=timezone.localdate(),
        )

    shown = cards(client, small_site.centres.url)

    assert len(shown) == len(Stage)
    for stage in Stage:
        assert f"{stage.value} {stage.info.label}" in shown


def test_a_centre_to_come_says_when_it_is_expected_and_who_said_so_when(client: Client, small_site: SmallSite) -> None:
    common = {
        "parent": small_site.centres,
        "stage": Stage.PLANNED,
        "expected_opening_precision": "end_of_year",
        "expected_opening_stated_on": date(2020, 9, 29),
    }
    CentrePageFactory(title="A", short_name="A", expected_opening=date(2141, 12, 31), **common)
    CentrePageFactory(title="B", short_name="B", expected_opening=date(2023, 12, 31), **common)

    to_come, overdue = cards(client, small_site.centres.url)

    assert to_come.endswith("Expected to open: end of 2141 (as stated on 29 September 2020)")
    assert overdue.endswith("Was expected to open: end of 2023 (as stated on 29 September 2020)")


def test_drafts_and_private_centres_are_not_listed(client: Client, small_site: SmallSite) -> None:
    CentrePageFactory(parent=small_site.centres, live=False)
    CentrePageFactory(parent=small_site.centres).view_restrictions.create(restriction_type="login")

    assert cards(client, small_site.centres.url) == []
    assert "No centres have been added yet." in main_words(read(client, small_site.centres.url))


def test_four_hundred_centres_are_shown_page_by_page(client: Client, small_site: SmallSite) -> None:
    for _ in range(PER_PAGE + 1):
        CentrePageFactory(parent=small_site.centres)

    first, second = (cards(client, f"{small_site.centres.url}?page={number}") for number in (1, 2))

    assert (len(first), len(second)) == (PER_PAGE, 1)
    assert not set(first) & set(second)
    for nonsense in ("999", "0", "-1", "x", "1%00"):
        assert cards(client, f"{small_site.centres.url}?page={nonsense}") in (first, second)


def test_an_editor_changes_the_introduction_and_sees_it_first_in_the_preview(
    client: Client, admin_client: Client, small_site: SmallSite
) -> None:
    url = edit_url(small_site.centres)
    data = fill(shown_form(admin_client, url, CentresPage), summary="Come and see.")

    assert "Come and see." in main_words(soup_of(preview(admin_client, url, data)))
    assert "Come and see." not in main_words(read(client, small_site.centres.url))
    assert send(admin_client, url, data).status_code == 302
    assert "Come and see." in main_words(read(client, small_site.centres.url))


def test_the_queries_stay_within_budget_with_4_or_more_centres_than_a_page_holds(
    small_site: SmallSite, count_queries: Callable[[str], int]
) -> None:
    for _ in range(4):
        CentrePageFactory(parent=small_site.centres)
    few = count_queries(small_site.centres.url)
    for _ in range(PER_PAGE):
        CentrePageFactory(parent=small_site.centres)

    assert count_queries(small_site.centres.url) == few <= 12
    assert count_queries(f"{small_site.centres.url}?page=2") == few
