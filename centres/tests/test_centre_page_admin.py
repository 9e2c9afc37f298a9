"""A centre in the admin: its screens, and what they refuse."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from wagtail.test.utils.form_data import rich_text

from centres.factories import CentrePageFactory, CentreServicePageFactory, ServicePageFactory
from centres.models import CentrePage, CentreServicePage, Stage
from home.factories import SmallSite
from testing.admin_forms import add_row, create_url, edit_url, fill, preview, send, shown_form, tick
from testing.html import headings, main_words, read, section, soup_of, words


@pytest.fixture
def centre(small_site: SmallSite) -> CentrePage:
    return CentrePageFactory(parent=small_site.centres, title="Testville Centre", short_name="Testville")


def test_an_editor_creates_and_publishes_a_centre(client: Client, admin_client: Client, small_site: SmallSite) -> None:
    url = create_url(small_site.centres, CentrePage)
    data = shown_form(
        admin_client,
        url,
        CentrePage,
        streams={
            "hours": [("session", {"days": "0", "way": "times", "opens": "09:00", "closes": "12:00"})],
            "exceptions": [("exception", {"label": "Fair", "first": "01/05/2131", "last": "", "times-count": "0"})],
            "body": [("text", rich_text("<h2>The plan</h2><p>A roof of glass.</p>"))],
        },
    )
    fill(data, title="Newtown Centre", short_name="Newtown", slug="newtown", summary="The centre in Newtown.")
    fill(data, stage="being_built", until_then=rich_text("<p>Ask at Oldtown.</p>"), postcode="ZZ1 1ZZ")
    fill(data, latitude="51.500000", longitude="0.300000", checked_on="03/05/2026", team="Newtown team")
    tick(data, "access_features", "lift", "step_free")
    add_row(data, "milestones", title="First stone", date="02/01/2026", precision="month", state="done")
    add_row(data, "partners", name="Newtown Builders", role="Build it.", precision="year", from_date="01/01/2025")

    assert send(admin_client, url, data).status_code == 302

    centre = CentrePage.objects.get(slug="newtown")
    assert sorted(centre.access_features) == ["lift", "step_free"]
    text = main_words(read(client, "/centres/newtown/"))
    for said in ("Ask at Oldtown.", "A roof of glass.", "January 2026 – done", "First stone", "from 2025"):
        assert said in text
    assert len(centre.opening_hours.sessions) == len(centre.opening_hours.exceptions) == 1


def test_an_editor_changes_a_centre(client: Client, admin_client: Client, centre: CentrePage) -> None:
    url = edit_url(centre)
    data = shown_form(admin_client, url, CentrePage)

    assert send(admin_client, url, fill(data, travel=rich_text("<p>By ferry.</p>"))).status_code == 302

    assert "By ferry." in words(section(read(client, centre.url), "How to get here"))


def test_the_preview_shows_the_draft_and_residents_do_not_see_it(
    client: Client, admin_client: Client, centre: CentrePage
) -> None:
    url = edit_url(centre)
    data = shown_form(admin_client, url, CentrePage, streams={"body": [("text", rich_text("<p>A roof of glass.</p>"))]})
    fill(data, title="Testville Palace", stage="planned")
    add_row(data, "milestones", title="First stone", date="02/01/2131", precision="year", state="expected")

    soup = soup_of(preview(admin_client, url, data))

    assert headings(soup)[0] == "This centre is not open yet"
    for said in ("Testville Palace", "A roof of glass.", "First stone", "2131 – expected"):
        assert said in main_words(soup)
    assert [words(link) for link in soup.select(".nhsuk-breadcrumb__list a")] == ["Home", "Centres"]
    live = main_words(read(client, centre.url))
    assert "First stone" not in live
    assert "Testville Palace" not in live


def test_a_centre_is_previewed_before_it_is_saved_for_the_first_time(
    admin_client: Client, small_site: SmallSite
) -> None:
    CentrePageFactory(parent=small_site.centres)
    url = create_url(small_site.centres, CentrePage)
    data = shown_form(admin_client, url, CentrePage)
    fill(data, title="Newtown Centre", short_name="Newtown", summary="The centre in Newtown.")
    add_row(data, "partners", name="Newtown Builders", precision="year")

    text = main_words(soup_of(preview(admin_client, url, data)))

    assert "Newtown Builders" in text
    assert "No services are listed for this centre yet." in text


def test_incomplete_hours_in_a_draft_neither_stop_saving_nor_the_preview(
    admin_client: Client, centre: CentrePage
) -> None:
    url = edit_url(centre)
    data = shown_form(
        admin_client,
        url,
        CentrePage,
        streams={
            "hours": [("session", {"days": "", "way": "times", "opens": "09:00", "closes": ""})],
            "exceptions": [("exception", {"label": "", "first": "", "last": "", "times-count": "0"})],
        },
    )
    del data["hours-0-value-days"]

    assert send(admin_client, url, data, action="").status_code == 302
    draft = centre.get_latest_revision_as_object()
    assert draft.opening_hours.sessions == draft.opening_hours.exceptions == ()
    assert "weekly opening times" in main_words(soup_of(admin_client.get(f"/admin/pages/{centre.pk}/view_draft/")))
    assert send(admin_client, url, data).status_code == 200


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        (
            {"notice": "The lift is broken."},
            "notice_ends_on",
            "A notice needs a last day, so that it does not stay for ever.",
        ),
        ({"latitude": Decimal("51.5")}, "longitude", "A position needs both numbers."),
        ({"longitude": Decimal("0.3")}, "latitude", "A position needs both numbers."),
        ({"latitude": Decimal("91"), "longitude": Decimal("0")}, "latitude", "less than or equal to 90"),
        ({"latitude": Decimal("0"), "longitude": Decimal("181")}, "longitude", "less than or equal to 180"),
        ({"postcode": "RM19"}, "postcode", "Enter a full postcode in capitals, such as RM19 1SX."),
        ({"telephone": "call us"}, "telephone", "Enter a telephone number in digits and spaces, such as 01632 960000."),
        ({"access_features": ["moat"]}, "access_features", "Choose from the list."),
        ({"summary": "x" * 301}, "summary", "at most 300 characters"),
    ],
)
def test_what_cannot_be_right_is_refused_beside_its_field(
    centre: CentrePage, fields: dict[str, object], field: str, message: str
) -> None:
    for name, value in fields.items():
        setattr(centre, name, value)

    with pytest.raises(ValidationError) as refusal:
        centre.full_clean()

    assert list(refusal.value.message_dict) == [field]
    assert message in " ".join(refusal.value.message_dict[field])


def test_a_position_on_the_meridian_is_a_position(centre: CentrePage) -> None:
    centre.latitude, centre.longitude = Decimal("51.48"), Decimal(0)
    centre.full_clean()
    assert centre.structured_data["geo"] == {"@type": "GeoCoordinates", "latitude": 51.48, "longitude": 0.0}


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"notice": "The lift is broken."}, "A notice needs a last day"),
        ({"latitude": "51.5"}, "A position needs both numbers."),
        ({"postcode": "nowhere"}, "Enter a full postcode in capitals"),
    ],
)
def test_publishing_what_cannot_be_right_is_refused_in_words_and_keeps_what_was_typed(
    client: Client, admin_client: Client, centre: CentrePage, typed: dict[str, str], message: str
) -> None:
    url = edit_url(centre)
    data = fill(shown_form(admin_client, url, CentrePage), access_notes="Ring the bell.", **typed)

    response = send(admin_client, url, data)

    assert response.status_code == 200
    assert message in words(soup_of(response).find("form", id="page-edit-form"))
    assert "Ring the bell." in str(soup_of(response))
    assert "Ring the bell." not in main_words(read(client, centre.url))


def test_copying_a_centre_with_its_pages_copies_its_services(
    admin_client: Client, small_site: SmallSite, centre: CentrePage
) -> None:
    service = ServicePageFactory(parent=small_site.services, title="Juggling")
    CentreServicePageFactory(parent=centre, service=service)

    response = admin_client.post(
        f"/admin/pages/{centre.pk}/copy/",
        {
            "new_title": "Otherton Centre",
            "new_slug": "otherton",
            "new_parent_page": small_site.centres.pk,
            "copy_subpages": "on",
        },
    )

    assert response.status_code == 302
    copy = CentrePage.objects.get(slug="otherton")
    assert [page.title for page in CentreServicePage.objects.child_of(copy)] == ["Juggling"]
    assert not CentreServicePage.objects.child_of(copy).live().exists()


def test_deleting_a_centre_deletes_its_services_and_keeps_the_catalogue(
    admin_client: Client, small_site: SmallSite, centre: CentrePage
) -> None:
    service = ServicePageFactory(parent=small_site.services)
    CentreServicePageFactory(parent=centre, service=service)

    admin_client.post(f"/admin/pages/{centre.pk}/delete/")

    assert not CentrePage.objects.exists()
    assert not CentreServicePage.objects.exists()
    service.refresh_from_db()
    assert service.live


def test_a_notice_that_is_over_may_stay_in_the_form(admin_client: Client, centre: CentrePage) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    url = edit_url(centre)
    data = fill(shown_form(admin_client, url, CentrePage), notice="Closed for the fair.")
    fill(data, notice_ends_on=yesterday.strftime("%d/%m/%Y"))

    assert send(admin_client, url, data).status_code == 302


def test_the_stage_of_a_new_centre_is_the_most_careful_one(admin_client: Client, small_site: SmallSite) -> None:
    data = shown_form(admin_client, create_url(small_site.centres, CentrePage), CentrePage)
    assert data["stage"] == Stage.PROPOSED
