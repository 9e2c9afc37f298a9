"""What is news of each type of page, how it is said, and that only what is still true is told."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from centres.factories import CentrePageFactory, CentreServicePageFactory, MilestoneFactory, ServicePageFactory
from centres.models import CentrePage, CentreServicePage, MilestoneState, ServiceStatus, Stage
from core.dates import describe_day
from core.models import BasePage
from followers.changes import STATUS_IN_SUBJECT, announcement_of
from followers.factories import FollowFactory
from followers.items import item_of
from followers.models import Notice, PublishedFacts
from followers.notices import catch_up
from home.factories import SmallSite
from leaflets.factories import NewsletterIssuePageFactory, NewsletterPageFactory
from news.factories import ForumPageFactory, ForumUpdatePageFactory, NewsPageFactory
from testing.clocks import Clock
from testing.privacy import make_private
from whats_on.choices import DateState
from whats_on.models import EventDate, EventPage
from whats_on.tests.making import add_event, london


def publish(page: BasePage, **values: Any) -> BasePage:
    """Publish a page with these values as its form would; return it as it is then."""
    draft = page.get_latest_revision_as_object()
    for name, value in values.items():
        setattr(draft, name, value)
    draft.save_revision().publish()
    return type(page)._default_manager.get(pk=page.pk)


def said() -> list[tuple[str, list[str]]]:
    """Return what followers read now, newest last: subject and lines."""
    items = [item_of(notice) for notice in Notice.objects.order_by("pk")]
    return [(item.subject, item.lines) for item in items if item]


@pytest.fixture
def centre(small_site: SmallSite, clock: Clock) -> CentrePage:
    centre: CentrePage = CentrePageFactory(parent=small_site.centres, short_name="Testville", stage=Stage.BEING_BUILT)
    FollowFactory.create(page=centre)
    publish(centre)
    clock.advance(minutes=1)
    return CentrePage.objects.get(pk=centre.pk)


@pytest.fixture
def archery(small_site: SmallSite, centre: CentrePage) -> CentreServicePage:
    service = ServicePageFactory(parent=small_site.services, title="Archery")
    page = CentreServicePageFactory(parent=centre, service=service, status=ServiceStatus.TO_BE_CONFIRMED)
    publish(page)
    Notice.objects.all().delete()
    return CentreServicePage.objects.get(pk=page.pk)


def test_a_centre_that_is_new_is_not_announced(centre: CentrePage) -> None:
    assert said() == []


def test_a_status_is_told_from_what_to_what(archery: CentreServicePage) -> None:
    publish(archery, status=ServiceStatus.CONFIRMED, note="On Mondays.")
    ((subject, lines),) = said()
    assert subject == "Testville: archery now confirmed"
    assert lines[0] == "Until now: To be confirmed."
    assert lines[1].startswith("Now: Confirmed, not open yet. ")
    assert lines[2] == "On Mondays."


def test_a_service_at_a_centre_tells_who_follows_the_service(archery: CentreServicePage) -> None:
    publish(archery, status=ServiceStatus.CONFIRMED)
    topics = set(Notice.objects.get().topics.values_list("pk", flat=True))
    assert topics == {archery.service_id, archery.centre_id}


def test_an_available_service_at_a_centre_that_is_not_open_is_not_told_as_available(
    archery: CentreServicePage,
) -> None:
    # Its centre was open when somebody drafted it.
    publish(archery, status=ServiceStatus.CONFIRMED)
    Notice.objects.all().delete()
    draft = archery.get_latest_revision_as_object()
    draft.status = ServiceStatus.AVAILABLE
    draft.save_revision(clean=False).publish()
    assert said() == []


def test_every_status_has_words() -> None:
    assert set(STATUS_IN_SUBJECT) == set(ServiceStatus)


def test_a_name_in_capitals_keeps_them(small_site: SmallSite, centre: CentrePage) -> None:
    service = ServicePageFactory(parent=small_site.services, title="IAPT")
    publish(CentreServicePageFactory(parent=centre, service=service, status=ServiceStatus.PLANNED))
    assert [subject for subject, _ in said()] == ["Testville: IAPT now planned"]


def test_a_status_that_was_taken_back_is_not_told(archery: CentreServicePage) -> None:
    changed = publish(archery, status=ServiceStatus.CONFIRMED)
    publish(changed, status=ServiceStatus.TO_BE_CONFIRMED)
    assert [subject for subject, _ in said()] == ["Testville: archery now to be confirmed"]


def test_a_stage_is_told(centre: CentrePage) -> None:
    publish(centre, stage=Stage.OPEN)
    ((subject, lines),) = said()
    assert subject == "Testville: open"
    assert lines[0] == "Until now: Being built, not open yet."


def test_a_notice_is_told_with_its_end(centre: CentrePage, clock: Clock) -> None:
    last = timezone.localdate() + timedelta(days=3)
    publish(centre, notice="Bring <b>clubs</b>.\nAnd balls.", notice_ends_on=last)
    assert said() == [
        (
            "Testville: new notice",
            ["Bring <b>clubs</b>.", "And balls.", f"This notice is for the time until {describe_day(last)}."],
        )
    ]
    clock.advance(days=4)
    assert said() == []


def test_a_notice_that_goes_is_not_told(centre: CentrePage) -> None:
    changed = publish(centre, notice="Bring clubs.", notice_ends_on=timezone.localdate())
    Notice.objects.all().delete()
    publish(changed, notice="", notice_ends_on=None)
    assert said() == []


def with_milestone(centre: CentrePage) -> CentrePage:
    draft = centre.get_latest_revision_as_object()
    draft.milestones.add(MilestoneFactory.build(title="Doors open", date=london(2026, 7, 1).date()))
    draft.save_revision().publish()
    Notice.objects.all().delete()
    return CentrePage.objects.get(pk=centre.pk)


def publish_milestone(centre: CentrePage, **values: Any) -> None:
    draft = centre.get_latest_revision_as_object()
    (milestone,) = draft.milestones.all()
    for name, value in values.items():
        setattr(milestone, name, value)
    draft.milestones.add(milestone)
    draft.save_revision().publish()


def test_a_milestone_that_is_late_is_told_with_both_dates_and_the_reason(centre: CentrePage) -> None:
    values = {"date": london(2026, 9, 29).date(), "state": MilestoneState.DELAYED, "change_reason": "No clubs came."}
    publish_milestone(with_milestone(centre), **values)
    assert said() == [
        (
            "Testville: delayed – Doors open",
            ["Date before: 1 July 2026.", "New date: 29 September 2026.", "Why: No clubs came."],
        )
    ]


def test_a_milestone_that_is_done_is_told(centre: CentrePage) -> None:
    values = {"date": london(2026, 5, 1).date(), "state": MilestoneState.DONE, "change_reason": "It went well."}
    publish_milestone(with_milestone(centre), **values)
    assert said() == [("Testville: done – Doors open", ["Done: 1 May 2026.", "Why: It went well."])]


def test_another_name_of_a_milestone_is_not_told(centre: CentrePage) -> None:
    publish_milestone(with_milestone(centre), title="The doors open")
    assert said() == []


@pytest.mark.database
def test_two_changes_of_one_publication_are_one_mail(centre: CentrePage) -> None:
    publish(centre, stage=Stage.OPEN, notice="Bring clubs.", notice_ends_on=timezone.localdate())
    ((subject, lines),) = said()
    assert subject == "Testville: open (and 1 more)"
    assert "Testville: open." in lines
    assert "Testville: new notice." in lines
    assert "Bring clubs." in lines


@pytest.fixture
def event(small_site: SmallSite, centre: CentrePage) -> EventPage:
    event = add_event(small_site.events, "Drop-in", london(2026, 6, 1), london(2026, 6, 8), centre=centre)
    publish(event)
    return EventPage.objects.get(pk=event.pk)


@pytest.mark.database
def test_an_event_is_announced_with_when_and_where(event: EventPage, centre: CentrePage) -> None:
    ((subject, lines),) = said()
    assert subject == "Event: Drop-in"
    assert lines[0] == "When: Monday 1 June 2026, 2pm to 4pm"
    assert any(line.startswith("Where: ") and "Testville" in line for line in lines)
    assert lines[-1] == event.summary


def change_date(event: EventPage, number: int = 0, **values: Any) -> None:
    Notice.objects.all().delete()
    draft = event.get_latest_revision_as_object()
    date = sorted(draft.dates.all(), key=lambda each: each.starts_at)[number]
    for name, value in values.items():
        setattr(date, name, value)
    draft.dates.add(date)
    draft.save_revision().publish()


def test_a_date_that_moves_is_told(event: EventPage) -> None:
    change_date(event, starts_at=london(2026, 6, 2), ends_at=london(2026, 6, 2, 16), note="The hall is taken.")
    ((subject, lines),) = said()
    assert subject == "Moved to 2 June 2026: Drop-in"
    assert "New date: Tuesday 2 June 2026, 2pm to 4pm." in lines
    assert lines[-1] == "The hall is taken."


def test_a_date_that_is_cancelled_is_told(event: EventPage) -> None:
    change_date(event, 1, state=DateState.CANCELLED, note="Nobody can come.")
    assert said() == [
        (
            "Cancelled on 8 June 2026: Drop-in",
            ["The date Monday 8 June 2026, 2pm to 4pm is cancelled.", "Nobody can come."],
        )
    ]


def test_an_event_that_is_cancelled_is_told(event: EventPage) -> None:
    Notice.objects.all().delete()
    publish(event, is_cancelled=True, cancelled_note="It rains.")
    ((subject, lines),) = said()
    assert subject == "Cancelled: Drop-in"
    assert lines[0] == "It rains."
    assert lines[1] == "It would have been on Monday 1 June 2026, 2pm to 4pm."


def test_what_is_over_is_not_told(event: EventPage, clock: Clock) -> None:
    clock.advance(days=60)
    change_date(event, starts_at=london(2026, 6, 3), ends_at=london(2026, 6, 3, 16))
    publish(event, is_cancelled=True, cancelled_note="It rains.")
    assert said() == []


def test_an_event_that_is_over_is_not_announced(small_site: SmallSite, centre: CentrePage) -> None:
    publish(add_event(small_site.events, "Old", london(2026, 4, 1), centre=centre))
    assert said() == []


@pytest.mark.database
def test_a_forum_update_a_news_item_and_an_issue_are_announced(small_site: SmallSite, centre: CentrePage) -> None:
    forum = ForumPageFactory(parent=small_site.forums, title="Jugglers’ Forum", centres=[centre])
    newsletter = NewsletterPageFactory(parent=small_site.leaflets, title="The Juggler")
    FollowFactory.create(page=newsletter)
    publish(ForumUpdatePageFactory(parent=forum, title="We met", summary="And we threw."))
    publish(NewsPageFactory(parent=small_site.news, title="Clubs came", summary="Six of them.", centres=[centre]))
    publish(NewsletterIssuePageFactory(parent=newsletter, title="Issue 6"))
    assert [subject for subject, _ in said()] == ["Jugglers’ Forum: We met", "Clubs came", "The Juggler: Issue 6"]
    assert said()[0][1] == ["And we threw."]


@pytest.mark.parametrize("gone", ["unpublished", "private", "below a private page", "deleted"])
def test_what_not_everyone_may_read_is_not_told(small_site: SmallSite, centre: CentrePage, gone: str) -> None:
    page = NewsPageFactory(parent=small_site.news, centres=[centre])
    publish(page)
    assert len(said()) == 1
    if gone == "unpublished":
        page.unpublish()
    elif gone == "private":
        make_private(page)
    elif gone == "below a private page":
        make_private(small_site.news)
    else:
        page.delete()
    assert said() == []


def test_a_service_at_a_centre_whose_centre_is_hidden_is_not_told(archery: CentreServicePage) -> None:
    publish(archery, status=ServiceStatus.CONFIRMED)
    archery.centre.unpublish()
    assert said() == []


def test_a_topic_that_is_private_is_not_named(small_site: SmallSite, centre: CentrePage) -> None:
    other = CentrePageFactory(parent=small_site.centres, title="Secret centre")
    publish(NewsPageFactory(parent=small_site.news, centres=[centre, other]))
    make_private(other)
    item = item_of(Notice.objects.get())
    assert item is not None
    assert set(item.topics.values()) == {centre.title, "All news"}


def test_a_subject_is_one_line_whatever_a_title_holds(small_site: SmallSite, centre: CentrePage) -> None:
    publish(NewsPageFactory(parent=small_site.news, title="Two\r\nBcc: x@example.com 🤹", centres=[centre]))
    assert [subject for subject, _ in said()] == ["Two Bcc: x@example.com 🤹"]


def test_a_notice_that_was_corrected_is_told_as_it_is_now(centre: CentrePage) -> None:
    changed = publish(centre, notice="The lift is brokn. Ring Jane.", notice_ends_on=timezone.localdate())
    corrected = {"choice": "nobody", "line": ""}
    publish(changed, notice="The lift is broken.", notification=corrected)
    ((subject, lines),) = said()
    assert subject == "Testville: new notice"
    assert lines[0] == "The lift is broken."


def test_a_change_that_was_changed_again_is_told_once(archery: CentreServicePage) -> None:
    changed = publish(archery, status=ServiceStatus.PLANNED)
    publish(changed, status=ServiceStatus.CONFIRMED)
    assert [subject for subject, _ in said()] == ["Testville: archery now confirmed"]


def test_the_first_change_of_a_page_from_before_anybody_could_follow_is_told(archery: CentreServicePage) -> None:
    PublishedFacts.objects.all().delete()
    CentreServicePage.objects.update(last_published_at=timezone.now() - timedelta(days=9))
    catch_up()
    assert said() == []
    publish(archery, status=ServiceStatus.CONFIRMED)
    assert [subject for subject, _ in said()] == ["Testville: archery now confirmed"]


@pytest.mark.parametrize("hide", [lambda page: page.unpublish(), make_private])
def test_the_centre_of_an_event_is_not_named_while_it_is_hidden(
    small_site: SmallSite, centre: CentrePage, hide: Any
) -> None:
    secret = CentrePageFactory(parent=small_site.centres, short_name="Secretville")
    event = add_event(small_site.events, "Drop-in", london(2026, 6, 1), centre=secret, place="")
    assert "Secretville" in "".join(announcement_of(event).lines)
    hide(secret)
    assert "Secretville" not in "".join(announcement_of(EventPage.objects.get()).lines)


def test_a_place_that_changes_is_told(event: EventPage) -> None:
    Notice.objects.all().delete()
    publish(event, place="Village hall", postcode="ZZ1 1ZZ")
    ((subject, lines),) = said()
    assert subject == "New place or way to take part: Drop-in"
    assert lines == ["Until now: Testville Hall.", "Now: Village hall, ZZ1 1ZZ."]


def test_an_end_that_changes_is_told(event: EventPage) -> None:
    change_date(event, ends_at=london(2026, 6, 1, 15))
    assert said() == [("New end on 1 June 2026: Drop-in", ["Now: Monday 1 June 2026, 2pm to 3pm."])]


def test_a_date_that_is_added_is_told_and_so_is_one_that_is_taken_out(event: EventPage) -> None:
    Notice.objects.all().delete()
    draft = event.get_latest_revision_as_object()
    date = EventDate(starts_at=london(2026, 6, 15), ends_at=london(2026, 6, 15, 16))
    draft.dates.add(date)
    draft.save_revision().publish()
    assert said() == [("Date added, 15 June 2026: Drop-in", ["When: Monday 15 June 2026, 2pm to 4pm"])]
    Notice.objects.all().delete()
    draft = EventPage.objects.get().get_latest_revision_as_object()
    draft.dates.remove(next(each for each in draft.dates.all() if each.key == date.key))
    draft.save_revision().publish()
    assert said() == [("Not on 15 June 2026: Drop-in", ["It no longer takes place on 15 June 2026."])]


def test_a_date_that_was_cancelled_and_is_on_again_is_told(event: EventPage) -> None:
    change_date(event, state=DateState.CANCELLED, note="It rains.")
    change_date(EventPage.objects.get(), state=DateState.PLANNED, note="The sun is out.")
    assert said() == [
        (
            "On again on 1 June 2026: Drop-in",
            ["It takes place after all: Monday 1 June 2026, 2pm to 4pm.", "The sun is out."],
        )
    ]


def test_an_event_that_is_on_again_is_told(event: EventPage) -> None:
    changed = publish(event, is_cancelled=True, cancelled_note="It rains.")
    Notice.objects.all().delete()
    publish(changed, is_cancelled=False, cancelled_note="")
    assert [subject for subject, _ in said()] == ["On again: Drop-in"]


def test_only_an_event_with_no_date_left_is_called_cancelled(event: EventPage) -> None:
    change_date(event, 0, state=DateState.CANCELLED, note="It rains.")
    assert [subject for subject, _ in said()] == ["Cancelled on 1 June 2026: Drop-in"]
    change_date(EventPage.objects.get(), 1, state=DateState.CANCELLED, note="It rains.")
    assert [subject for subject, _ in said()] == ["Cancelled: Drop-in"]


def test_what_an_earlier_release_noted_of_dates_is_understood(event: EventPage) -> None:
    PublishedFacts.objects.filter(page=event).update(
        facts={"cancelled": "", **{f"date {each.key}": each.starts_at.isoformat() for each in event.dates.all()}}
    )
    change_date(event, 1, state=DateState.CANCELLED, note="It rains.")
    assert [subject for subject, _ in said()] == ["Cancelled on 8 June 2026: Drop-in"]


def test_a_milestone_that_is_added_is_told(centre: CentrePage) -> None:
    draft = centre.get_latest_revision_as_object()
    draft.milestones.add(MilestoneFactory.build(title="Doors open", date=london(2026, 7, 1).date()))
    draft.save_revision().publish()
    ((subject, lines),) = said()
    assert subject == "Testville: new milestone – Doors open"
    assert lines[0].startswith("Doors open: 1 July 2026 (")


def test_other_spaces_are_not_told(centre: CentrePage) -> None:
    changed = publish(centre, notice="Bring clubs. And balls.", notice_ends_on=timezone.localdate())
    Notice.objects.all().delete()
    publish(changed, notice="Bring  clubs.\r\n\r\nAnd balls. ")
    assert said() == []
