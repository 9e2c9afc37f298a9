"""The editors' lists across the centres: what is in them, who sees what, and that nothing gets around page rights."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from centres.bulk.plans import pages_to_change
from centres.factories import (
    CentrePageFactory,
    CentreServicePageFactory,
    MilestoneFactory,
    PartnerFactory,
    ServicePageFactory,
)
from centres.models import CentreServicePage, Milestone, ServiceStatus
from centres.tests.across import (
    ADD,
    GRID,
    IMPORT,
    LIST,
    MILESTONES,
    PARTNERS,
    STATUS,
    Two,
    exported,
    many,
    queries_of,
    two_centres,
)
from core.dates import add_months
from home.factories import SmallSite
from testing.html import read, words
from testing.page_checks import assert_refused
from testing.people import person_who_may, signed_in
from users.models import User


@pytest.fixture
def two(small_site: SmallSite) -> Two:
    return two_centres(small_site)


def rows(client: Client, name: str = LIST, query: str = "") -> list[list[str]]:
    """Return the words of each row's cells, without what the buttons say."""
    return cells(read(client, reverse(name) + query))


def cells(soup: BeautifulSoup) -> list[list[str]]:
    for actions in soup.select("ul.actions"):
        actions.decompose()
    return [[words(cell) for cell in row.find_all("td")] for row in soup.select("table.listing tbody tr")]


def places(client: Client, query: str = "") -> list[str]:
    return [f"{row[1]} at {row[2]}" for row in rows(client, LIST, query)]


def change_draft(page: CentreServicePage, **values: object) -> None:
    draft = page.get_latest_revision_as_object()
    for name, value in values.items():
        setattr(draft, name, value)
    draft.save_revision()


@pytest.mark.parametrize("name", [LIST, ADD, MILESTONES, PARTNERS, GRID, IMPORT, STATUS])
def test_only_those_who_may_change_something_at_a_centre_get_in(two: Two, name: str) -> None:
    url = reverse(name) + (f"?id={two.archery_here.pk}" if name == STATUS else "")
    stranger = Client().get(url)
    assert stranger.status_code == 302
    assert stranger["Location"].startswith(reverse("wagtailadmin_login"))
    assert_refused(signed_in(person_who_may()), url)
    assert_refused(signed_in(person_who_may("change", at=two.archery)), url)
    assert_refused(signed_in(person_who_may("publish", at=two.here)), url)
    for permissions in (("change",), ("add", "change")):
        response = signed_in(person_who_may(*permissions, at=two.here)).get(url)
        assert response.status_code == (302 if name == ADD and "add" in permissions else 200)


@pytest.mark.parametrize(("name", "mine"), [(LIST, "Archery"), (MILESTONES, "My stone"), (PARTNERS, "My partner")])
def test_an_editor_of_one_centre_sees_nothing_of_another(two: Two, name: str, mine: str) -> None:
    for centre, word in ((two.here, "My"), (two.there, "Their")):
        MilestoneFactory(centre=centre, title=f"{word} stone")
        PartnerFactory(centre=centre, name=f"{word} partner")
    client = signed_in(person_who_may("change", at=two.here))

    soup = read(client, reverse(name))

    said = words(soup.main)
    assert mine in said
    assert "Thereville" not in said
    assert "Their" not in said
    count = 2 if name == LIST else 1
    assert f"{count} out of {count}" in said
    assert rows(client, name, f"?centre={two.there.pk}") == rows(client, name)


def test_an_editor_of_one_centre_exports_nothing_of_another(two: Two, admin_client: Client) -> None:
    client = signed_in(person_who_may("change", at=two.here))
    assert {row["Centre"] for row in exported(client)} == {"Hereville"}
    assert {row["Centre"] for row in exported(client, centre=two.there.pk)} == {"Hereville"}
    assert {row["Centre"] for row in exported(admin_client)} == {"Hereville", "Thereville"}


def test_somebody_with_the_right_to_one_service_sees_that_one(two: Two) -> None:
    client = signed_in(person_who_may("change", at=two.bowling_there))
    assert places(client) == ["Bowling at Thereville"]
    assert "Hereville" not in words(read(client, reverse(LIST)).main)
    assert not rows(client, MILESTONES)


def test_rights_of_modeladmins_own_open_nothing(two: Two) -> None:
    person = person_who_may()
    person.user_permissions.set(Permission.objects.filter(content_type__app_label="centres"))
    for name in (LIST, MILESTONES, PARTNERS):
        assert_refused(signed_in(person), reverse(name))


def test_modeladmin_offers_no_screen_but_the_lists() -> None:
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str) and "modeladmin" in name}
    assert names == {LIST, ADD, MILESTONES, PARTNERS}


