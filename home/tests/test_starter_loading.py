"""Loading the starter content: what it makes, keeps, refreshes and refuses."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.test import Client
from wagtail.models import Page, PageLogEntry, Revision, Site

from centres.models import CentrePage, Milestone
from core.models import SiteSettings
from core.starter_content import StarterContentError
from home.models import ContentPage, HomePage
from home.starter.loader import load_starter_content
from leaflets.models import LeafletPage
from testing.admin_forms import edit_url, fill, send, shown_form
from testing.html import main_words, read

HOME = {"path": "/", "type": "home.HomePage", "title": "Testshire", "summary": "Care.", "source": "Made up."}
ABOUT = {"path": "/about/", "type": "home.ContentPage", "title": "About", "summary": "Us.", "source": "Made up."}
CENTRES = {"path": "/centres/", "type": "centres.CentresPage", "title": "Centres", "summary": "All.", "source": "x"}
CENTRE = {
    "path": "/centres/testville/",
    "type": "centres.CentrePage",
    "title": "Testville Centre",
    "short_name": "Testville",
    "summary": "One.",
    "source": "x",
}
LEAFLETS = {
    "path": "/leaflets/",
    "type": "leaflets.LeafletsPage",
    "title": "Leaflets",
    "summary": "All.",
    "source": "x",
}
LEAFLET = {
    "path": "/leaflets/juggling/",
    "type": "leaflets.LeafletPage",
    "title": "Juggling",
    "summary": "How to begin.",
    "date": date(2018, 11, 1),
    "date_precision": "month",
    "body": [{"text": "<p>Take a ball.</p>", "source": "x"}],
    "files": [{"format": "large_print", "source": "x"}],
    "centres": ["/centres/testville/"],
    "source": "x",
}
SETTINGS = {"organisation_name": "Testshire together", "urgent_999": "<p>Call.</p>", "footer_links": [], "source": "x"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for data files with settings in it."""
    write(tmp_path)
    return tmp_path


def write(folder: Path, *pages: dict[str, Any], settings: dict[str, Any] | None = None) -> Path:
    (folder / "pages.yaml").write_text(yaml.safe_dump({"pages": pages or [HOME]}), encoding="utf-8")
    (folder / "settings.yaml").write_text(yaml.safe_dump(settings or SETTINGS), encoding="utf-8")
    return folder


def everything() -> dict[str, Any]:
    """Return what must not change when nothing is to be changed."""
    return {
        "pages": list(Page.objects.order_by("pk").values()),
        "revisions": list(Revision.objects.order_by("pk").values_list("pk", flat=True)),
        "log": PageLogEntry.objects.count(),
        "sites": list(Site.objects.values()),
        "settings": list(SiteSettings.objects.values()),
        "milestones": list(Milestone.objects.order_by("pk").values()),
    }


def test_it_loads_into_a_site_that_is_new(client: Client, starter_content: str) -> None:
    count = Page.objects.filter(depth__gt=1).count()
    assert starter_content == f"Starter content: {count} created.\n"
    assert HomePage.objects.get().pk == Site.objects.get(is_default_site=True).root_page_id
    assert [page.title for page in Page.objects.filter(depth=2)] == ["Better Care Together Thurrock"]
    assert "Purfleet Integrated Medical Centre" in main_words(read(client, "/"))


def test_a_second_time_it_changes_nothing_at_all(starter_content: str) -> None:
    before = everything()

    outcomes = load_starter_content()

    assert dict(outcomes) == {"unchanged": len(before["pages"]) - 1}
    assert everything() == before


def test_a_site_from_before_gets_the_pages_that_are_new_and_keeps_its_own(
    client: Client, admin_client: Client, folder: Path, no_site: None
) -> None:
    load_starter_content(write(folder, HOME, ABOUT, CENTRES, CENTRE))
    about = ContentPage.objects.get()
    send(admin_client, edit_url(about), fill(shown_form(admin_client, edit_url(about), ContentPage), title="All of us"))

    outcomes = load_starter_content(write(folder, HOME, ABOUT, CENTRES, CENTRE, LEAFLETS, LEAFLET))

    assert dict(outcomes) == {"unchanged": 3, "kept": 1, "created": 2}
    assert "All of us" in main_words(read(client, "/about/"))
    leaflet = LeafletPage.objects.get()
    assert leaflet.live
    assert leaflet.date_text == "November 2018"
    assert [centre.slug for centre in leaflet.centres.all()] == ["testville"]
    [file] = leaflet.files.all()
    assert (file.format, file.is_to_be_added) == ("large_print", True)
    assert dict(load_starter_content(folder)) == {"unchanged": 5, "kept": 1}


