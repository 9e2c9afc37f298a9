"""The editors' and officers' screens: how far each mail is, stopping it, one person's data, and who may do what."""

import json
import smtplib
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from centres.models import CentrePage
from core.mail.sending import send
from core.mail.server import BREAKS, note_break
from core.models import Mailing, MailState
from followers.factories import DeliveryFactory, FollowFactory, FollowRequestFactory, NoticeFactory
from followers.jobs import prepare
from followers.models import Delivery, Follower, FollowRequest, Notice, Recipient
from home.factories import SmallSite
from news.factories import NewsPageFactory
from testing.clocks import Clock
from testing.html import soup_of, words
from testing.page_checks import assert_refused
from testing.people import member_of, person_who_may, signed_in
from testing.privacy import make_private

LIST, PEOPLE, STOP_ALL = reverse("followers_notices"), reverse("followers_people"), reverse("followers_pause_all")
ADDRESS = "juggler@example.com"


def member(group: str) -> Client:
    call_command("setup_groups", stdout=StringIO())
    return signed_in(member_of(group, email="member@example.com"))


@pytest.fixture
def editor(small_site: SmallSite, clock: Clock) -> Client:
    """A client signed in as a site editor."""
    return member("Site editors")


@pytest.fixture
def officer(small_site: SmallSite, clock: Clock) -> Client:
    """A client signed in as a followers officer."""
    return member("Followers officers")


@pytest.fixture
def notice(small_site: SmallSite, centre: CentrePage, clock: Clock) -> Notice:
    """News that was told to two, waits for one, failed for one, and is in a digest that went and in one to come."""
    clock.advance(minutes=1)
    page = NewsPageFactory(parent=small_site.news, title="Clubs & balls")
    notice = NoticeFactory.create(page=page, title="Clubs & balls", topics=[centre], told_before=10, failed_before=20)
    for state, problem in (
        (MailState.SENT, ""),
        (MailState.SENT, ""),
        (MailState.WAITING, "The mail server refused the address for now (code 451)."),
        (MailState.FAILED, "The mail server refused the address for good (code 550)."),
    ):
        DeliveryFactory.create(notice=notice, state=state, problem=problem)
    DeliveryFactory.create(state=MailState.SENT, notice=notice)
    later = FollowFactory.create(page=centre, frequency="weekly").follower
    due = clock.now + timedelta(days=3)
    Recipient.objects.create(notice=notice, follower=later, frequency="weekly", due_at=due)
    return notice


def numbers(soup: BeautifulSoup) -> dict[str, str]:
    return {words(pair.dt): words(pair.dd) for pair in soup.select(".bctt-numbers div")}


def url(notice: Notice, name: str = "followers_notice") -> str:
    return reverse(name, args=[notice.pk])


# What followers are told


def test_the_list_says_how_far_each_notice_is(editor: Client, notice: Notice) -> None:
    soup = soup_of(editor.get(LIST))
    (row,) = soup.select("table tbody tr")
    assert [words(cell) for cell in row.select("td")] == [
        "Clubs & balls",
        "Monday 4 May 2026, 12:01pm",
        "13",
        "1",
        "1",
        "21",
        "Being sent",
    ]
    assert row.select_one(f"a[href='{url(notice)}']")


def test_the_list_takes_the_same_queries_however_many_there_are(
    editor: Client, notice: Notice, django_assert_max_num_queries: Any
) -> None:
    editor.get(LIST)
    with CaptureQueriesContext(connection) as few:
        editor.get(LIST)
    for _ in range(8):
        DeliveryFactory.create(notice=NoticeFactory.create(page=notice.page, topics=notice.topics.all()))
    with django_assert_max_num_queries(len(few)):
        editor.get(LIST)


def test_an_empty_list_says_so(editor: Client) -> None:
    assert "No follower has been told of anything yet." in words(soup_of(editor.get(LIST)).body)


