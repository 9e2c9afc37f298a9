"""Pieces of news: what they show, who may edit them, and what is put right in them."""

import gc
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.test.utils.form_data import rich_text

from centres.factories import CentrePageFactory, ServicePageFactory
from core.factories import SiteImageFactory
from home.factories import SmallSite
from news.factories import NewsPageFactory, TopicFactory
from news.models import NewsIndexPage, NewsPage, PostPage
from testing.admin_forms import create_url, edit_url, fill, preview, send, shown_form, tick
from testing.html import headings, link_to, main_words, read, soup_of, structured_data, words
from testing.page_checks import assert_only_its_editors_may_edit, assert_renders
from testing.publish_rules import assert_not_published, beside


@pytest.fixture
def page(small_site: SmallSite) -> NewsPage:
    return NewsPageFactory(parent=small_site.news, title="A new juggler", slug="a-new-juggler", date=date(2026, 5, 4))


def test_it_renders_with_its_day(client: Client, page: NewsPage) -> None:
    soup = assert_renders(client, page, "A new juggler")
    assert "4 May 2026" in main_words(soup)


def test_it_lives_under_the_list_of_news_and_nothing_lives_under_it() -> None:
    assert NewsPage.allowed_parent_page_models() == [NewsIndexPage]
    assert NewsPage.allowed_subpage_models() == []
    assert not PostPage.is_creatable


def test_only_its_editors_may_edit_it(small_site: SmallSite, page: NewsPage) -> None:
    assert_only_its_editors_may_edit(page, elsewhere=small_site.services)


def test_it_leads_to_the_public_centres_services_and_topics_it_is_about(
    client: Client, small_site: SmallSite, page: NewsPage
) -> None:
    seen = CentrePageFactory(parent=small_site.centres, title="Oak centre")
    draft = CentrePageFactory(parent=small_site.centres, title="Secret centre", live=False)
    service = ServicePageFactory(parent=small_site.services, title="Juggling lessons")
    page.centres, page.services, page.topics = [seen, draft], [service], [TopicFactory(name="Clubs", slug="clubs")]
    page.save()

    soup = read(client, page.url)
    assert link_to(soup, "Oak centre") == seen.url
    assert link_to(soup, "Juggling lessons") == service.url
    assert link_to(soup, "Clubs") == "/news/?topic=clubs"
    assert "Secret" not in str(soup)


def test_a_correction_is_dated_and_the_newest_stands_first(client: Client, page: NewsPage) -> None:
    page.corrections = [
        ("correction", {"date": date(2026, 5, 5), "text": "The day was wrong."}),
        ("correction", {"date": date(2026, 5, 9), "text": "The <b>name</b> was wrong."}),
    ]
    page.save()
    soup = read(client, page.url)
    assert [words(each) for each in soup.select(".nhsuk-inset-text p")] == [
        "Corrected 9 May 2026: The <b>name</b> was wrong.",
        "Corrected 5 May 2026: The day was wrong.",
    ]


# Wagtail leaves the temporary files of pictures to the garbage collector, which must not come in another test.
@pytest.mark.filterwarnings("ignore:[Uu]nclosed file:ResourceWarning")
def test_its_picture_says_what_it_shows(client: Client, page: NewsPage) -> None:
    page.picture, page.picture_alt_text = SiteImageFactory(file__width=1600, file__height=800), "A juggler"
    page.save()
    [picture] = read(client, page.url).select("main img")
    assert picture["alt"] == "A juggler"
    assert "960w" in picture["srcset"]
    gc.collect()


def test_a_picture_without_words_is_refused_beside_the_field(page: NewsPage) -> None:
    page.picture = SiteImageFactory()
    with pytest.raises(ValidationError) as refusal:
        page.full_clean()
    assert list(refusal.value.message_dict) == ["picture_alt_text"]


def test_a_day_to_come_is_refused_unless_the_news_waits_for_it(page: NewsPage) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    page.date = tomorrow
    with pytest.raises(ValidationError) as refusal:
        page.full_clean()
    assert "Set schedule" in refusal.value.message_dict["date"][0]
    page.go_live_at = timezone.now() + timedelta(days=1)
    page.full_clean()


