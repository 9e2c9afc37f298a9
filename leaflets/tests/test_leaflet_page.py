"""A leaflet's page: its words, its files, what it is about, and how to ask for another format."""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import Tag
from django.test import Client, TestCase
from wagtail.models import Collection, Site

from centres.factories import CentrePageFactory, ServicePageFactory
from core.models import SiteSettings
from home.factories import SmallSite
from leaflets.factories import LeafletPageFactory
from leaflets.models import LeafletPage, LeafletsPage
from testing.html import headings, link_to, main_words, read, section, structured_data, words
from testing.page_checks import assert_only_its_editors_may_edit, assert_renders
from testing.privacy import make_collection_private

from . import documents
from .documents import add_file, make_document

FILES = "Files to download"


@pytest.fixture
def leaflet(small_site: SmallSite) -> LeafletPage:
    page: LeafletPage = LeafletPageFactory.create(parent=small_site.leaflets, title="Juggling at home", slug="juggling")
    return page


def files(client: Client, page: LeafletPage) -> Tag:
    return section(read(client, page.url), FILES)


def rows(client: Client, page: LeafletPage) -> list[str]:
    """Return the files as people see them, without what only screen readers say."""
    found = files(client, page)
    for hidden in found.select(".nhsuk-u-visually-hidden"):
        hidden.decompose()
    return [words(row) for row in found.select(".bctt-file")]


def test_it_renders_with_its_name_what_it_is_and_what_it_is_for(client: Client, leaflet: LeafletPage) -> None:
    text = words(assert_renders(client, leaflet, "Juggling at home").main)
    assert "Information leaflet, 1 May 2020" in text
    assert leaflet.summary in text


def test_it_lives_in_the_library_and_holds_no_pages() -> None:
    assert LeafletPage.allowed_parent_page_models() == [LeafletsPage]
    assert LeafletPage.allowed_subpage_models() == []


def test_only_its_editors_may_edit_it(small_site: SmallSite, leaflet: LeafletPage) -> None:
    assert_only_its_editors_may_edit(leaflet, elsewhere=small_site.centres)


@pytest.mark.parametrize(
    ("precision", "said", "published"),
    [
        ("day", "4 June 2018", "2018-06-04"),
        ("month", "June 2018", "2018-06"),
        ("season", "summer 2018", None),
        ("year", "2018", "2018"),
    ],
)
def test_its_date_is_no_more_exact_than_what_is_known(
    client: Client, leaflet: LeafletPage, precision: str, said: str, published: str | None
) -> None:
    leaflet.date, leaflet.date_precision = date(2018, 6, 4), precision
    leaflet.save()
    soup = read(client, leaflet.url)

    assert f"Information leaflet, {said} " in main_words(soup)
    document = structured_data(soup)["mainEntity"]
    assert (document["@type"], document["name"]) == ("DigitalDocument", "Juggling at home")
    assert document.get("datePublished") == published


def test_each_file_says_its_format_type_size_pages_and_language(client: Client, leaflet: LeafletPage) -> None:
    document = make_document()
    add_file(leaflet, document)
    add_file(leaflet, make_document(ending="mp3", pages=None), format="audio")

    assert rows(client, leaflet) == [
        "Standard print (PDF, 1.4 MB, 8 pages, English)",
        "Audio (MP3 sound file, 1.4 MB, English)",
    ]
    link = files(client, leaflet).select("a")[0]
    assert link["href"] == document.url
    assert "Juggling at home" in words(link)  # the link makes sense on its own


def test_a_sound_file_plays_on_the_page_and_can_be_saved(client: Client, leaflet: LeafletPage) -> None:
    add_file(leaflet, make_document(ending="mp3", pages=None), format="audio")
    add_file(leaflet, make_document())
    page = read(client, leaflet.url)
    (player,) = page.select("audio")
    assert player.has_attr("controls")
    assert player["preload"] == "none"
    assert player["aria-label"] == f"Audio: {leaflet.title}"
    assert player["src"] in {link["href"] for link in page.select(".bctt-files a")}
    assert "media-src 'self'" in client.get(leaflet.url)["Content-Security-Policy"]


def test_translations_stand_together_under_the_name_their_readers_use(client: Client, leaflet: LeafletPage) -> None:
    for language, file_format in (("pl", "standard"), ("en", "standard"), ("ur", "standard"), ("pl", "large_print")):
        add_file(leaflet, make_document(language=language), format=file_format)
    found = files(client, leaflet)

    assert [words(heading) for heading in found.select("h3")] == ["English", "Polish – polski", "Urdu – اردو"]
    assert [each["lang"] for each in found.select("h3 [lang]")] == ["pl", "ur"]
    assert [[link["hreflang"] for link in group.select("a")] for group in found.select("ul")] == [
        ["en"],
        ["pl", "pl"],
        ["ur"],
    ]