@pytest.mark.database
def test_the_list_can_be_exported_without_addresses(editor: Client, notice: Notice) -> None:
    response = editor.get(f"{LIST}?export=csv")
    text = response.getvalue().decode()
    assert "What,When,Told,Waiting,In their next digest,Failed" in text
    assert "Clubs & balls" in text
    assert ",13,1,1,21" in text
    assert "@" not in text


@pytest.mark.database
def test_a_notice_says_how_far_it_is_why_mails_failed_and_what_it_says(editor: Client, notice: Notice) -> None:
    soup = soup_of(editor.get(url(notice)))
    assert numbers(soup) == {
        "State": "Being sent",
        "Told": "13",
        "Waiting": "1",
        "In their next digest": "1",
        "Failed": "21",
    }
    text = words(soup.body)
    assert "The mail server refused the address for good (code 550). 1 person." in text
    assert "Testville Centre" in text
    assert "Clubs & balls" in words(soup.select_one(".bctt-email"))
    assert "@example.com" not in text.replace("member@example.com", "")


@pytest.mark.database
def test_a_notice_that_is_no_longer_true_says_so(editor: Client, notice: Notice) -> None:
    make_private(notice.page)
    soup = soup_of(editor.get(url(notice)))
    assert "Nobody is told any more" in words(soup.body)
    assert not soup.select(".bctt-email")


def test_a_notice_whose_page_is_deleted_can_still_be_seen(editor: Client, notice: Notice) -> None:
    assert notice.page
    notice.page.delete()
    assert "Nobody is told any more" in words(soup_of(editor.get(url(notice))).body)


@pytest.mark.database
def test_a_notice_is_stopped_and_goes_on(editor: Client, notice: Notice) -> None:
    stop = url(notice, "followers_pause_notice")
    soup = soup_of(editor.post(stop, {"stop": "1"}, follow=True))
    assert numbers(soup)["State"] == "Stopped"
    send()
    assert mail.outbox == []
    assert Recipient.objects.filter(delivery=None, frequency="now").count() == 1
    soup = soup_of(editor.post(stop, {}, follow=True))
    assert "It goes on within a minute." in words(soup.body)
    assert Notice.objects.get().paused_at is None


def test_all_mail_is_stopped_and_goes_on(editor: Client) -> None:
    soup = soup_of(editor.post(STOP_ALL, {"stop": "1"}, follow=True))
    assert "All e-mail to followers is stopped." in words(soup.body)
    assert not Mailing.now().is_sending
    soup = soup_of(editor.post(STOP_ALL, {}, follow=True))
    assert "stopped" not in words(soup.select_one("main"))
    assert Mailing.now().is_sending


@pytest.mark.database
def test_a_server_that_rests_is_said_and_can_be_tried_at_once(editor: Client, notice: Notice, clock: Clock) -> None:
    for _ in range(BREAKS):
        note_break("The mail server did not answer.")
    for address in (LIST, url(notice)):
        text = words(soup_of(editor.get(address)).body)
        assert "The mail server cannot be used now. The mail server did not answer." in text
    editor.post(STOP_ALL, {})
    assert Mailing.now().is_sending


def test_a_test_goes_to_oneself_and_to_nobody_else(editor: Client, notice: Notice) -> None:
    before = list(Delivery.objects.values())
    soup = soup_of(editor.post(url(notice, "followers_try_notice"), follow=True))
    assert "A test is on its way to your own address." in words(soup.body)
    assert [message.to for message in mail.outbox] == [["member@example.com"]]
    assert list(Delivery.objects.values()) == before


def test_a_test_that_fails_says_why(editor: Client, notice: Notice, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: EmailMessage, **_: Any) -> int:
        raise smtplib.SMTPRecipientsRefused({"member@example.com": (550, b"no member@example.com here")})

    monkeypatch.setattr(EmailMessage, "send", refuse)
    text = words(soup_of(editor.post(url(notice, "followers_try_notice"), follow=True)).body)
    assert "The test was not sent. The mail server refused the address without saying why (code 550)." in text


