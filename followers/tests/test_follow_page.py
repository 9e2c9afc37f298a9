"""The page on which people choose what to follow, and what it does with what they enter."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core import mail
from django.http.response import HttpResponseBase
from django.test import Client
from wagtail.models import Page

from centres.factories import CentrePageFactory, ServicePageFactory
from centres.models import CentrePage
from core.models import Tally
from followers import views
from followers.forms import TOO_LATE, TOO_QUICK
from followers.models import Follow, Follower, FollowRequest, Frequency
from followers.tests.helpers import ADDRESS, Visitor, html_of, new_mails, only, ticks
from home.factories import SmallSite
from leaflets.factories import NewsletterPageFactory
from news.factories import ForumPageFactory
from news.models import ForumPage
from testing.html import soup_of, words
from testing.privacy import make_private

HTML = "<script>alert('juggling')</script>"


def errors(answer: HttpResponseBase) -> list[str]:
    """Return what the top of a form says is wrong; each with a field is said beside that field too."""
    assert answer.status_code == 200
    found = soup_of(answer)
    said = [words(each) for each in found.select(".nhsuk-error-summary li")]
    linked = [words(each) for each in found.select(".nhsuk-error-summary li a")]
    assert [words(each) for each in found.select(".nhsuk-error-message")] == [f"Error: {each}" for each in linked]
    for link in found.select(".nhsuk-error-summary li a"):
        assert found.select(f"[id='{str(link['href'])[1:]}']"), f"{link} leads nowhere"
    identities = [str(each["id"]) for each in found.select("[id]")]
    assert len(identities) == len(set(identities))
    return said


def entered(answer: HttpResponseBase) -> tuple[list[str], str, str]:
    """Return what a form has kept: the names that are ticked, how often, and the address."""
    found = soup_of(answer)
    frequency = found.select_one("[name=frequency][checked]")
    address = found.select_one("[name=email]")
    assert address
    ticked = [name for name, is_ticked in ticks(answer).items() if is_ticked]
    return ticked, str(frequency["value"]) if frequency else "", str(address["value"])


def test_all_that_can_be_followed_is_offered_by_kind(
    client: Client, small_site: SmallSite, centre: CentrePage, forum: ForumPage
) -> None:
    CentrePageFactory(parent=small_site.centres, title="arch Centre", short_name="Arch")
    ServicePageFactory(parent=small_site.services, title="Juggling")
    NewsletterPageFactory(parent=small_site.leaflets, title="The Juggler")

    answer = client.get("/follow/")

    assert list(ticks(answer)) == [
        "arch Centre",
        "Testville Centre",
        "Jugglers’ Forum",
        "Juggling",
        "The Juggler",
        "All news",
    ]
    legends = [words(each) for each in soup_of(answer).select("fieldset.bctt-ticks legend")]
    assert legends == ["Centres", "Forums", "Services", "Newsletters", "News"]
    assert not any(ticks(answer).values())
    assert entered(answer) == ([], "now", "")


def test_the_page_that_somebody_came_from_is_ticked(client: Client, centre: CentrePage, forum: ForumPage) -> None:
    ticked, _, _ = entered(client.get(f"/follow/?page={forum.pk}&page={centre.pk}"))
    assert ticked == ["Testville Centre", "Jugglers’ Forum"]


@pytest.mark.parametrize(
    "page", ["", "x", "-1", "1e3", "٣", "²", "9" * 5000, "0", "999999999999999999999", "%00", HTML]
)
def test_a_strange_page_in_the_address_ticks_nothing(client: Client, centre: CentrePage, page: str) -> None:
    answer = client.get("/follow/", {"page": page})
    assert entered(answer)[0] == []
    assert HTML not in html_of(answer)


def hidden_pages(small_site: SmallSite) -> list[Page]:
    """Return a draft, a private page and one below a private page, that could all be followed otherwise."""
    make_private(small_site.forums)
    private = CentrePageFactory(parent=small_site.centres, title="Secret Centre")
    make_private(private)
    return [
        CentrePageFactory(parent=small_site.centres, title="Draft Centre", live=False),
        private,
        ForumPageFactory(parent=small_site.forums, title="Hidden Forum"),
    ]


def test_drafts_private_pages_and_what_is_below_them_are_never_offered(
    client: Client, small_site: SmallSite, centre: CentrePage
) -> None:
    hidden = hidden_pages(small_site)
    answer = client.get("/follow/", {"page": [page.pk for page in hidden]})
    assert list(ticks(answer)) == ["Testville Centre", "All news"]
    assert entered(answer)[0] == []
    assert not [page.title for page in hidden if page.title in html_of(answer)]


def test_drafts_and_private_pages_cannot_be_asked_for(
    visitor: Visitor, small_site: SmallSite, centre: CentrePage
) -> None:
    for page in hidden_pages(small_site):
        answer = visitor.follow(centre, page)
        assert errors(answer) == [
            "Something that you ticked is no longer on this site. Please look at the list again.",
        ]
        assert page.title not in html_of(answer)
        assert entered(answer) == (["Testville Centre"], "now", ADDRESS)
    assert not FollowRequest.objects.exists()


def test_a_page_that_was_deleted_meanwhile_is_said_beside_the_ticks(
    visitor: Visitor, centre: CentrePage, forum: ForumPage
) -> None:
    filled_in = visitor.answers(centre, forum, frequency="daily")
    forum.delete()
    answer = visitor.client.post("/follow/", filled_in)
    assert errors(answer) == ["Something that you ticked is no longer on this site. Please look at the list again."]
    assert entered(answer) == (["Testville Centre"], "daily", ADDRESS)


def test_a_page_that_cannot_be_followed_cannot_be_asked_for(visitor: Visitor, small_site: SmallSite) -> None:
    answer = visitor.follow(small_site.home, small_site.events)
    assert errors(answer) == ["Something that you ticked is no longer on this site. Please look at the list again."]


def test_a_site_with_nothing_to_follow_says_so(client: Client, small_site: SmallSite) -> None:
    small_site.news.delete()
    answer = client.get("/follow/")
    assert "There is nothing to follow on this site yet." in html_of(answer)
    assert not soup_of(answer).select("main form")


def test_the_page_takes_as_many_queries_however_much_there_is(
    client: Client, small_site: SmallSite, centre: CentrePage, count_queries: Callable[[str], int]
) -> None:
    make_private(centre)

    def add() -> None:
        CentrePageFactory(parent=small_site.centres)
        ServicePageFactory(parent=small_site.services)
        ForumPageFactory(parent=small_site.forums)
        NewsletterPageFactory(parent=small_site.leaflets)

    add()
    few = count_queries("/follow/")
    for _ in range(5):
        add()
    assert count_queries("/follow/") == few <= 12


@pytest.mark.parametrize("path", ["/follow/", "/follow/link/", "/follow/sent/", "/follow/link/sent/"])
def test_no_cookie_is_set(client: Client, centre: CentrePage, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert not answer.cookies
    assert "csrfmiddlewaretoken" not in html_of(answer)


def test_asking_needs_no_cookie_and_sets_none(visitor: Visitor, centre: CentrePage) -> None:
    client = Client(enforce_csrf_checks=True)
    for path in ("/follow/", "/follow/link/"):
        answer = client.post(path, visitor.answers(centre))
        assert answer.status_code == 302
        assert not answer.cookies


@pytest.mark.parametrize("path", ["/follow/", "/follow/link/", "/follow/manage/x/", "/follow/leave/x/"])
def test_no_answer_is_kept_or_tells_other_sites_its_address(client: Client, centre: CentrePage, path: str) -> None:
    for answer in (client.get(path), client.post(path)):
        assert "no-store" in answer["Cache-Control"]
        assert "private" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("path", ["/follow/", "/follow/link/"])
def test_other_methods_are_refused(client: Client, centre: CentrePage, path: str) -> None:
    assert client.put(path).status_code == 405
    assert client.delete(path).status_code == 405


@pytest.mark.parametrize("frequency", Frequency.values)
def test_asking_sends_no_mail_itself_but_leaves_one_to_be_sent(
    visitor: Visitor, centre: CentrePage, forum: ForumPage, frequency: str
) -> None:
    often = Frequency(frequency).label.lower()
    answer = visitor.follow(centre, forum, frequency=frequency)

    assert (answer.status_code, answer["Location"]) == (302, "/follow/sent/")
    assert len(mail.outbox) == 0
    message = only(new_mails())
    assert message.to == [ADDRESS]
    assert f"* Testville Centre ({often})\n* Jugglers’ Forum ({often})\n" in str(message.body)
    assert new_mails() == []
    assert not Follower.objects.exists()
    assert not Follow.objects.exists()


def test_nothing_entered_is_lost_when_nothing_is_ticked(visitor: Visitor, centre: CentrePage) -> None:
    answer = visitor.follow(email="someone@example.com", frequency="weekly")
    assert errors(answer) == ["Tick at least one thing that you want to follow."]
    assert entered(answer) == ([], "weekly", "someone@example.com")
    assert words(soup_of(answer).title).startswith("Error: ")


@pytest.mark.parametrize("frequency", ["", "hourly", "NOW", HTML, "🤹", "x" * 10_000])
def test_a_strange_frequency_is_said_beside_the_choice(visitor: Visitor, centre: CentrePage, frequency: str) -> None:
    answer = visitor.follow(centre, frequency=frequency)
    assert errors(answer) == ["Choose how often you want email."]
    assert entered(answer) == (["Testville Centre"], "", ADDRESS)
    assert HTML not in html_of(answer)


@pytest.mark.parametrize(
    ("email", "error"),
    [
        ("", "Enter your email address."),
        ("   ", "Enter your email address."),
        ("juggler", "Enter an email address like name@example.com"),
        ("juggler@", "Enter an email address like name@example.com"),
        ("juggler@example", "Enter an email address like name@example.com"),
        ("juggler@localhost", "Enter an email address like name@example.com"),
        ("juggler@mail.localhost", "Enter an email address like name@example.com"),
        ("juggler@[127.0.0.1]", "Enter an email address like name@example.com"),
        ("a@example.com, b@example.com", "Enter an email address like name@example.com"),
        ("a@example.com\nBcc: b@example.com", "Enter an email address like name@example.com"),
        ("🤹@example.com", "Enter an email address like name@example.com"),
        (HTML, "Enter an email address like name@example.com"),
        (
            f"a@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.{'f' * 30}.example.com",
            "This address is too long. Enter an email address like name@example.com",
        ),
        ("a" * 200_000 + "@example.com", "Enter an email address like name@example.com"),
    ],
)
@pytest.mark.parametrize("path", ["/follow/", "/follow/link/"])
def test_an_address_that_is_none_is_said_beside_the_field(
    visitor: Visitor, centre: CentrePage, path: str, email: str, error: str
) -> None:
    answer = visitor.client.post(path, visitor.answers(centre, email=email, frequency="weekly"))
    assert errors(answer) == [error]
    assert HTML not in html_of(answer)
    kept = soup_of(answer).select_one("[name=email]")
    assert kept
    assert str(kept["value"]) == email
    if path == "/follow/":
        assert entered(answer)[:2] == (["Testville Centre"], "weekly")
    assert not FollowRequest.objects.exists()


def test_an_address_that_is_longer_in_small_letters_is_too_long(visitor: Visitor, centre: CentrePage) -> None:
    # Each of these becomes two characters.
    email = f"a@{'.'.join(['İ' * 20] * 7)}.com"
    assert len(email) < 254 < len(email.lower())
    assert errors(visitor.follow(centre, email=email)) == [
        "This address is too long. Enter an email address like name@example.com"
    ]


def test_an_address_is_kept_in_small_letters_without_spaces(visitor: Visitor, centre: CentrePage) -> None:
    visitor.follow(centre, email="  Juggler@Example.COM ")
    assert only(new_mails()).to == [ADDRESS]


@pytest.mark.parametrize("pages", ["x", "", "-1", "1.0", "٣", "9" * 5000, HTML, "🤹", "1\x00"])
def test_strange_ticks_are_said_beside_the_ticks(visitor: Visitor, centre: CentrePage, pages: str) -> None:
    answer = visitor.follow(centre, pages=[centre.pk, pages])
    assert errors(answer) == ["Something that you ticked is no longer on this site. Please look at the list again."]
    assert entered(answer) == (["Testville Centre"], "now", ADDRESS)
    assert HTML not in html_of(answer)


def test_a_page_ticked_a_thousand_times_is_asked_for_once(visitor: Visitor, centre: CentrePage) -> None:
    visitor.follow(pages=[centre.pk] * 1000)
    assert [page.pk for page in FollowRequest.objects.get().pages.all()] == [centre.pk]


def test_a_huge_form_is_refused(visitor: Visitor, centre: CentrePage) -> None:
    assert visitor.follow(centre, more="x" * 3_000_000).status_code == 400
    assert visitor.follow(pages=[centre.pk] * 20_000).status_code == 400
    assert not FollowRequest.objects.exists()


def test_everything_wrong_is_said_at_once(client: Client, centre: CentrePage) -> None:
    assert errors(client.post("/follow/")) == [
        "Tick at least one thing that you want to follow.",
        "Choose how often you want email.",
        "Enter your email address.",
    ]


def test_a_robot_that_fills_in_the_hidden_field_is_told_the_same_and_nothing_is_kept(
    visitor: Visitor, centre: CentrePage
) -> None:
    told = visitor.follow(centre, leave_empty="https://example.com/")
    tallies = Tally.objects.count()
    told_of_link = visitor.ask_for_link(leave_empty="https://example.com/")
    assert (told.status_code, told["Location"]) == (302, "/follow/sent/")
    assert (told_of_link.status_code, told_of_link["Location"]) == (302, "/follow/link/sent/")
    assert not FollowRequest.objects.exists()
    assert tallies == Tally.objects.count() == 0


def test_the_hidden_field_is_kept_from_people_and_from_their_programs(client: Client, centre: CentrePage) -> None:
    field = soup_of(client.get("/follow/")).select_one("[name=leave_empty]")
    assert field
    assert (field["tabindex"], field["autocomplete"]) == ("-1", "off")
    assert field.find_parent(attrs={"aria-hidden": "true"})


@pytest.mark.parametrize("path", ["/follow/", "/follow/link/"])
def test_a_form_filled_in_faster_than_people_can_is_refused_and_goes_through_a_moment_later(
    visitor: Visitor, centre: CentrePage, path: str
) -> None:
    quick = visitor.client.post(path, visitor.answers(centre, started=visitor.started(1)))
    assert errors(quick) == [TOO_QUICK]
    assert not FollowRequest.objects.exists()
    if path == "/follow/":
        assert entered(quick) == (["Testville Centre"], "now", ADDRESS)
    visitor.clock.advance(seconds=2)
    assert press_again(visitor.client, path, quick).status_code == 302
    assert FollowRequest.objects.count() == 1


def press_again(client: Client, path: str, answer: HttpResponseBase) -> HttpResponseBase:
    """Send a form as it came back, unchanged."""
    form = soup_of(answer).select_one("main form")
    assert form
    fields: dict[str, list[str]] = {}
    for field in form.select("input"):
        if field["type"] not in ("checkbox", "radio") or field.has_attr("checked"):
            fields.setdefault(str(field["name"]), []).append(str(field.get("value", "")))
    return client.post(path, fields)


@pytest.mark.parametrize("started", ["", "now", "now.1.x", "🤹", "a\x00b", "x" * 100_000, HTML])
def test_a_form_that_does_not_say_when_it_was_shown_goes_through_when_it_is_sent_again(
    visitor: Visitor, centre: CentrePage, started: str
) -> None:
    answer = visitor.follow(centre, started=started)
    assert errors(answer) == [TOO_LATE]
    visitor.clock.advance(seconds=5)
    assert press_again(visitor.client, "/follow/", answer).status_code == 302


def test_a_form_that_was_open_for_days_goes_through_when_it_is_sent_again(visitor: Visitor, centre: CentrePage) -> None:
    answer = visitor.follow(centre, started=visitor.started(3 * 24 * 60 * 60))
    assert errors(answer) == [TOO_LATE]
    visitor.clock.advance(seconds=5)
    assert press_again(visitor.client, "/follow/", answer).status_code == 302


@pytest.mark.parametrize("seconds", [3, 2 * 60 * 60])
def test_a_form_filled_in_quickly_or_over_a_meal_goes_through(
    visitor: Visitor, centre: CentrePage, seconds: int
) -> None:
    assert visitor.follow(centre, started=visitor.started(seconds)).status_code == 302


def from_network(number: int) -> dict[str, Any]:
    """Return what the server says of a request from one of many networks."""
    return {"REMOTE_ADDR": f"192.0.{number}.{number}"}


def test_too_many_forms_from_one_network_are_refused_with_what_was_entered(
    visitor: Visitor, centre: CentrePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "NETWORK_LIMIT", replace(views.NETWORK_LIMIT, most=2))
    visitor.follow(centre, email="a@example.com")
    visitor.ask_for_link(email="b@example.com")
    for email in (ADDRESS, "a@example.com"):
        answer = visitor.follow(centre, email=email, frequency="weekly")
        assert errors(answer) == [views.TOO_OFTEN]
        assert entered(answer) == (["Testville Centre"], "weekly", email)
    assert FollowRequest.objects.count() == 2

    other = visitor.client.post("/follow/", visitor.answers(centre), **from_network(7))
    assert other.status_code == 302
    visitor.clock.advance(hours=1)
    assert visitor.follow(centre).status_code == 302


def test_neighbours_count_as_one_network(visitor: Visitor, centre: CentrePage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "NETWORK_LIMIT", replace(views.NETWORK_LIMIT, most=1))
    answers = visitor.answers(centre)
    codes = [
        visitor.client.post("/follow/", answers, REMOTE_ADDR=address).status_code
        for address in ("198.51.100.1", "198.51.100.200", "2001:db8::1", "2001:db8:0:ff::2", "2001:db8:0:100::1")
    ]
    assert codes == [302, 200, 302, 200, 302]


def test_too_many_forms_from_everybody_are_refused(
    visitor: Visitor, centre: CentrePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "EVERYBODY_LIMIT", replace(views.EVERYBODY_LIMIT, most=2))
    answers = [visitor.client.post("/follow/", visitor.answers(centre), **from_network(each)) for each in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 200]
    assert errors(answers[2]) == [views.TOO_OFTEN]


def test_mistakes_are_not_counted(visitor: Visitor, centre: CentrePage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "NETWORK_LIMIT", replace(views.NETWORK_LIMIT, most=1))
    for _ in range(3):
        visitor.follow(centre, email="juggler")
    assert visitor.follow(centre).status_code == 302


def test_nothing_that_is_counted_holds_an_address(visitor: Visitor, centre: CentrePage) -> None:
    visitor.client.post("/follow/", visitor.answers(centre), REMOTE_ADDR="203.0.113.9")
    kept = " ".join(f"{each.what} {each.who}" for each in Tally.objects.all())
    assert Tally.objects.count() == 3
    assert not re.search(r"203\.0\.113|juggler|example", kept)