@pytest.mark.parametrize("action", ["publish", ""])
def test_a_page_that_somebody_edited_is_kept(
    client: Client, admin_client: Client, no_site: None, folder: Path, action: str
) -> None:
    load_starter_content(write(folder, HOME, ABOUT))
    page = ContentPage.objects.get()
    data = fill(shown_form(admin_client, edit_url(page), ContentPage), title="About all of us", slug="about")
    send(admin_client, edit_url(page), data, action)

    outcomes = load_starter_content(write(folder, HOME, ABOUT | {"title": "Who we are"}))

    assert dict(outcomes) == {"unchanged": 1, "kept": 1}
    assert ContentPage.objects.get().get_latest_revision_as_object().title == "About all of us"
    title = "About all of us" if action else "About"
    assert title in main_words(read(client, "/about/"))


def test_a_page_that_somebody_took_offline_stays_offline(
    client: Client, admin_client: Client, folder: Path, no_site: None
) -> None:
    load_starter_content(write(folder, HOME, ABOUT))
    admin_client.post(f"/admin/pages/{ContentPage.objects.get().pk}/unpublish/")

    load_starter_content(folder)

    assert client.get("/about/").status_code == 404


def test_a_page_that_was_deleted_stays_away_with_what_would_be_beneath_it_and_links_to_it_become_words(
    client: Client, admin_client: Client, folder: Path, no_site: None
) -> None:
    below = ABOUT | {"path": "/about/history/", "title": "History"}
    link = [{"text": '<p>Read <a href="/about/">who we are</a>.</p>', "source": "x"}]
    load_starter_content(write(folder, HOME, ABOUT))
    admin_client.post(f"/admin/pages/{ContentPage.objects.get().pk}/delete/")

    outcomes = load_starter_content(write(folder, HOME | {"body": link}, ABOUT, below))

    assert dict(outcomes) == {"gone": 2, "refreshed": 1}
    assert not ContentPage.objects.exists()
    soup = read(client, "/")
    assert "Read who we are." in main_words(soup)
    assert not soup.select("main a[href*='about']")


def test_a_page_that_was_given_another_address_is_not_made_again(
    client: Client, admin_client: Client, folder: Path, no_site: None
) -> None:
    load_starter_content(write(folder, HOME, ABOUT))
    page = ContentPage.objects.get()
    data = fill(shown_form(admin_client, edit_url(page), ContentPage), slug="who-we-are")
    send(admin_client, edit_url(page), data)

    assert dict(load_starter_content(folder)) == {"kept": 1, "unchanged": 1}

    assert ContentPage.objects.get().url == "/who-we-are/"


def test_a_page_whose_data_changed_is_brought_up_to_date(client: Client, folder: Path, no_site: None) -> None:
    load_starter_content(write(folder, HOME, ABOUT))
    page = ContentPage.objects.get()

    outcomes = load_starter_content(
        write(folder, HOME, ABOUT | {"title": "Who we are", "checked_on": date(2026, 5, 1)})
    )

    assert dict(outcomes) == {"refreshed": 1, "unchanged": 1}
    assert "Who we are" in main_words(read(client, "/about/"))
    assert ContentPage.objects.get().pk == page.pk


def test_settings_that_were_filled_in_are_kept(folder: Path, no_site: None) -> None:
    load_starter_content(folder)
    settings = SiteSettings.objects.get()
    settings.organisation_name = "Testshire for ever"
    settings.save()

    load_starter_content(folder)

    settings.refresh_from_db()
    assert settings.organisation_name == "Testshire for ever"


def test_links_follow_a_page_that_moves(client: Client, folder: Path, no_site: None) -> None:
    body = [{"text": '<p>See <a href="/about/">who we are</a>.</p>', "source": "x"}]
    load_starter_content(write(folder, HOME | {"body": body}, ABOUT))
    page = ContentPage.objects.get()
    page.slug = "who-we-are"
    page.save_revision().publish()

    assert read(client, "/").select_one("main a[href='/who-we-are/']")