def test_files_in_one_language_need_no_headings(client: Client, leaflet: LeafletPage) -> None:
    add_file(leaflet, make_document())
    add_file(leaflet, make_document(), format="easy_read")
    assert files(client, leaflet).select("h3") == []


def test_a_video_says_where_it_leads(client: Client, leaflet: LeafletPage) -> None:
    add_file(leaflet, format="bsl_video", video_url="https://www.example.org/watch?v=1")
    assert rows(client, leaflet) == ["British Sign Language video (on example.org)"]
    assert files(client, leaflet).select("a")[0]["href"] == "https://www.example.org/watch?v=1"


def test_a_file_still_to_be_added_is_not_available_yet_and_no_link(client: Client, leaflet: LeafletPage) -> None:
    add_file(leaflet)
    assert rows(client, leaflet) == ["Standard print: not available yet"]
    assert files(client, leaflet).select("a") == []


def test_a_document_that_was_deleted_leaves_no_dead_link(client: Client, leaflet: LeafletPage) -> None:
    document = make_document()
    add_file(leaflet, document)
    document.delete()
    assert rows(client, leaflet) == ["Standard print: not available yet"]


def test_a_file_in_a_private_collection_or_beneath_one_is_not_linked(client: Client, leaflet: LeafletPage) -> None:
    private = Collection.get_first_root_node().add_child(name="Board")
    beneath = private.add_child(name="Minutes")
    make_collection_private(private)
    add_file(leaflet, make_document(collection=private))
    add_file(leaflet, make_document(collection=beneath), format="large_print")
    add_file(leaflet, make_document(), format="easy_read")

    assert rows(client, leaflet) == [
        "Easy Read (PDF, 1.4 MB, 8 pages, English)",
        "Standard print: not available yet",
        "Large print: not available yet",
    ]


def test_a_leaflet_without_files_says_so(client: Client, leaflet: LeafletPage) -> None:
    assert "There is no file to download." in words(files(client, leaflet))


def test_the_cover_is_decoration_of_a_known_size(client: Client, leaflet: LeafletPage) -> None:
    add_file(leaflet)
    add_file(leaflet, make_document())
    document = make_document()
    add_file(leaflet, document, format="easy_read")
    documents.read(document, cover="covers/1.webp", cover_width=300, cover_height=424)

    [cover] = files(client, leaflet).select("img")

    assert (cover["alt"], cover["width"], cover["height"]) == ("", "300", "424")
    assert cover["src"] == f"/documents/{document.pk}/cover.webp"


def test_it_can_be_read_on_the_page(client: Client, leaflet: LeafletPage) -> None:
    leaflet.body = [{"type": "text", "value": "<h2>First</h2><p>Take a ball.</p>"}]
    leaflet.save()
    assert "Take a ball." in words(section(read(client, leaflet.url), "Read it here"))


@pytest.mark.parametrize("has_file", [True, False])
def test_without_words_on_the_page_it_says_so(client: Client, leaflet: LeafletPage, has_file: bool) -> None:
    leaflet.body = []
    leaflet.save()
    add_file(leaflet, make_document() if has_file else None)
    text = words(section(read(client, leaflet.url), "Read it here"))
    assert "The words are not on this page yet." in text
    assert ("If you cannot open the file" in text) is has_file


def test_it_leads_to_the_centres_and_services_it_is_about_that_anyone_may_see(
    client: Client, small_site: SmallSite, leaflet: LeafletPage
) -> None:
    centre = CentrePageFactory.create(parent=small_site.centres, title="Zetaville Centre")
    service = ServicePageFactory.create(parent=small_site.services, title="Acrobatics")
    hidden = CentrePageFactory.create(parent=small_site.centres, title="Secretville Centre")
    hidden.view_restrictions.create(restriction_type="login")
    draft = ServicePageFactory.create(parent=small_site.services, title="Secret service", live=False)
    leaflet.centres, leaflet.services = [centre, hidden], [service, draft]
    leaflet.save()

    soup = read(client, leaflet.url)

    assert [words(link) for link in section(soup, "What it is about").select("a")] == ["Zetaville Centre", "Acrobatics"]
    assert "Secret" not in str(soup)


def test_a_leaflet_about_nothing_that_anyone_may_see_has_no_such_section(
    client: Client, small_site: SmallSite, leaflet: LeafletPage
) -> None:
    leaflet.centres = [CentrePageFactory.create(parent=small_site.centres, live=False)]
    leaflet.save()
    assert "What it is about" not in headings(read(client, leaflet.url))


def contact(**values: Any) -> None:
    SiteSettings.objects.update_or_create(site=Site.objects.get(), defaults=values)