@pytest.mark.parametrize("action", ["create", "edit", "delete", "inspect", "history"])
@pytest.mark.parametrize("kind", ["centreservicepage", "milestone", "partner", "services", "milestones", "partners"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_address_of_modeladmins_changes_nothing(
    admin_client: Client, two: Two, kind: str, action: str, method: str
) -> None:
    MilestoneFactory(centre=two.there)
    for key in (two.archery_there.pk, Milestone.objects.get().pk):
        url = f"/admin/centres/{kind}/{action}/" + ("" if action == "create" else f"{key}/")
        assert getattr(admin_client, method)(url).status_code == 404


def test_the_buttons_lead_to_wagtails_editor_which_refuses_a_foreign_centre(two: Two) -> None:
    MilestoneFactory(centre=two.here, title="Foundation stone")
    client = signed_in(person_who_may("change", at=two.here))
    for name, page in ((LIST, two.archery_here), (MILESTONES, two.here)):
        links = [str(link["href"]) for link in read(client, reverse(name)).select("table.listing a[href*=edit]")]
        edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
        assert any(link.startswith(f"{edit}?next=") for link in links)
        assert client.get(edit).status_code == 200
        assert not any(word in link for link in links for word in ("delete", "copy", "unpublish"))
    assert_refused(client, reverse("wagtailadmin_pages:edit", args=[two.there.pk]))
    assert_refused(client, reverse("wagtailadmin_pages:edit", args=[two.archery_there.pk]))


def test_adding_leads_to_add_services_of_the_centre_chosen(admin_client: Client, two: Two) -> None:
    links = [str(link["href"]) for link in read(admin_client, reverse(ADD)).select("main a[href*=add-services]")]
    assert links == [reverse("centres_add_services", args=[centre.pk]) for centre in (two.here, two.there)]


def test_adding_leads_straight_on_where_there_is_one_centre(two: Two) -> None:
    client = signed_in(person_who_may("add", "change", at=two.there))
    assert client.get(reverse(ADD))["Location"] == reverse("centres_add_services", args=[two.there.pk])


@pytest.mark.database
def test_the_status_is_what_was_entered_and_what_residents_see_if_that_is_something_else(
    admin_client: Client, two: Two
) -> None:
    change_draft(two.bowling_here, status="ended")
    CentreServicePage.objects.filter(pk=two.archery_there.pk).update(status="available")
    CentreServicePage.objects.filter(pk=two.bowling_there.pk).update(live=False)

    assert {(row[1], row[2]): row[3] for row in rows(admin_client)} == {
        ("Archery", "Hereville"): "Offered here",
        ("Bowling", "Hereville"): "Ended. Residents see “Planned, not open yet”.",
        ("Archery", "Thereville"): "Offered here. Residents see “Confirmed, not open yet”.",
        ("Bowling", "Thereville"): "Planned",
    }
    assert places(admin_client, "?status=ended") == ["Bowling at Hereville"]
    assert places(admin_client, "?status=available") == ["Archery at Hereville", "Archery at Thereville"]
    assert {row[5] for row in rows(admin_client, LIST, "?status=ended")} == {"Published. Changes not published yet."}
    assert {row[1]: row[5] for row in rows(admin_client, LIST, f"?centre={two.there.pk}")} == {
        "Archery": "Published",
        "Bowling": "Draft",
    }


@pytest.mark.database
def test_a_draft_shows_what_its_newest_version_says(admin_client: Client, two: Two) -> None:
    draft = CentreServicePageFactory(
        parent=CentrePageFactory(parent=two.here.get_parent().specific, short_name="Anyville"),
        service=two.archery,
        live=False,
    )
    change_draft(draft, status="possible")
    [row] = rows(admin_client, LIST, "?status=possible")
    assert row[2:] == ["Anyville", "Possible", "Not published", "Draft"]


@pytest.mark.database
def test_checks_are_said_in_words_and_can_be_filtered(admin_client: Client, two: Two) -> None:
    today = timezone.localdate()
    CentreServicePage.objects.filter(pk=two.archery_here.pk).update(checked_on=add_months(today, -7))
    CentreServicePage.objects.filter(pk=two.bowling_here.pk).update(checked_on=today)
    draft = CentreServicePageFactory(parent=two.here, service=ServicePageFactory(parent=two.archery.get_parent()))
    CentreServicePage.objects.filter(pk=draft.pk).update(live=False)
    said = {f"{row[1]} at {row[2]}": row[4] for row in rows(admin_client)}
    assert "Check due since" in said["Archery at Hereville"]
    assert "Next check" in said["Bowling at Hereville"]
    assert said["Archery at Thereville"] == "Never checked"
    assert places(admin_client, "?check=due") == ["Archery at Hereville"]
    assert places(admin_client, "?check=in_date") == ["Bowling at Hereville"]
    assert places(admin_client, "?check=never") == ["Archery at Thereville", "Bowling at Thereville"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=archery", 2),
        ("?q=HEREVILLE", 4),
        ("?q=archery+thereville", 1),
        ("?q=quivers", 1),
        ("?q=nothing", 0),
        ("?q=arch%00ery", 2),
        ("?service=x", 4),
        ("?status=x", 4),
        ("?owner__password__startswith=a", 4),
        ("?no_such__field=1", 4),
        ("?o=99.x.-1&p=x", 4),
        ("?p=99", 4),
    ],
)
@pytest.mark.database
def test_it_searches_service_centre_and_note_and_survives_any_address(
    admin_client: Client, two: Two, query: str, found: int
) -> None:
    CentreServicePage.objects.filter(pk=two.archery_there.pk).update(note="Bring quivers")
    assert len(rows(admin_client, LIST, query)) == found


def test_every_row_has_a_labelled_tick_box_and_the_buttons_work_without_javascript(
    admin_client: Client, two: Two
) -> None:
    soup = read(admin_client, f"{reverse(LIST)}?status=planned")
    form = soup.select_one("form:has(input[name=id])")
    assert form
    assert form["method"] == "get"
    assert form["action"] == reverse(STATUS)
    labels = [words(form.select_one(f"label[for={box['id']}]")) for box in form.select("input[name=id]")]
    assert labels == ["Tick Bowling at Hereville", "Tick Bowling at Thereville"]
    assert form.select_one("input[name=next]")["value"] == f"{reverse(LIST)}?status=planned"  # type: ignore[index]
    still_correct, change = form.select("button[type=submit]")
    assert words(still_correct) == "Still correct"
    assert still_correct["formaction"] == "/admin/bulk/wagtailcore/page/still-correct/"
    assert words(change) == "Change status"
    assert "formaction" not in change.attrs


@pytest.mark.database
def test_milestones_say_what_is_overdue(admin_client: Client, two: Two) -> None:
    MilestoneFactory(centre=two.here, title="Late", date=date(2020, 9, 29), state="expected", precision="month")
    MilestoneFactory(centre=two.here, title="Past", date=date(2020, 9, 29), state="done", precision="year")
    MilestoneFactory(centre=two.there, title="To come", date=date(2099, 1, 1), state="delayed", precision="season")
    assert rows(admin_client, MILESTONES) == [
        ["Late", "Hereville", "September 2020. Overdue.", "Expected"],
        ["Past", "Hereville", "2020", "Done"],
        ["To come", "Thereville", "winter 2098 to 2099", "Delayed"],
    ]
    assert [row[0] for row in rows(admin_client, MILESTONES, "?state=overdue")] == ["Late"]
    assert [row[0] for row in rows(admin_client, MILESTONES, "?state=delayed")] == ["To come"]
    assert [row[0] for row in rows(admin_client, MILESTONES, f"?centre={two.there.pk}")] == ["To come"]


def test_partners_say_whether_they_still_take_part(admin_client: Client, two: Two) -> None:
    PartnerFactory(centre=two.here, name="Old", from_date=date(2018, 1, 1), to_date=date(2019, 1, 1))
    PartnerFactory(centre=two.here, name="New", from_date=date(2020, 1, 1))
    PartnerFactory(centre=two.there, name="Leaving", to_date=timezone.localdate(), precision="year")
    assert rows(admin_client, PARTNERS) == [
        ["New", "Hereville", "from 2020", "Takes part"],
        ["Old", "Hereville", "2018 to 2019", "Takes part no longer"],
        ["Leaving", "Thereville", f"until {timezone.localdate().year}", "Takes part"],
    ]
    assert [row[0] for row in rows(admin_client, PARTNERS, "?state=before")] == ["Old"]
    assert [row[0] for row in rows(admin_client, PARTNERS, "?state=now")] == ["New", "Leaving"]


@pytest.mark.parametrize("name", [LIST, MILESTONES, PARTNERS])
def test_an_empty_list_says_what_to_do(small_site: SmallSite, name: str) -> None:
    centre = CentrePageFactory(parent=small_site.centres)
    said = words(read(signed_in(person_who_may("change", at=centre)), reverse(name)).main)
    assert "Choose “Add services”." in said if name == LIST else "Add them on a centre’s page" in said


@pytest.mark.parametrize("name", [LIST, MILESTONES, PARTNERS])
def test_the_queries_of_a_list_do_not_grow_with_it(small_site: SmallSite, name: str) -> None:
    client = signed_in(person_who_may("change", at=small_site.centres))

    def add(count: int) -> None:
        for page in many(small_site, count):
            change_draft(page, note="Draft")
            MilestoneFactory(centre=page.centre)
            PartnerFactory(centre=page.centre)

    add(5)
    few = queries_of(lambda: client.get(reverse(name)))
    add(60)
    assert queries_of(lambda: client.get(reverse(name))) == few


def test_the_menu_shows_the_lists_only_to_those_who_may_use_them(two: Two, administrator: User) -> None:
    def menu(user: User) -> str:
        return signed_in(user).get(reverse("wagtailadmin_home")).content.decode()

    assert "All centres" in menu(administrator)
    assert "All centres" in menu(person_who_may("change", at=two.bowling_there))
    assert "All centres" not in menu(person_who_may("change", at=two.archery))


def test_whose_pages_are_listed_is_wagtails_own_rule(two: Two) -> None:
    """Somebody who may only add may change what is theirs."""
    person = person_who_may("add", at=two.here)
    CentreServicePage.objects.filter(pk=two.bowling_here.pk).update(owner=person)
    assert list(pages_to_change(person)) == [two.bowling_here]
    assert ServiceStatus(pages_to_change(person).get().status) == ServiceStatus.PLANNED