@pytest.mark.parametrize(
    ("pages", "message"),
    [
        ([HOME, ABOUT | {"colour": "red"}], "/about/: ContentPage has no field “colour”."),
        (
            [HOME, ABOUT | {"path": "/nowhere/about/"}],
            "/nowhere/about/: there is no page at /nowhere/ to put it under.",
        ),
        ([HOME, ABOUT | {"source": ""}], "pages.yaml: a page has no source."),
        ([HOME, {"title": "About"}], "pages.yaml: a page has no path and no type and no source."),
        ([HOME, ABOUT | {"type": "home.NoSuchPage"}], "home.NoSuchPage"),
        ([HOME, ABOUT | {"title": ""}], "cannot be blank"),
        ([HOME, ABOUT | {"summary": "x" * 301}], "/about/: summary"),
        ([HOME, ABOUT | {"checked_on": "soon"}], "/about/: checked_on"),
        (
            [HOME, ABOUT | {"body": [{"text": '<p><a href="/nowhere/">x</a></p>', "source": "x"}]}],
            "/about/: body: there is no page at /nowhere/.",
        ),
        (
            [HOME, ABOUT | {"body": [{"text": "<h3>Too deep</h3>", "source": "x"}]}],
            "/about/: body: 0: This sub-heading",
        ),
        ([HOME, ABOUT | {"body": [{"song": "<p>La</p>", "source": "x"}]}], "/about/: body"),
        ([HOME, ABOUT | {"body": [{"inset": {"body": ""}, "source": "x"}]}], "/about/: body"),
        ([HOME, CENTRES, CENTRE | {"stage": "haunted"}], "/centres/testville/: stage"),
        (
            [
                HOME,
                CENTRES,
                CENTRE | {"milestones": [{"title": "Stone", "date": date(2131, 1, 1), "state": "someday"}]},
            ],
            "/centres/testville/: milestones",
        ),
        (
            [HOME, CENTRES, CENTRE | {"partners": [{"name": "Board", "colour": "red"}]}],
            "/centres/testville/: partners",
        ),
        (
            [
                HOME,
                CENTRES,
                CENTRE,
                CENTRE
                | {"path": "/centres/testville/x/", "type": "centres.CentreServicePage", "service": "/services/x/"},
            ],
            "/centres/testville/x/: there is no page at /services/x/.",
        ),
        ([HOME, LEAFLETS, LEAFLET | {"date": None}], "/leaflets/juggling/: something that it must have is missing"),
        ([HOME, LEAFLETS, LEAFLET | {"date": "2018-13-01"}], "/leaflets/juggling/: date"),
        ([HOME, LEAFLETS, LEAFLET], "/leaflets/juggling/: there is no page at /centres/testville/."),
        (
            [HOME, CENTRES, CENTRE, LEAFLETS, LEAFLET | {"files": [{"format": "smoke signals", "source": "x"}]}],
            "/leaflets/juggling/: files: format",
        ),
    ],
    ids=[
        "unknown field",
        "missing parent",
        "empty source",
        "nothing but a title",
        "unknown type",
        "empty title",
        "summary too long",
        "not a date",
        "unknown link",
        "heading too deep",
        "unknown block",
        "empty block",
        "unknown stage",
        "unknown state of a milestone",
        "unknown field of a partner",
        "unknown service",
        "missing date",
        "not a day",
        "unknown centre",
        "unknown format of a file",
    ],
)
def test_what_the_site_would_refuse_is_refused_with_its_place_and_nothing_changes(
    folder: Path, no_site: None, pages: list[dict[str, Any]], message: str
) -> None:
    before = everything()

    with pytest.raises(StarterContentError) as refusal:
        load_starter_content(write(folder, *pages))

    assert message in str(refusal.value)
    assert everything() == before


@pytest.mark.parametrize(
    "settings",
    [SETTINGS | {"colour": "red"}, SETTINGS | {"footer_links": ["/nowhere/"]}, SETTINGS | {"contact_email": "no"}],
    ids=["unknown field", "unknown page", "not an address"],
)
def test_settings_that_the_site_would_refuse_are_refused_and_nothing_changes(
    folder: Path, no_site: None, settings: dict[str, Any]
) -> None:
    before = everything()
    with pytest.raises(StarterContentError):
        load_starter_content(write(folder, HOME, settings=settings))
    assert everything() == before


def test_the_command_says_that_nothing_changed(folder: Path, no_site: None, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder, HOME, ABOUT | {"colour": "red"})
    monkeypatch.setattr(
        "home.management.commands.load_starter_content.load_starter_content", partial(load_starter_content, folder)
    )
    with pytest.raises(CommandError) as refusal:
        call_command("load_starter_content")
    assert "was not loaded, and nothing has changed. /about/: ContentPage has no field" in str(refusal.value)
    assert not HomePage.objects.exists()


@pytest.mark.database
def test_loading_twice_keeps_the_milestones_and_their_keys(folder: Path, no_site: None) -> None:
    steps = [{"title": "Stone", "date": date(2131, 1, 1), "precision": "year", "source": "x"}]
    load_starter_content(write(folder, HOME, CENTRES, CENTRE | {"milestones": steps}))
    before = list(Milestone.objects.values())

    assert dict(load_starter_content(folder)) == {"unchanged": 3}
    assert list(Milestone.objects.values()) == before


def test_a_site_that_already_has_a_front_page_keeps_its_place_in_the_tree(folder: Path, no_site: None) -> None:
    load_starter_content(folder)
    home = HomePage.objects.get()
    load_starter_content(write(folder, HOME, CENTRES, CENTRE))
    assert HomePage.objects.get().pk == home.pk
    assert CentrePage.objects.get().get_ancestors().filter(pk=home.pk).exists()
