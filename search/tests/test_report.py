"""What editors see of searches, and how they teach the search from there."""

import pytest
from django.test import Client
from wagtail.models import ModelLogEntry

from centres.models import ServicePage
from search.log import remember
from search.models import LoggedSearch, SynonymGroup, UrgentPhrase
from testing.people import person_who_may, signed_in

from .asking import ask, titles
from .conftest import Circus

pytestmark = [pytest.mark.database, pytest.mark.django_db]

REPORT, TEACH = "/admin/reports/searches/", "/admin/reports/searches/teach/"


@pytest.fixture
def asked() -> None:
    """Searches that found something, and one that did not."""
    for _ in range(3):
        remember("clown", results=4)
        remember("bouncing", results=0)


def test_the_report_shows_what_was_asked_most_first(admin_client: Client, asked: None) -> None:
    html = admin_client.get(REPORT).content.decode()
    assert html.index("bouncing") < html.index("clown")
    assert f"{TEACH}?query=bouncing" in html


def test_the_report_can_show_only_what_found_nothing(admin_client: Client, asked: None) -> None:
    html = admin_client.get(REPORT, {"found": "nothing"}).content.decode()
    assert "bouncing" in html
    assert "clown" not in html


def test_the_report_is_exported(admin_client: Client, asked: None) -> None:
    response = admin_client.get(REPORT, {"export": "csv"})
    lines = b"".join(response).decode().splitlines()
    assert lines[0] == "Words,Searches,Results,Results opened,Last searched for"
    assert lines[1].startswith("bouncing,3,0,0,")


def test_an_empty_report_says_so(admin_client: Client) -> None:
    assert "made three times" in admin_client.get(REPORT).content.decode()


def test_the_report_is_for_those_who_were_given_it(client: Client, asked: None) -> None:
    others = signed_in(person_who_may())
    for address in (REPORT, f"{TEACH}?query=clown"):
        assert "/admin/login/" in client.get(address)["Location"]
        assert "clown" not in others.get(address, follow=True).content.decode()
    assert signed_in(person_who_may("search.view_loggedsearch")).get(REPORT).status_code == 200


def test_a_word_is_taught_in_one_step_and_found_at_once(admin_client: Client, client: Client, circus: Circus) -> None:
    assert "Juggling" not in titles(client, "bouncing")
    response = admin_client.post(
        f"{TEACH}?query=bouncing", {"action": "word", "word-page": circus.juggling.pk}, follow=True
    )
    assert "Search now knows “bouncing” as another word for Juggling." in response.content.decode()
    assert titles(client, "bouncing")[0] == "Juggling at Corringham"
    assert ServicePage.objects.get(pk=circus.juggling.pk).also_known_as == "tossing\nthrow and catch\nbouncing"
    admin_client.post(f"{TEACH}?query=Bouncing", {"action": "word", "word-page": circus.juggling.pk})
    assert ServicePage.objects.get(pk=circus.juggling.pk).also_known_as.count("ouncing") == 1


def test_a_word_does_not_publish_what_waits_in_a_draft(admin_client: Client, client: Client, circus: Circus) -> None:
    circus.juggling.title = "Secret title"
    circus.juggling.save_revision()
    response = admin_client.post(
        f"{TEACH}?query=bouncing", {"action": "word", "word-page": circus.juggling.pk}, follow=True
    )
    assert "was added to the draft" in response.content.decode()
    page = ServicePage.objects.get(pk=circus.juggling.pk)
    assert (page.title, page.also_known_as) == ("Juggling", "tossing\nthrow and catch")
    assert page.get_latest_revision_as_object().also_known_as.endswith("bouncing")


def test_who_may_not_publish_adds_it_to_the_draft(circus: Circus) -> None:
    browser = signed_in(person_who_may("search.view_loggedsearch", "add", "change", at=circus.juggling.get_parent()))
    browser.post(f"{TEACH}?query=bouncing", {"action": "word", "word-page": circus.juggling.pk})
    page = ServicePage.objects.get(pk=circus.juggling.pk)
    assert "bouncing" not in page.also_known_as
    assert "bouncing" in page.get_latest_revision_as_object().also_known_as


def test_nobody_teaches_about_a_page_that_is_not_theirs(circus: Circus) -> None:
    browser = signed_in(person_who_may("search.view_loggedsearch", "wagtailsearchpromotions.add_searchpromotion"))
    assert browser.get(f"{TEACH}?query=bouncing").status_code == 200
    browser.post(f"{TEACH}?query=bouncing", {"action": "word", "word-page": circus.juggling.pk})
    assert (
        "bouncing" not in ServicePage.objects.get(pk=circus.juggling.pk).get_latest_revision_as_object().also_known_as
    )


def test_a_pick_is_made_in_one_step(admin_client: Client, client: Client, circus: Circus) -> None:
    for _ in range(2):
        admin_client.post(f"{TEACH}?query=bouncing", {"action": "pick", "pick-page": circus.ringmaster.pk})
    assert [each["title"] for each in ask(client, "bouncing")["picks"]] == ["Ringmaster"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"action": "word"}, "Choose the service or role that people mean."),
        ({"action": "word", "word-page": "999999"}, "Choose a service or role from the list."),
        ({"action": "pick"}, "Choose the page that people should see first."),
    ],
)
def test_what_is_missing_is_said(admin_client: Client, circus: Circus, data: dict[str, str], said: str) -> None:
    response = admin_client.post(f"{TEACH}?query=bouncing", data)
    assert response.status_code == 200
    assert said in response.content.decode()


def test_groups_of_words_and_urgent_words_are_checked(admin_client: Client) -> None:
    response = admin_client.post("/admin/snippets/search/synonymgroup/add/", {"words": "one\nOne!"})
    assert "at least two words" in response.content.decode()
    admin_client.post("/admin/snippets/search/synonymgroup/add/", {"words": "one\ntwo"})
    assert SynonymGroup.objects.get().words.split() == ["one", "two"]
    response = admin_client.post("/admin/snippets/search/urgentphrase/add/", {"phrase": "?!", "urgency": "emergency"})
    assert "Enter at least one word" in response.content.decode()
    for _ in range(2):
        response = admin_client.post(
            "/admin/snippets/search/urgentphrase/add/", {"phrase": "ouch", "urgency": "emergency"}
        )
    assert "already exists" in response.content.decode()
    assert UrgentPhrase.objects.count() == 1
    assert ModelLogEntry.objects.count() == 2
    assert LoggedSearch.objects.count() == 0


def test_a_word_is_not_added_to_a_page_that_somebody_locked(admin_client: Client, circus: Circus) -> None:
    circus.juggling.locked = True
    circus.juggling.save()
    response = admin_client.post(f"{TEACH}?query=bouncing", {"action": "word", "word-page": circus.juggling.pk})
    assert "Choose a service or role from the list." in response.content.decode()
    page = ServicePage.objects.get(pk=circus.juggling.pk)
    assert "bouncing" not in page.get_latest_revision_as_object().also_known_as


def test_a_word_is_taught_whatever_else_is_wrong_with_the_page(admin_client: Client, circus: Circus) -> None:
    ServicePage.objects.filter(pk=circus.juggling.pk).update(title="JUGGLING CLASS")
    admin_client.post(f"{TEACH}?query=catching", {"action": "word", "word-page": circus.juggling.pk})
    assert ServicePage.objects.get(pk=circus.juggling.pk).also_known_as.endswith("catching")