def test_one_can_ask_for_another_format_in_every_way_there_is(client: Client, leaflet: LeafletPage) -> None:
    contact(
        contact_email="us@example.org",
        contact_telephone="01632 960000",
        contact_address="1 Made-up Street",
        contact_note="Mondays only.",
    )
    found = section(read(client, leaflet.url), "Ask for this in another format")

    fields = parse_qs(urlsplit(link_to(found, "Email us about this")).query)
    assert fields["subject"] == ["Another format: Juggling at home"]
    assert leaflet.full_url in fields["body"][0]
    assert link_to(found, "01632 960000") == "tel:01632960000"
    for said in ("1 Made-up Street", "Mondays only.", "“Juggling at home”"):
        assert said in words(found)
    assert found.find("form") is None


def test_without_an_email_address_no_email_is_offered(client: Client, leaflet: LeafletPage) -> None:
    contact(contact_telephone="01632 960000")
    found = section(read(client, leaflet.url), "Ask for this in another format")
    assert [link["href"] for link in found.select("a")] == ["tel:01632960000"]


def test_while_there_is_no_contact_it_says_so_without_a_link(client: Client, leaflet: LeafletPage) -> None:
    found = section(read(client, leaflet.url), "Ask for this in another format")
    assert "We do not have an email address or telephone number for this yet." in words(found)
    assert found.select("a") == []


def test_what_an_editor_types_is_shown_as_words(client: Client, leaflet: LeafletPage) -> None:
    evil = "<script>alert(1)</script>\"'&"
    leaflet.title, leaflet.summary = evil, evil
    leaflet.save()
    contact(contact_email="us@example.org")
    add_file(leaflet, make_document(title=evil))

    html = client.get(leaflet.url).content.decode()

    assert "<script>alert" not in html
    assert "onerror" not in html
    assert words(read(client, leaflet.url).h1) == evil


def test_search_finds_a_leaflet_by_the_words_of_its_files(client: Client, leaflet: LeafletPage) -> None:
    assert leaflet.words_of_files() == ""
    document = make_document()
    add_file(leaflet, document)
    add_file(leaflet, make_document(), format="easy_read")  # nobody has read this one yet
    documents.read(document, texts=["Unicycles are faster.", "Buy a helmet."])

    LeafletPage.objects.get().save()  # as publishing does, and whoever reads the file

    assert leaflet.words_of_files() == "Unicycles are faster.\nBuy a helmet."
    assert "Juggling at home" in main_words(read(client, "/search/?query=unicycles"))


def test_search_finds_a_leaflet_by_the_words_of_a_file_only_while_anyone_may_get_it(
    client: Client, leaflet: LeafletPage
) -> None:
    def is_found() -> bool:
        return "Juggling at home" in main_words(read(client, "/search/?query=unicycles"))

    members = Collection.get_first_root_node().add_child(name="Members")
    document = make_document(collection=members)
    add_file(leaflet, document)
    documents.read(document, texts=["Unicycles are faster."])
    LeafletPage.objects.get().save()
    assert is_found()

    with TestCase.captureOnCommitCallbacks(execute=True):
        restriction = make_collection_private(members)
    assert not is_found()
    with TestCase.captureOnCommitCallbacks(execute=True):
        document.collection = Collection.get_first_root_node()
        document.save()
    assert is_found()
    with TestCase.captureOnCommitCallbacks(execute=True):
        document.collection = members
        document.save()
    assert not is_found()
    with TestCase.captureOnCommitCallbacks(execute=True):
        restriction.delete()
    assert is_found()


def test_moving_a_collection_beneath_a_private_one_takes_its_words_out_of_search(
    client: Client, admin_client: Client, leaflet: LeafletPage
) -> None:
    root = Collection.get_first_root_node()
    private = root.add_child(name="Members")
    make_collection_private(private)
    collection = Collection.get_first_root_node().add_child(name="Posters")
    document = make_document(collection=collection)
    add_file(leaflet, document)
    documents.read(document, texts=["Unicycles are faster."])
    LeafletPage.objects.get().save()

    with TestCase.captureOnCommitCallbacks(execute=True):
        answer = admin_client.post(f"/admin/collections/{collection.pk}/", {"name": "Posters", "parent": private.pk})

    assert answer.status_code == 302
    assert "Juggling at home" not in main_words(read(client, "/search/?query=unicycles"))


def test_the_queries_stay_within_budget_however_much_there_is(
    small_site: SmallSite, leaflet: LeafletPage, count_queries: Callable[[str], int]
) -> None:
    def grow(number: int) -> None:
        for _ in range(number):
            leaflet.centres.add(CentrePageFactory.create(parent=small_site.centres))
            leaflet.services.add(ServicePageFactory.create(parent=small_site.services))
            add_file(leaflet, make_document())
        leaflet.save()

    grow(1)
    few = count_queries(leaflet.url)
    grow(9)

    assert count_queries(leaflet.url) == few <= 10
