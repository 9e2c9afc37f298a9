"""Alerts: what an editor may enter, where and when residents see them, and in which order."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from core.alerts import current_alerts
from core.factories import AlertFactory
from core.models import Alert
from testing.pages import Answer, SmallSite, add_page, elements, is_inline
from testing.privacy import make_private

Clock = Callable[..., datetime]

NOON = datetime(2026, 5, 20, 11, 0, tzinfo=UTC)  # midday in London


def draft(**fields: object) -> Alert:
    valid = {
        "title": "Testville centre is closed today",
        "starts_at": NOON,
        "ends_at": NOON + timedelta(hours=1),
    }
    return Alert(**{**valid, **fields})


def shown(response: Answer) -> list[str]:
    return [each.text for each in elements(response, "p", "bctt-alert__title")]


def titles(pages: list[Page], now: datetime = NOON) -> list[str]:
    return [alert.title for alert in current_alerts(pages, now)]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"ends_at": None}, "ends_at"),
        ({"ends_at": NOON}, "ends_at"),
        ({"ends_at": NOON - timedelta(minutes=1)}, "ends_at"),
        ({"title": ""}, "title"),
        ({"title": "CENTRE CLOSED"}, "title"),
        ({"link_url": "/centres/", "link_text": "Click here"}, "link_text"),
        ({"link_url": "/centres/", "link_text": "www.example.org"}, "link_text"),
        ({"severity": "apocalypse"}, "severity"),
        ({"link_url": "/centres/"}, "link_text"),
        ({"link_text": "Other centres"}, "link_url"),
        ({"link_url": "http://example.org/", "link_text": "Other centres"}, "link_url"),
        ({"link_url": "javascript:alert(1)", "link_text": "Other centres"}, "link_url"),
        ({"link_url": "//example.org/", "link_text": "Other centres"}, "link_url"),
        ({"link_url": "centres/", "link_text": "Other centres"}, "link_url"),
    ],
)
def test_an_alert_that_cannot_be_right_is_refused_beside_its_field(fields: dict[str, object], wrong: str) -> None:
    with pytest.raises(ValidationError) as error:
        draft(**fields).full_clean()
    assert list(error.value.message_dict) == [wrong]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"ends_at": NOON + timedelta(seconds=1)},
        {"link_url": "/centres/", "link_text": "Other centres"},
        {"link_url": "https://example.org/closures", "link_text": "Other centres"},
    ],
)
def test_an_alert_that_is_right_is_accepted(fields: dict[str, object]) -> None:
    draft(**fields).full_clean()


@pytest.mark.django_db
def test_graver_alerts_come_first_and_then_those_that_end_soonest() -> None:
    times = {"starts_at": NOON, "ends_at": NOON + timedelta(hours=2)}
    AlertFactory(severity="information", title="information", **times)
    AlertFactory(severity="emergency", title="emergency, ends later", **times)
    AlertFactory(severity="warning", title="warning", **times)
    AlertFactory(severity="emergency", title="emergency", starts_at=NOON, ends_at=NOON + timedelta(hours=1))
    assert titles([]) == ["emergency", "emergency, ends later", "warning", "information"]


@pytest.mark.django_db
@pytest.mark.database
def test_an_alert_begins_and_ends_by_itself_to_the_second() -> None:
    end = NOON + timedelta(hours=1)
    AlertFactory(title="here", starts_at=NOON, ends_at=end)
    second = timedelta(seconds=1)
    assert titles([], NOON - second) == []
    assert titles([], NOON) == ["here"]
    assert titles([], end - second) == ["here"]
    assert titles([], end) == []


def test_an_alert_is_gone_from_the_page_at_its_end_and_caches_notice(
    client: Client, small_site: SmallSite, london_time_is: Clock
) -> None:
    AlertFactory(title="The lift is broken", starts_at=NOON, ends_at=NOON + timedelta(hours=1))
    london_time_is(2026, 5, 20, 12, 59, 59)
    before = client.get("/")
    assert shown(before) == ["Information: The lift is broken"]
    london_time_is(2026, 5, 20, 13, 0, 0)
    after = client.get("/", headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert shown(after) == []


def test_an_alert_without_pages_is_on_every_page_even_where_there_is_none(
    client: Client, small_site: SmallSite
) -> None:
    AlertFactory(title="Snow")
    page = add_page(small_site.home)
    for url in ("/", "/centres/", page.url, "/search/", "/search/?query=x", "/no-such-page/"):
        assert shown(client.get(url)) == ["Information: Snow"], url


def test_an_alert_for_a_page_shows_there_and_beneath_it_only(client: Client, small_site: SmallSite) -> None:
    page = add_page(small_site.home, title="Juggling")
    beneath = add_page(page, title="Clubs")
    deep_beneath = add_page(beneath, title="Five clubs")
    sibling = add_page(small_site.home, title="Juggling two")  # its address begins like the page's
    AlertFactory(title="Dropped", pages=[page])
    for url in (page.url, beneath.url, deep_beneath.url):
        assert shown(client.get(url)) == ["Information: Dropped"], url
    for url in ("/", sibling.url, "/centres/", "/search/", "/no-such-page/"):
        assert shown(client.get(url)) == [], url


def test_an_alert_for_several_pages_shows_once(client: Client, small_site: SmallSite) -> None:
    page = add_page(small_site.home, title="Juggling")
    beneath = add_page(page, title="Clubs")
    AlertFactory(title="Dropped", pages=[page, beneath, small_site.home])
    assert shown(client.get(beneath.url)) == ["Information: Dropped"]


def test_an_alert_for_the_home_page_shows_on_the_whole_site(client: Client, small_site: SmallSite) -> None:
    AlertFactory(title="Snow", pages=[small_site.home])
    assert shown(client.get("/")) == ["Information: Snow"]
    assert shown(client.get("/centres/")) == ["Information: Snow"]


@pytest.mark.parametrize("hide", ["draft", "private"])
def test_an_alert_for_a_hidden_page_does_not_tell_of_it(client: Client, small_site: SmallSite, hide: str) -> None:
    page = add_page(small_site.home, title="Secret plans", live=hide != "draft")
    if hide == "private":
        make_private(page, "password")
    AlertFactory(title="Secret plans are late", pages=[page])
    for url in (page.url, f"{page.url}beneath/", "/", "/search/"):
        assert shown(client.get(url)) == [], url


def test_a_deleted_page_takes_its_place_with_it_but_not_to_the_whole_site(
    client: Client, small_site: SmallSite
) -> None:
    page = add_page(small_site.home, title="Juggling")
    AlertFactory(title="Dropped", pages=[page])
    page.delete()
    assert shown(client.get("/")) == []


def test_an_alert_says_how_grave_it_is_in_words_and_is_escaped(client: Client, small_site: SmallSite) -> None:
    AlertFactory(
        severity="emergency",
        title="<b>Gas</b>",
        text="Leave & do not <script>return</script>.\n\nCall 999.",
        link_url='/centres/?a="><script>',
        link_text="<i>Others</i>",
    )
    response = client.get("/")
    assert shown(response) == ["Emergency: <b>Gas</b>"]
    [alert] = elements(response, "div", "bctt-alert--emergency")
    assert "Leave & do not <script>return</script>." in alert.text
    assert ("<i>Others</i>", '/centres/?a="><script>') in [
        (link.text, link.attributes["href"]) for link in elements(response, "a")
    ]
    assert not [script for script in elements(response, "script") if is_inline(script)]


def test_a_page_without_alerts_has_no_empty_landmark(client: Client, small_site: SmallSite) -> None:
    assert not elements(client.get("/"), "section", "bctt-alerts")


def alert_form(**fields: object) -> dict[str, object]:
    form: dict[str, object] = nested_form_data(
        {
            "severity": "warning",
            "title": "Testville centre is closed today",
            "text": "",
            "link_url": "",
            "link_text": "",
            "starts_at": "20/05/2026 12:00",
            "ends_at": "20/05/2026 18:00",
            "places": inline_formset([]),
            **fields,
        }
    )
    return form


def test_an_editor_adds_an_alert_for_a_page_in_london_time(admin_client: Client, small_site: SmallSite) -> None:
    response = admin_client.post(
        "/admin/snippets/core/alert/add/",
        alert_form(places=inline_formset([{"page": small_site.centres.pk, "ORDER": "1"}])),
    )
    assert response.status_code == 302, response.context["form"].errors
    alert = Alert.objects.get()
    assert alert.starts_at == NOON
    assert [place.page_id for place in alert.places.all()] == [small_site.centres.pk]


def test_an_editor_sees_that_an_alert_needs_an_end(admin_client: Client, small_site: SmallSite) -> None:
    response = admin_client.post("/admin/snippets/core/alert/add/", alert_form(ends_at=""))
    assert response.status_code == 200
    assert "ends_at" in response.context["form"].errors
    assert not Alert.objects.exists()


def test_an_alert_that_would_show_for_a_year_is_asked_about(admin_client: Client, small_site: SmallSite) -> None:
    data = alert_form(starts_at="01/06/2027 9am", ends_at="02/06/2028 9am")
    refused = admin_client.post("/admin/snippets/core/alert/add/", data)
    assert "It would show for 367 days. Correct it, or tick “Yes, this is meant”." in refused.content.decode()
    assert not Alert.objects.exists()
    admin_client.post("/admin/snippets/core/alert/add/", {**data, "ends_at-meant": "on"})
    assert Alert.objects.count() == 1


def test_an_alert_is_shown_to_its_editor_before_residents_see_it(admin_client: Client, small_site: SmallSite) -> None:
    add = reverse("wagtailsnippets_core_alert:preview_on_add")
    now = timezone.now()
    data = nested_form_data(
        {
            "severity": "warning",
            "title": "The circus is closed",
            "text": "Come tomorrow.",
            "starts_at": (now + timedelta(days=1)).strftime("%d/%m/%Y %H:%M"),
            "ends_at": (now + timedelta(days=2)).strftime("%d/%m/%Y %H:%M"),
            "places": inline_formset([]),
        }
    )
    assert admin_client.post(add, data).json()["is_valid"]
    html = admin_client.get(add).content.decode()
    assert "Warning: The circus is closed" in html
    assert "Come tomorrow." in html
