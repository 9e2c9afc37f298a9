"""A copy of a centre takes over its words and none of its facts, whatever is ticked."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from centres.factories import (
    CentrePageFactory,
    CentreServicePageFactory,
    MilestoneFactory,
    PartnerFactory,
    RolePageFactory,
    ServicePageFactory,
)
from centres.models import CentrePage, CentreServicePage, ServiceStatus, Stage
from centres.tests.opening_blocks import nine_to_five
from home.factories import SmallSite
from testing.html import read

pytestmark = pytest.mark.database

FACTS = {
    "hours": nine_to_five(),
    "telephone": "01632 960001",
    "email": "centre@example.org",
    "address": "1 Test Street",
    "postcode": "RM19 1SX",
    "notice": "The lift is broken.",
    "notice_ends_on": date(2126, 1, 1),
    "expected_opening": date(2126, 1, 1),
    "checked_on": date(2020, 9, 29),
    "said_on": {"stage": "2020-09-29"},
}


@pytest.fixture
def centre(small_site: SmallSite) -> CentrePage:
    page: CentrePage = CentrePageFactory(parent=small_site.centres, short_name="Testville", stage=Stage.OPEN, **FACTS)
    MilestoneFactory(centre=page)
    PartnerFactory(centre=page)
    service = CentreServicePageFactory(
        parent=page,
        service=ServicePageFactory(parent=small_site.services, title="Juggling"),
        status=ServiceStatus.AVAILABLE,
        telephone="01632 960002",
        hours=nine_to_five(),
        note="Bring three balls.",
        checked_on=date(2020, 9, 29),
    )
    service.roles.add(RolePageFactory(parent=small_site.roles))
    service.save()
    for each in (page, service):
        each.save_revision().publish()
    page.refresh_from_db()
    return page


def copy_by_form(client: Client, centre: CentrePage, **ticked: str) -> CentrePage:
    data = {"new_title": "Copy", "new_slug": "copy", "new_parent_page": centre.get_parent().pk, **ticked}
    assert client.post(reverse("wagtailadmin_pages:copy", args=[centre.pk]), data).status_code == 302
    copied: CentrePage = CentrePage.objects.get(slug="copy")
    return copied


def assert_without_facts(copied: CentrePage) -> None:
    draft = copied.get_latest_revision_as_object()
    for page in (copied, draft):
        assert not page.live
        assert page.alias_of_id is None
        assert page.stage == Stage.PROPOSED
        assert {name: getattr(page, name) for name in FACTS if getattr(page, name)} == {}
        assert [*page.milestones.all(), *page.partners.all()] == []
        assert page.summary == "The centre in Testville."


def test_everything_ticked_a_copy_is_a_draft_without_facts(admin_client: Client, centre: CentrePage) -> None:
    ticked = {"copy_subpages": "on", "publish_copies": "on", "alias": "on"}
    copied = copy_by_form(admin_client, centre, **ticked)
    assert_without_facts(copied)
    [service] = CentreServicePage.objects.child_of(copied)
    for page in (service, service.get_latest_revision_as_object()):
        assert not page.live
        assert (page.title, page.status) == ("Juggling", ServiceStatus.TO_BE_CONFIRMED)
        assert [page.telephone, page.note, page.checked_on, page.said_on, *page.hours, *page.roles.all()] == [
            *("", "", None, {}),
        ]


def test_old_versions_of_a_copy_have_no_facts_either(admin_client: Client, centre: CentrePage) -> None:
    copied = copy_by_form(admin_client, centre)
    for revision in copied.revisions.all():
        assert revision.content["telephone"] == ""
        assert revision.content["milestones"] == []


def test_the_form_does_not_offer_to_publish_or_mirror_a_centre(admin_client: Client, centre: CentrePage) -> None:
    soup = read(admin_client, reverse("wagtailadmin_pages:copy", args=[centre.pk]))
    assert {"publish_copies", "alias"}.isdisjoint(each.get("name") for each in soup.select("input"))
    assert soup.select_one("input[name=copy_subpages]")


def test_a_program_copies_no_facts_either(centre: CentrePage) -> None:
    assert_without_facts(centre.copy(update_attrs={"title": "Copy", "slug": "copy"}, recursive=True, keep_live=True))


@pytest.mark.parametrize("name", ["home", "centres"])
def test_what_is_above_the_centres_cannot_be_copied(
    admin_client: Client, small_site: SmallSite, centre: CentrePage, name: str
) -> None:
    above: Any = getattr(small_site, name)
    data = {
        "new_title": "Copy",
        "new_slug": "copy",
        "new_parent_page": above.get_parent().pk,
        "copy_subpages": "on",
        "publish_copies": "on",
    }
    admin_client.post(reverse("wagtailadmin_pages:copy", args=[above.pk]), data)
    assert not Page.objects.filter(slug="copy").exists()