@pytest.mark.database
def test_there_is_no_test_of_what_nobody_is_told(editor: Client, notice: Notice) -> None:
    make_private(notice.page)
    text = words(soup_of(editor.post(url(notice, "followers_try_notice"), follow=True)).body)
    assert "There is nothing to send" in text
    assert mail.outbox == []


# One person


def look_up(client: Client, address: str = ADDRESS, **buttons: str) -> BeautifulSoup:
    return soup_of(client.post(PEOPLE, {"email": address, **buttons}, follow=True))


@pytest.fixture
def follower(centre: CentrePage, notice: Notice) -> Follower:
    follower = FollowFactory.create(page=centre, follower__email=ADDRESS).follower
    DeliveryFactory.create(notice=notice, follower=follower, state=MailState.SENT, sent_at=notice.made_at)
    FollowRequestFactory.create(email=ADDRESS, pages=[centre])
    return follower


def test_an_officer_sees_how_many_there_are_and_who_refuses_mail(
    officer: Client, follower: Follower, clock: Clock
) -> None:
    FollowFactory.create(page=follower.follows.get().page, follower__paused_at=clock.now)
    soup = soup_of(officer.get(PEOPLE))
    # Five have a delivery in the fixture, and one waits for a digest.
    assert numbers(soup) == {
        "People who get e-mail": "7",
        "Addresses that refuse our e-mail": "1",
        "Left, and erased within 28 days": "0",
    }
    assert "Testville Centre: 3" in words(soup.body)
    assert ADDRESS not in words(soup.body)


def test_an_officer_looks_up_one_person_by_a_form(officer: Client, follower: Follower) -> None:
    soup = look_up(officer, "  Juggler@Example.com ")
    text = words(soup.select_one("main"))
    assert f"All there is about {ADDRESS}" in text
    assert "Testville Centre (as it happens), since" in text
    assert "Testshire Jugglers may write to me." in text
    assert "Clubs & balls: sent" in text
    assert ADDRESS not in words(soup.title)
    assert all(ADDRESS not in str(form.get("action", "")) for form in soup.select("form"))


def test_an_address_in_the_address_of_the_screen_is_not_read(officer: Client, follower: Follower) -> None:
    assert ADDRESS not in words(soup_of(officer.get(f"{PEOPLE}?email={ADDRESS}")).select_one("main"))


@pytest.mark.parametrize("address", ["", "no address", "<b>", "x" * 400])
def test_what_is_no_address_is_said_beside_the_field(officer: Client, small_site: SmallSite, address: str) -> None:
    soup = look_up(officer, address)
    assert words(soup.select_one(".w-field__errors"))
    field = soup.select_one("main input[name=email]")
    assert field
    assert field.get("value", "") == address


def test_an_unknown_address_is_said_to_be_unknown(officer: Client, small_site: SmallSite) -> None:
    assert "There is nothing about this address." in words(look_up(officer).body)


def test_an_officer_hands_over_all_there_is(officer: Client, follower: Follower) -> None:
    response = officer.post(PEOPLE, {"email": ADDRESS, "export": "1"})
    assert response["Content-Type"] == "application/json"
    assert ADDRESS not in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    found = json.loads(response.content)
    assert found["follower"]["email"] == ADDRESS
    assert found["follows"][0]["page"] == "Testville Centre"
    assert found["mails"][0]["updates"] == ["Clubs & balls"]
    assert found["asked_for"][0]["pages"] == ["Testville Centre (as it happens)"]


def test_erasing_asks_first_and_then_erases_all_of_it(officer: Client, follower: Follower) -> None:
    asked = look_up(officer, ask="1")
    assert "Is this right?" in words(asked.body)
    assert Follower.objects.filter(email=ADDRESS).exists()
    done = look_up(officer, erase="1")
    assert "All there was about this address is erased." in words(done.body)
    assert not Follower.objects.filter(email=ADDRESS).exists()
    assert not FollowRequest.objects.filter(email=ADDRESS).exists()
    assert "There is nothing about this address." in words(look_up(officer).body)


