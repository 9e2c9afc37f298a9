"""Who is told of a publication: what editors decide in the form, on a day, after approval, and for many at once."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from centres.factories import CentrePageFactory, CentreServicePageFactory, ServicePageFactory
from centres.models import CentrePage, CentreServicePage
from core.scheduler.publishing import publish_scheduled_content
from followers import notices
from followers.factories import FollowFactory
from followers.models import Notice, PublishedFacts
from home.factories import SmallSite
from leaflets.factories import NewsletterPageFactory
from leaflets.models import NewsletterIssuePage
from news.factories import ForumPageFactory, NewsPageFactory
from news.models import ForumUpdatePage, NewsPage
from testing.admin_forms import create_url, edit_url, fill, send, shown_form
from testing.html import soup_of, words
from testing.people import person_who_may, signed_in
from testing.privacy import make_private
from users.models import User
from whats_on.models import EventPage

SUMMARY = {"summary": "Somebody learned to juggle."}


@pytest.fixture
def centre(small_site: SmallSite) -> CentrePage:
    """A centre that somebody follows."""
    centre: CentrePage = CentrePageFactory(parent=small_site.centres, short_name="Testville")
    FollowFactory.create(page=centre)
    return centre


def titles() -> list[str]:
    return [notice.title for notice in Notice.objects.order_by("pk")]


def news_form(client: Client, site: SmallSite, *centres: CentrePage, **values: Any) -> tuple[str, QueryDict]:
    url = create_url(site.news, NewsPage)
    data = fill(shown_form(client, url, NewsPage), title="Juggling", slug="juggling", **SUMMARY, **values)
    data.setlist("centres", [str(centre.pk) for centre in centres])
    return url, data


def change(client: Client, page: Page, action: str = "publish", **values: Any) -> Any:
    data = fill(shown_form(client, edit_url(page), type(page)), **values)
    return send(client, edit_url(page), data, action)


def published(client: Client, site: SmallSite, *centres: CentrePage) -> NewsPage:
    url, data = news_form(client, site, *centres)
    send(client, url, data)
    return NewsPage.objects.get(slug="juggling", live=True)


def test_the_first_publication_tells(admin_client: Client, small_site: SmallSite, centre: CentrePage) -> None:
    published(admin_client, small_site, centre)
    notice = Notice.objects.get()
    assert (notice.title, notice.is_first, notice.line) == ("Juggling", True, "")
    assert set(notice.topics.values_list("pk", flat=True)) == {centre.pk, small_site.news.pk}


def test_a_draft_tells_nobody(admin_client: Client, small_site: SmallSite, centre: CentrePage) -> None:
    url, data = news_form(admin_client, small_site, centre)
    send(admin_client, url, data, "")
    assert NewsPage.objects.get().live is False
    assert titles() == []


def test_who_chose_to_tell_nobody_tells_nobody(admin_client: Client, small_site: SmallSite, centre: CentrePage) -> None:
    url, data = news_form(admin_client, small_site, centre, notification_choice="nobody")
    send(admin_client, url, data)
    assert NewsPage.objects.get().live
    assert titles() == []
    assert PublishedFacts.objects.get().page_id == NewsPage.objects.get().pk


def test_a_choice_lives_in_the_draft_until_it_is_published(
    admin_client: Client, small_site: SmallSite, centre: CentrePage
) -> None:
    url, data = news_form(admin_client, small_site, centre, notification_choice="nobody")
    send(admin_client, url, data, "")
    page = NewsPage.objects.get()
    assert shown_form(admin_client, edit_url(page), NewsPage)["notification_choice"] == "nobody"
    page.get_latest_revision().publish()
    assert titles() == []


def test_an_edit_tells_nobody_by_itself(admin_client: Client, small_site: SmallSite, centre: CentrePage) -> None:
    page = published(admin_client, small_site, centre)
    change(admin_client, page, title="Juggling again")
    assert titles() == ["Juggling"]


def test_an_edit_tells_the_line_that_the_editor_wrote_once(
    admin_client: Client, small_site: SmallSite, centre: CentrePage
) -> None:
    page = published(admin_client, small_site, centre)
    change(admin_client, page, notification_choice="line", notification_line="It is at six now.")
    assert titles() == ["Juggling", "Changed: Juggling"]
    newest = Notice.objects.order_by("pk").last()
    assert newest is not None
    assert (newest.line, newest.is_first) == ("It is at six now.", False)
    # The form begins anew, so that what was told is not told with the next change.
    assert shown_form(admin_client, edit_url(page), NewsPage)["notification_choice"] == "news"
    change(admin_client, page, title="Juggling with six")
    assert len(titles()) == 2


def test_publishing_the_same_revision_again_tells_nothing_more(
    admin_client: Client, small_site: SmallSite, centre: CentrePage
) -> None:
    page = published(admin_client, small_site, centre)
    page.get_latest_revision().publish()
    assert titles() == ["Juggling"]


def test_a_line_is_asked_for_beside_the_field_and_nothing_is_lost(
    admin_client: Client, small_site: SmallSite, centre: CentrePage
) -> None:
    page = published(admin_client, small_site, centre)
    response = change(admin_client, page, title="Juggling with six", notification_choice="line", notification_line="  ")
    soup = soup_of(response)
    assert "Write what changed, in one sentence." in words(
        soup.select_one("#panel-child-content-tell_followers-content")
    )
    assert soup.select_one("input[name=title]")["value"] == "Juggling with six"  # type: ignore[index]
    assert titles() == ["Juggling"]


def test_a_draft_needs_no_line_yet(admin_client: Client, small_site: SmallSite, centre: CentrePage) -> None:
    page = published(admin_client, small_site, centre)
    assert change(admin_client, page, "", notification_choice="line", notification_line="").status_code == 302
    assert shown_form(admin_client, edit_url(page), NewsPage)["notification_choice"] == "line"


def test_a_line_that_is_too_long_is_refused_beside_the_field(
    admin_client: Client, small_site: SmallSite, centre: CentrePage
) -> None:
    page = published(admin_client, small_site, centre)
    soup = soup_of(change(admin_client, page, notification_choice="line", notification_line="x" * 201))
    assert "at most 200 characters" in words(soup.select_one("#panel-child-content-tell_followers-content"))


def test_nothing_is_noted_for_nobody(admin_client: Client, small_site: SmallSite) -> None:
    published(admin_client, small_site, CentrePageFactory(parent=small_site.centres))
    assert titles() == []


def test_a_publication_on_a_day_tells_on_that_day(
    admin_client: Client, small_site: SmallSite, centre: CentrePage
) -> None:
    page = published(admin_client, small_site, centre)
    page.go_live_at = timezone.now() + timedelta(days=1)
    page.notification = {"choice": "line", "line": "It is at six now."}
    page.save_revision().publish()
    assert titles() == ["Juggling"]
    revision = page.scheduled_revision
    passed = timezone.now() - timedelta(minutes=1)
    content = {**revision.content, "go_live_at": passed.isoformat()}
    page.revisions.filter(pk=revision.pk).update(approved_go_live_at=passed, content=content)
    assert publish_scheduled_content() == []
    assert titles() == ["Juggling", "Changed: Juggling"]


def test_a_draft_that_an_earlier_version_kept_is_understood(
    admin_client: Client, small_site: SmallSite, centre: CentrePage
) -> None:
    page = published(admin_client, small_site, centre)
    revision = page.save_revision()
    decided = {"choice": "line", "line": "It is at six now.", "page": page.pk}
    page.revisions.filter(pk=revision.pk).update(content={**revision.content, "telling": decided})
    page.revisions.get(pk=revision.pk).publish()
    assert titles() == ["Juggling", "Changed: Juggling"]


def test_an_approved_page_tells_when_it_is_approved(
    admin_client: Client, administrator: User, small_site: SmallSite, centre: CentrePage
) -> None:
    call_command("setup_groups", stdout=StringIO())
    editor = person_who_may("add", "change", at=small_site.news)
    client = signed_in(editor)
    url, data = news_form(client, small_site, centre)
    send(client, url, data, "submit")
    page = NewsPage.objects.get()
    assert (page.live, titles()) == (False, [])
    state = page.current_workflow_task_state
    approve = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
    assert admin_client.post(approve).status_code == 302
    assert NewsPage.objects.get().live
    assert titles() == ["Juggling"]
    assert Notice.objects.get().made_by == editor


@pytest.mark.database
def test_a_publication_is_kept_when_nobody_can_be_told(
    admin_client: Client, small_site: SmallSite, centre: CentrePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr("followers.signals.note_publication", fail)
        published(admin_client, small_site, centre)
    assert titles() == []
    notices.catch_up()
    notices.catch_up()
    assert titles() == ["Juggling"]


def test_what_was_published_two_days_ago_is_not_caught_up_with(
    admin_client: Client, small_site: SmallSite, centre: CentrePage
) -> None:
    page = published(admin_client, small_site, centre)
    PublishedFacts.objects.all().delete()
    Notice.objects.all().delete()
    NewsPage.objects.filter(pk=page.pk).update(last_published_at=timezone.now() - timedelta(days=2))
    notices.catch_up()
    assert titles() == []


def test_a_page_that_comes_back_tells_nothing_by_itself(
    admin_client: Client, small_site: SmallSite, centre: CentrePage
) -> None:
    page = published(admin_client, small_site, centre)
    page.unpublish()
    page.get_latest_revision_as_object().save_revision().publish()
    assert titles() == ["Juggling"]


def test_a_copied_page_tells_as_a_page_of_its_own(small_site: SmallSite, centre: CentrePage) -> None:
    page = NewsPageFactory(parent=small_site.news, centres=[centre])
    page.save_revision().publish()
    copy = page.copy(update_attrs={"slug": "copy", "title": "A copy"}, keep_live=False)
    copy.get_latest_revision().publish()
    assert titles() == [page.title, "A copy"]


def test_a_page_that_mirrors_another_tells_nothing(small_site: SmallSite, centre: CentrePage) -> None:
    page = NewsPageFactory(parent=small_site.news, centres=[centre])
    page.create_alias(update_slug="mirror")
    page.save_revision().publish()
    assert [notice.page_id for notice in Notice.objects.all()] == [page.pk]


def count_said(client: Client, url: str) -> str:
    return words(soup_of(client.get(url)).select_one("[data-follower-count]"))


def test_an_editor_reads_how_many_are_told_before_publishing(
    admin_client: Client, small_site: SmallSite, centre: CentrePage
) -> None:
    page = NewsPageFactory(parent=small_site.news, centres=[centre])
    assert count_said(admin_client, edit_url(page)) == "1 person follows what this is about."
    new = create_url(small_site.news, NewsPage)
    assert count_said(admin_client, new) == "Nobody follows what this is about yet, so nobody is told."
    FollowFactory.create(page=small_site.news)
    assert count_said(admin_client, new) == "1 person follows what this is about."
    assert count_said(admin_client, edit_url(page)) == "2 people follow what this is about."


@pytest.mark.database
def test_the_count_follows_what_the_editor_chooses(
    admin_client: Client, small_site: SmallSite, centre: CentrePage
) -> None:
    def counted(*about: Any) -> str:
        return str(admin_client.get(reverse("followers_count"), {"about": about}).json()["text"])

    FollowFactory.create(page=small_site.news)
    both = [small_site.news.pk, centre.pk]
    assert counted(small_site.news.pk) == "1 person follows what this is about."
    assert counted(*both) == "2 people follow what this is about."
    assert counted("x", "9" * 30, "-1", 0) == "Nobody follows what this is about yet, so nobody is told."
    # Who left, or gets no mail, and a page that not everyone may see, do not count.
    follow = FollowFactory.create(page=centre)
    type(follow.follower).objects.filter(pk=follow.follower.pk).update(paused_at=timezone.now())
    assert counted(*both) == "2 people follow what this is about."
    make_private(centre)
    assert counted(*both) == "1 person follows what this is about."


def test_only_editors_may_count(client: Client, small_site: SmallSite) -> None:
    response = client.get(reverse("followers_count"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("wagtailadmin_login"))


@pytest.mark.parametrize(("notification_choice", "expected"), [("", ["Testville: archery ended"]), ("nobody", [])])
def test_a_status_for_many_services_at_once_tells_unless_the_editor_says_nobody(
    admin_client: Client, small_site: SmallSite, centre: CentrePage, notification_choice: str, expected: list[str]
) -> None:
    service = ServicePageFactory(parent=small_site.services, title="Archery")
    page = CentreServicePageFactory(parent=centre, service=service, status="planned")
    page.save_revision().publish()
    Notice.objects.all().delete()
    address, asked = reverse("centres_change_status"), {"id": page.pk, "status": "ended"}
    soup = soup_of(admin_client.get(address, asked))
    assert words(soup.select_one(".bctt-notification-choice p")).startswith("1 person follows what this is about.")
    seen = soup.select_one("input[name=seen]")["value"]  # type: ignore[index]
    admin_client.post(address, {**asked, "seen": seen, "notification_choice": notification_choice})
    assert CentreServicePage.objects.get().status == "ended"
    assert titles() == expected


def test_the_panel_costs_the_form_the_same_queries_however_many_follow(
    admin_client: Client, small_site: SmallSite, centre: CentrePage, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    page = NewsPageFactory(parent=small_site.news, centres=[centre])
    admin_client.get(edit_url(page))
    with CaptureQueriesContext(connection) as few:
        admin_client.get(edit_url(page))
    for _ in range(5):
        FollowFactory.create(page=centre)
    with django_assert_max_num_queries(len(few)):
        admin_client.get(edit_url(page))


def test_every_form_counts_while_it_is_still_empty(
    admin_client: Client, small_site: SmallSite, centre: CentrePage
) -> None:
    forum, newsletter = ForumPageFactory(parent=small_site.forums), NewsletterPageFactory(parent=small_site.leaflets)
    for parent, model, number in (
        (small_site.news, NewsPage, "Nobody follows"),
        (forum, ForumUpdatePage, "Nobody follows"),
        (newsletter, NewsletterIssuePage, "Nobody follows"),
        (small_site.events, EventPage, "Nobody follows"),
        (centre, CentreServicePage, "1 person follows"),
        (small_site.centres, CentrePage, "Nobody follows"),
    ):
        assert count_said(admin_client, create_url(parent, model)).startswith(number), model


def test_a_copy_begins_with_a_decision_of_its_own(small_site: SmallSite, centre: CentrePage) -> None:
    page = NewsPageFactory(parent=small_site.news, centres=[centre])
    page.notification = {"choice": "nobody", "line": ""}
    page.save_revision().publish()
    copy = page.copy(update_attrs={"slug": "copy", "title": "A copy"}, keep_live=False)
    assert copy.get_latest_revision_as_object().notification is None
    copy.get_latest_revision().publish()
    assert titles() == ["A copy"]