def test_search_engines_read_a_news_article_of_its_day(client: Client, page: NewsPage) -> None:
    data = structured_data(read(client, page.url))
    assert (data["@type"], data["datePublished"], data["headline"]) == ("NewsArticle", "2026-05-04", "A new juggler")


def test_an_editor_writes_previews_and_publishes_it(
    client: Client, admin_client: Client, small_site: SmallSite
) -> None:
    centre = CentrePageFactory(parent=small_site.centres, title="Oak centre")
    url = create_url(small_site.news, NewsPage)
    data = shown_form(admin_client, url, NewsPage, streams={"body": [("text", rich_text("<h2>Up</h2><p>Down.</p>"))]})
    fill(data, title="A ball", slug="a-ball", summary="It flew.", date="04/05/2026")
    tick(data, "centres", centre.pk)

    shown = main_words(soup_of(preview(admin_client, url, data)))
    assert send(admin_client, url, data).status_code == 302

    for text in (shown, main_words(read(client, "/news/a-ball/"))):
        assert "4 May 2026" in text
        assert "Down." in text
    assert "Oak centre" in main_words(read(client, "/news/a-ball/"))


def test_a_correction_in_the_future_is_refused_in_words(admin_client: Client, page: NewsPage) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    block = ("correction", {"date": tomorrow.strftime("%d/%m/%Y"), "text": "Soon."})
    data = shown_form(admin_client, edit_url(page), NewsPage, streams={"corrections": [block]})
    response = send(admin_client, edit_url(page), data)
    assert "This day has not come yet." in str(soup_of(response))


def test_hostile_words_are_shown_as_words(client: Client, small_site: SmallSite) -> None:
    title = "<script>alert(1)</script> & “ball” 🤹"
    page = NewsPageFactory(parent=small_site.news, title=title, slug="hostile", summary="<b>bold</b>")
    soup = read(client, page.url)
    assert words(soup.h1) == title
    assert "<script>alert" not in str(soup)


def test_scheduled_news_appears_at_its_time(client: Client, small_site: SmallSite) -> None:
    page = NewsPageFactory(parent=small_site.news, title="Soon", slug="soon", live=False)
    page.go_live_at = timezone.now() - timedelta(minutes=1)
    page.save_revision(approved_go_live_at=page.go_live_at)
    assert client.get("/news/soon/").status_code == 404
    assert "Soon" not in main_words(read(client, "/news/"))
    call_command("publish_scheduled")
    assert "Soon" in headings(read(client, "/news/soon/"), "h1")
    assert "Soon" in main_words(read(client, "/news/"))


def test_the_queries_do_not_grow_with_what_it_is_about(
    small_site: SmallSite, page: NewsPage, count_queries: Callable[[str], int]
) -> None:
    page.topics = [TopicFactory()]
    page.centres = [CentrePageFactory(parent=small_site.centres)]
    page.save()
    few = count_queries(page.url)
    page.topics = [TopicFactory() for _ in range(6)]
    page.centres = [CentrePageFactory(parent=small_site.centres) for _ in range(6)]
    page.services = [ServicePageFactory(parent=small_site.services) for _ in range(6)]
    page.save()
    assert count_queries(page.url) == few <= 10


def test_a_correction_without_its_day_and_a_day_to_come_wait_in_a_draft(admin_client: Client, page: NewsPage) -> None:
    correction = [("correction", {"date": "", "text": "It was a hat."})]
    data = shown_form(admin_client, edit_url(page), NewsPage, streams={"corrections": correction})
    assert_not_published(admin_client, edit_url(page), data, "corrections", "This field is required.")
    tomorrow = (timezone.localdate() + timedelta(days=1)).strftime("%d/%m/%Y")
    data = fill(shown_form(admin_client, edit_url(page), NewsPage), date=tomorrow)
    assert "Set schedule" in beside(send(admin_client, edit_url(page), data), "date")
    assert send(admin_client, edit_url(page), data, action="").status_code == 302