@pytest.mark.database
def test_erasing_keeps_how_many_were_told(officer: Client, follower: Follower, notice: Notice) -> None:
    look_up(officer, erase="1")
    assert notice.recipients.filter(delivery__state=MailState.SENT).count() == 4


@pytest.mark.database
def test_an_officer_lets_mail_go_again(officer: Client, follower: Follower, clock: Clock) -> None:
    Follower.objects.filter(pk=follower.pk).update(paused_at=clock.now, refusals=3)
    soup = look_up(officer)
    assert soup.select("button[name=resume]")
    look_up(officer, resume="1")
    follower.refresh_from_db()
    assert (follower.paused_at, follower.refusals) == (None, 0)


def test_what_officers_do_is_in_the_history_without_the_address(officer: Client, follower: Follower) -> None:
    officer.post(PEOPLE, {"email": ADDRESS, "export": "1"})
    look_up(officer, erase="1")
    entries = ModelLogEntry.objects.filter(action__startswith="followers.")
    assert {entry.action for entry in entries} == {"followers.export", "followers.erase"}
    assert {entry.label for entry in entries} >= {f"Follower {follower.pk}"}
    assert not [entry for entry in entries if ADDRESS in f"{entry.label}{entry.data}"]


# Who may


@pytest.mark.parametrize(
    ("group", "may_see", "may_see_people"),
    [("Site editors", True, False), ("Followers officers", True, True), ("Testville editors", False, False)],
)
@pytest.mark.database
def test_each_group_sees_what_it_may(
    small_site: SmallSite, centre: CentrePage, notice: Notice, group: str, may_see: bool, may_see_people: bool
) -> None:
    client = member(group)
    for address, may in ((LIST, may_see), (url(notice), may_see), (PEOPLE, may_see_people)):
        if may:
            assert client.get(address).status_code == 200
        else:
            assert_refused(client, address)
    menu = client.get(reverse("wagtailadmin_home")).content.decode()
    assert (LIST in menu, PEOPLE in menu) == (may_see, may_see_people)


def test_nobody_else_changes_anything(small_site: SmallSite, notice: Notice, follower: Follower) -> None:
    stranger, nobody = Client(), signed_in(person_who_may())
    for address in (
        STOP_ALL,
        url(notice, "followers_pause_notice"),
        url(notice, "followers_try_notice"),
        PEOPLE,
    ):
        assert stranger.post(address, {"email": ADDRESS, "erase": "1"})["Location"].startswith(
            reverse("wagtailadmin_login")
        )
        assert_refused(nobody, address, "post")
    assert Follower.objects.filter(email=ADDRESS).exists()
    assert not Mailing.objects.exists()
    assert mail.outbox == []


def test_looking_changes_nothing(editor: Client, notice: Notice) -> None:
    for name in ("followers_pause_notice", "followers_try_notice"):
        assert editor.get(url(notice, name)).status_code == 405
    assert editor.get(STOP_ALL).status_code == 405


# The command


def test_the_command_prints_all_there_is(follower: Follower, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("follower", "export", ADDRESS)
    assert json.loads(capsys.readouterr().out)["follower"]["email"] == ADDRESS


@pytest.mark.database
def test_the_command_reads_the_address_from_the_input(
    follower: Follower, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(f"{ADDRESS}\n"))
    call_command("follower", "erase", "-")
    assert ADDRESS not in capsys.readouterr().out
    assert not Follower.objects.filter(email=ADDRESS).exists()


def test_the_command_says_if_there_is_nothing(small_site: SmallSite) -> None:
    with pytest.raises(CommandError, match="nothing about this address"):
        call_command("follower", "erase", "nobody@example.com")


def test_notices_of_a_thousand_are_prepared_in_a_few_queries(
    notice: Notice, centre: CentrePage, django_assert_max_num_queries: Any
) -> None:
    for _ in range(20):
        FollowFactory.create(page=centre, follower__confirmed_at=notice.made_at.replace(minute=0))
    Notice.objects.update(prepared_at=None)
    with django_assert_max_num_queries(40):
        prepare()
    assert Recipient.objects.filter(notice=notice).count() == 26
