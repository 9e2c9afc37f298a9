"""What an editor is asked to do: each kind, only what is his or her own, and never more queries for more content."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, Page

from centres.factories import CentrePageFactory, CentreServicePageFactory, ServicePageFactory
from centres.models import CentrePage, CentreServicePage, ServiceStatus, Stage
from centres.tests.opening_blocks import nine_to_five
from core.factories import AlertFactory, SiteDocumentFactory
from core.models import SiteImage
from editors.dashboard import KINDS, ToDoItem, to_do
from editors.groups import set_up_groups
from home.factories import ContentPageFactory, SmallSite
from leaflets.models import DocumentReading, ReadingState
from news.factories import NewsPageFactory
from testing.checks import say_all_was_checked
from testing.people import member_of
from users.factories import AdministratorFactory
from users.models import User
from whats_on.factories import EventDateFactory, EventPageFactory

pytestmark = pytest.mark.database

LONG_AGO = date(2020, 9, 29)


@pytest.fixture
def centres(small_site: SmallSite) -> tuple[CentrePage, CentrePage]:
    own = CentrePageFactory(parent=small_site.centres, short_name="Testville", title="Testville centre")
    other = CentrePageFactory(parent=small_site.centres, short_name="Otherville", title="Otherville centre")
    set_up_groups()
    return own, other


@pytest.fixture
def editor(centres: tuple[CentrePage, CentrePage]) -> User:
    return member_of("Testville editors")


def items(user: User, kind: str) -> list[ToDoItem]:
    # Somebody's rights are kept with the user while a request lasts.
    return to_do(User.objects.get(pk=user.pk), kind).items


def titles(user: User, kind: str) -> list[str]:
    return [item.title for item in items(user, kind)]


def offer(site: SmallSite, centre: CentrePage, title: str, **fields: Any) -> CentreServicePage:
    service = ServicePageFactory(parent=site.services, title=title)
    page: CentreServicePage = CentreServicePageFactory(parent=centre, service=service, **fields)
    return page


def test_pages_due_a_check_come_longest_first_each_editor_seeing_his_own(
    small_site: SmallSite, centres: tuple[CentrePage, CentrePage], editor: User
) -> None:
    say_all_was_checked(timezone.localdate())
    own, other = centres
    offer(small_site, own, "Juggling", checked_on=LONG_AGO)
    offer(small_site, own, "Trapeze", checked_on=LONG_AGO - timedelta(days=1))
    offer(small_site, own, "Clowning", checked_on=timezone.localdate())
    offer(small_site, own, "Fire", checked_on=LONG_AGO, live=False)
    offer(small_site, other, "Knives", checked_on=LONG_AGO)
    assert titles(editor, "checks") == ["Trapeze (Testville centre)", "Juggling (Testville centre)"]
    assert items(editor, "checks")[1].detail == "Last checked 29 September 2020"
    everybodys = [title for title in titles(AdministratorFactory.create(), "checks") if title.endswith("centre)")]
    assert everybodys == ["Trapeze (Testville centre)", "Juggling (Testville centre)", "Knives (Otherville centre)"]


def test_a_page_that_nobody_ever_checked_is_due_at_once_and_before_all_others(
    small_site: SmallSite, centres: tuple[CentrePage, CentrePage], editor: User
) -> None:
    say_all_was_checked(timezone.localdate())
    offer(small_site, centres[0], "Trapeze", checked_on=LONG_AGO)
    offer(small_site, centres[0], "Juggling")
    NewsPageFactory(parent=small_site.news)
    EventPageFactory(parent=small_site.events)
    found = [(item.title, item.detail) for item in items(editor, "checks")]
    assert found == [
        ("Juggling (Testville centre)", "Never checked"),
        ("Trapeze (Testville centre)", "Last checked 29 September 2020"),
    ]
    # What tells of one day says so itself. The two services are described nowhere else than in the A to Z.
    everybodys = set(titles(AdministratorFactory.create(), "checks"))
    assert everybodys == {"Juggling (Services)", "Trapeze (Services)", *(title for title, _ in found)}


def test_a_decision_whose_day_has_passed_or_that_has_waited_long_is_due(
    small_site: SmallSite, centres: tuple[CentrePage, CentrePage], editor: User
) -> None:
    own, other = centres
    past = {"decision_expected": date(2021, 5, 1), "decision_expected_precision": "month"}
    offer(small_site, own, "Late", status=ServiceStatus.PLANNED, **past)
    offer(small_site, own, "Fresh", status=ServiceStatus.TO_BE_CONFIRMED)
    stale = offer(small_site, own, "Stale", status=ServiceStatus.TO_BE_CONFIRMED)
    offer(small_site, own, "Decided", status=ServiceStatus.CONFIRMED, **past)
    offer(small_site, other, "Foreign", status=ServiceStatus.PLANNED, **past)
    Page.objects.filter(pk=stale.pk).update(last_published_at=timezone.now() - timedelta(days=100))
    found = {item.title: item.detail for item in items(editor, "undecided")}
    assert set(found) == {"Late at Testville", "Stale at Testville"}
    assert found["Late at Testville"] == "A decision was expected May 2021"


def test_what_ends_within_a_week_is_said_to_those_who_may_prolong_it(
    centres: tuple[CentrePage, CentrePage], editor: User
) -> None:
    for centre in centres:
        centre.notice, centre.notice_ends_on = "Lift broken", timezone.localdate() + timedelta(days=2)
        centre.save()
    now = timezone.now()
    AlertFactory(title="Ends soon", starts_at=now - timedelta(days=1), ends_at=now + timedelta(days=1))
    AlertFactory(title="Ends later", starts_at=now - timedelta(days=1), ends_at=now + timedelta(days=30))
    AlertFactory(title="Has ended", starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=1))
    assert titles(editor, "endings") == ["Testville centre"]
    assert titles(AdministratorFactory.create(), "endings") == ["Ends soon", "Testville centre", "Otherville centre"]


def test_drafts_wait_until_they_are_published(
    small_site: SmallSite, centres: tuple[CentrePage, CentrePage], editor: User
) -> None:
    own, other = centres
    page = offer(small_site, own, "Juggling")
    for each in (page, offer(small_site, other, "Knives")):
        each.note = "New"
        each.save_revision()
    assert titles(editor, "drafts") == ["Juggling (Testville centre)"]
    assert items(editor, "drafts")[0].detail.startswith("Changes are not published, last saved ")
    page.get_latest_revision().publish()
    assert titles(editor, "drafts") == []


def test_an_open_centre_is_asked_about_each_bank_holiday(
    centres: tuple[CentrePage, CentrePage], editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_: date(2026, 12, 1))
    for centre in centres:
        centre.stage, centre.hours = Stage.OPEN, nine_to_five()
        centre.save()
    [asked] = items(editor, "bank-holidays")
    assert asked.title == "Testville centre"
    assert asked.detail.startswith("Is it open? Christmas Day (25 December 2026), ")
    assert asked.url.endswith("#tab-visit_and_hours")


def test_an_event_that_is_over_asks_what_happened(small_site: SmallSite) -> None:
    user = AdministratorFactory.create()
    yesterday = timezone.now() - timedelta(days=1)
    spans = {"starts_at": yesterday, "ends_at": yesterday + timedelta(hours=1)}
    told, off = {"recap": [("text", "<p>Good.</p>")]}, {"is_cancelled": True, "cancelled_note": "Rain"}
    for title, fields in (("Over", {}), ("Told", told), ("Off", off)):
        EventDateFactory(event=EventPageFactory(parent=small_site.events, title=title, **fields), **spans)
    later = timezone.now() + timedelta(days=1)
    coming = EventPageFactory(parent=small_site.events, title="Coming")
    EventDateFactory(event=coming, starts_at=later, ends_at=later + timedelta(hours=1))
    assert titles(user, "recaps") == ["Over"]


def test_files_and_pictures_are_shown_to_those_whose_they_are(
    centres: tuple[CentrePage, CentrePage], editor: User
) -> None:
    for name in ("Testville", "Otherville"):
        collection = Collection.objects.get(name=name)
        document = SiteDocumentFactory(title=f"{name} file", collection=collection)
        found = {"state": ReadingState.READ, "problems": ["scan"]}
        DocumentReading.objects.update_or_create(document=document, defaults=found)
        for description in ("", "A juggler"):
            title = f"{name} picture{description}"
            SiteImage.objects.create(
                title=title, file=get_test_image_file(), collection=collection, description=description
            )
    assert titles(editor, "pdfs") == ["Testville file"]
    assert titles(editor, "images") == ["Testville picture"]


def test_links_that_lead_nowhere_are_shown_to_those_who_may_mend_them(
    small_site: SmallSite, centres: tuple[CentrePage, CentrePage], editor: User
) -> None:
    target = ContentPageFactory(parent=small_site.home, title="Gone")
    for centre in centres:
        centre.parking = f'<p><a linktype="page" id="{target.pk}">Where to park</a></p>'
        centre.save_revision().publish()
    assert titles(editor, "dead-links") == []
    target.delete()
    [item] = items(editor, "dead-links")
    assert (item.title, item.button) == ("Testville centre", "Mend")
    assert item.detail == "“Where to park”: The page was deleted"
    assert len(titles(AdministratorFactory.create(), "dead-links")) == 2


def test_the_dashboard_shows_the_first_few_with_a_way_to_the_rest(
    client: Client, small_site: SmallSite, centres: tuple[CentrePage, CentrePage], editor: User
) -> None:
    say_all_was_checked(timezone.localdate())
    for number in range(7):
        offer(small_site, centres[0], f"Service {number}", checked_on=LONG_AGO)
    client.force_login(editor)
    html = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "Your centre: what Testville needs" in html
    assert html.count("Still correct<span") == 5
    assert f'<a href="{reverse("editors_to_do", args=["checks"])}">See 2 more' in html
    full = client.get(reverse("editors_to_do", args=["checks"])).content.decode()
    assert full.count("Still correct<span") == 7


def test_with_nothing_to_do_it_says_so(client: Client, small_site: SmallSite) -> None:
    set_up_groups()
    say_all_was_checked(timezone.localdate())
    client.force_login(AdministratorFactory.create())
    assert "There is nothing to do." in client.get(reverse("wagtailadmin_home")).content.decode()
    for kind in KINDS:
        html = client.get(reverse("editors_to_do", args=[kind])).content.decode()
        assert "There is nothing of this kind to do." in html
    assert client.get(reverse("editors_to_do", args=["nothing"])).status_code == 404


def test_the_dashboard_takes_as_many_queries_with_much_as_with_little(
    client: Client, small_site: SmallSite, centres: tuple[CentrePage, CentrePage], editor: User
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("wagtailadmin_home")).status_code == 200
        return len(queries)

    late = {"decision_expected": date(2021, 5, 1), "status": ServiceStatus.PLANNED, "checked_on": LONG_AGO}
    for number in range(2):
        offer(small_site, centres[0], f"Service {number}", **late)
    client.force_login(editor)
    count()
    before = count()
    for number in range(2, 30):
        offer(small_site, centres[0], f"Service {number}", **late)
    assert count() == before
