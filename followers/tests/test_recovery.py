"""What officers do when a mail server went wrong, what the dashboard says then, and reading a mail before it goes."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from centres.factories import CentreServicePageFactory, ServicePageFactory
from centres.models import CentrePage
from core.mail.server import BREAKS, note_break
from core.models import MailState
from followers.factories import DeliveryFactory, FollowFactory, NoticeFactory
from followers.models import Follower, Notice, Recipient
from home.factories import SmallSite
from news.factories import NewsPageFactory
from testing.clocks import Clock
from testing.html import soup_of, words
from testing.people import member_of, person_who_may, signed_in


def member(group: str) -> Client:
    call_command("setup_groups", stdout=StringIO())
    return signed_in(member_of(group, email="member@example.com"))


@pytest.fixture
def notice(small_site: SmallSite, centre: CentrePage, clock: Clock) -> Notice:
    """News that failed for one and was told to another."""
    notice: Notice = NoticeFactory.create(page=NewsPageFactory(parent=small_site.news), topics=[centre])
    for state in (MailState.FAILED, MailState.SENT):
        DeliveryFactory.create(notice=notice, state=state)
    return notice


def test_who_failed_is_told_again_once_somebody_has_confirmed_it(notice: Notice) -> None:
    client, url = member("Site editors"), reverse("followers_send_again", args=[notice.pk])
    shown = soup_of(client.get(reverse("followers_notice", args=[notice.pk])))
    assert shown.select_one(f"a[href='{url}']")
    assert "The e-mail to 1 person failed." in words(soup_of(client.get(url)).select_one("main"))
    assert not Recipient.objects.filter(delivery=None).exists()
    assert "It is sent again to 1 person" in words(soup_of(client.post(url, follow=True)).body)
    assert Recipient.objects.filter(delivery=None).count() == 1
    assert ModelLogEntry.objects.filter(action="followers.send_again").exists()


def test_all_who_were_paused_since_a_day_are_resumed_once_somebody_has_confirmed_it(
    centre: CentrePage, clock: Clock
) -> None:
    early, late = (FollowFactory.create(page=centre).follower for _ in range(2))
    Follower.objects.filter(pk=early.pk).update(paused_at=clock.now)
    clock.advance(days=3)
    Follower.objects.filter(pk=late.pk).update(paused_at=clock.now)
    client, url = member("Followers officers"), reverse("followers_resume_all")
    assert words(soup_of(client.post(url, {"since": "x"})).select_one(".w-field__errors"))
    shown = soup_of(client.post(url, {"since": "2026-05-07"}))
    assert "the e-mail of 1 person was paused" in words(shown.select_one("main"))
    assert Follower.objects.exclude(paused_at=None).count() == 2
    sent = {
        str(each["name"]): str(each["value"]) for each in shown.select("main form [name=since], main [name=confirm]")
    }
    assert "We send to 1 person again." in words(soup_of(client.post(url, sent, follow=True)).body)
    assert Follower.objects.get(paused_at=None) == late
    assert ModelLogEntry.objects.get(action="followers.resume_all").data["number"] == 1


@pytest.mark.parametrize("name", ["followers_send_again", "followers_resume_all"])
def test_only_who_may_can_put_it_right(notice: Notice, name: str) -> None:
    url = reverse(name, args=[notice.pk] if name.endswith("again") else [])
    client = signed_in(person_who_may())
    assert [client.get(url).status_code, client.post(url).status_code] == [302, 302]
    assert not Recipient.objects.filter(delivery=None).exists()


def test_the_dashboard_says_that_the_site_cannot_send_mail(notice: Notice, clock: Clock) -> None:
    client = member("Site editors")
    assert "cannot send e-mail" not in words(soup_of(client.get(reverse("wagtailadmin_home"))).body)
    DeliveryFactory.create(notice=notice)
    for _ in range(BREAKS):
        note_break("The mail server did not answer.")
    text = words(soup_of(client.get(reverse("wagtailadmin_home"))).body)
    assert "The site cannot send e-mail since Monday 4 May 2026, 12pm." in text.replace("midday", "12pm")
    assert "The mail server did not answer." in text
    assert "1 e-mail waits" in text


def test_an_editor_reads_a_mail_before_it_goes(admin_client: Client, small_site: SmallSite, centre: CentrePage) -> None:
    FollowFactory.create(page=centre)
    page = NewsPageFactory(parent=small_site.news, title="Clubs came", live=False, centres=[centre])
    page.save_revision()
    url = reverse("followers_preview", args=[page.pk])
    edit = soup_of(admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])))
    assert edit.select_one(f"a[href='{url}']")
    text = words(soup_of(admin_client.get(url)).select_one("main"))
    assert "1 person follows what this is about." in text
    assert "Clubs came" in text
    assert not Notice.objects.exists()


def test_the_preview_of_a_change_says_what_is_new_or_why_nobody_is_told(
    admin_client: Client, small_site: SmallSite, centre: CentrePage
) -> None:
    FollowFactory.create(page=centre)
    service = ServicePageFactory(parent=small_site.services, title="Archery")
    page = CentreServicePageFactory(parent=centre, service=service, status="planned")
    page.save_revision().publish()
    url = reverse("followers_preview", args=[page.pk])
    assert "Nobody would be told: the draft has no news." in words(soup_of(admin_client.get(url)).select_one("main"))
    draft = page.get_latest_revision_as_object()
    draft.status = "ended"
    draft.save_revision()
    assert "archery ended" in words(soup_of(admin_client.get(url)).select_one("main"))


def test_a_page_of_which_nobody_is_told_has_no_preview(admin_client: Client, small_site: SmallSite) -> None:
    assert admin_client.get(reverse("followers_preview", args=[small_site.news.pk])).status_code == 404


def test_only_who_may_change_a_page_reads_its_mail(small_site: SmallSite) -> None:
    page = NewsPageFactory(parent=small_site.news)
    page.save_revision()
    client = signed_in(person_who_may())
    assert client.get(reverse("followers_preview", args=[page.pk])).status_code in (302, 403)


def test_of_a_page_without_a_draft_nobody_would_be_told(centre: CentrePage) -> None:
    answer = member("Site editors").get(reverse("followers_preview", args=[centre.pk]))
    assert "Nobody would be told: the draft has no news." in words(soup_of(answer).select_one("main"))
