"""Forums and their updates: what they show, what goes with an update, and what is hidden with a forum."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.test.utils.form_data import rich_text

from centres.factories import CentrePageFactory, MilestoneFactory
from centres.models import CentrePage
from home.factories import SmallSite
from leaflets.factories import LeafletPageFactory
from news.factories import ForumPageFactory, ForumUpdatePageFactory, NewsPageFactory
from news.models import ForumPage, ForumsPage, ForumUpdatePage
from news.queries import POSTS_AT_CENTRE, UPDATES_PER_PAGE, hidden_updates, posts_about_centre, public_posts
from testing.admin_forms import create_url, fill, preview, send, shown_form
from testing.html import headings, link_to, main_words, read, section, soup_of, words
from testing.page_checks import assert_only_its_editors_may_edit, assert_renders
from testing.privacy import make_private
from whats_on.factories import EventDateFactory, EventPageFactory

pytestmark = pytest.mark.database


@pytest.fixture
def centre(small_site: SmallSite) -> CentrePage:
    return CentrePageFactory(parent=small_site.centres, short_name="Oak", title="Oak centre")


@pytest.fixture
def forum(small_site: SmallSite, centre: CentrePage) -> ForumPage:
    page: ForumPage = ForumPageFactory(parent=small_site.forums, title="Testville Forum", slug="testville")
    page.centres = [centre]
    page.save()
    return page


@pytest.fixture
def update(forum: ForumPage) -> ForumUpdatePage:
    return ForumUpdatePageFactory(parent=forum, title="We met", slug="we-met", date=date(2026, 5, 4))


def test_they_render_with_their_names(client: Client, small_site: SmallSite, update: ForumUpdatePage) -> None:
    assert_renders(client, small_site.forums, "Forums")
    assert_renders(client, update.forum, "Testville Forum")
    assert_renders(client, update, "We met")


def test_each_has_its_place_in_the_tree(small_site: SmallSite) -> None:
    assert ForumsPage in small_site.home.allowed_subpage_models()
    assert not ForumsPage.can_create_at(small_site.home)
    assert ForumsPage.allowed_subpage_models() == [ForumPage]
    assert ForumPage.allowed_subpage_models() == [ForumUpdatePage]
    assert ForumUpdatePage.allowed_parent_page_models() == [ForumPage]
    assert ForumUpdatePage.allowed_subpage_models() == []


def test_only_their_editors_may_edit_them(small_site: SmallSite, update: ForumUpdatePage) -> None:
    assert_only_its_editors_may_edit(small_site.forums, elsewhere=small_site.services)
    assert_only_its_editors_may_edit(update.forum, elsewhere=small_site.news)
    assert_only_its_editors_may_edit(update, elsewhere=small_site.news)


def test_lists_say_when_they_are_empty(client: Client, small_site: SmallSite) -> None:
    assert "No forums have been added yet." in main_words(read(client, "/forums/"))
    forum = ForumPageFactory(parent=small_site.forums)
    text = main_words(read(client, forum.url))
    assert "No updates have been added yet." in text
    assert "We do not know yet how to join this forum." in text
    assert "We do not have contact details for this forum yet." in text


def test_the_list_names_area_and_newest_update(client: Client, update: ForumUpdatePage) -> None:
    ForumUpdatePageFactory(parent=update.forum, date=date(2026, 6, 1), live=False)
    text = main_words(read(client, "/forums/"))
    assert "Area: Testville" in text
    assert "Latest update: 4 May 2026" in text


def test_a_forum_shows_its_updates_by_year_newest_first(client: Client, forum: ForumPage) -> None:
    for title, day in (("Old", date(2024, 1, 1)), ("New", date(2026, 1, 1)), ("Newer", date(2026, 2, 1))):
        ForumUpdatePageFactory(parent=forum, title=title, date=day)
    updates = section(read(client, forum.url), "Updates")
    assert [words(each) for each in updates.select("h3, .bctt-row__link")] == ["2026", "Newer", "New", "2024", "Old"]


def test_a_forum_names_a_role_to_contact_and_the_public_centres_it_follows(
    client: Client, small_site: SmallSite, forum: ForumPage, centre: CentrePage
) -> None:
    forum.contact_role, forum.email = "Forum secretary", "forum@example.org"
    forum.centres = [centre, CentrePageFactory(parent=small_site.centres, title="Secret centre", live=False)]
    forum.how_to_join = "<p>Bring a ball.</p>"
    forum.save()
    soup = read(client, forum.url)
    assert "Contact: Forum secretary" in main_words(soup)
    assert link_to(soup, "forum@example.org") == "mailto:forum@example.org"
    assert link_to(soup, "Oak centre") == centre.url
    assert "Secret" not in str(soup)


def test_many_updates_have_pages(client: Client, forum: ForumPage) -> None:
    for _ in range(UPDATES_PER_PAGE + 1):
        ForumUpdatePageFactory(parent=forum)
    assert len(read(client, forum.url).select("#updates .bctt-row")) == UPDATES_PER_PAGE
    assert len(read(client, f"{forum.url}?page=2").select("#updates .bctt-row")) == 1


def test_an_update_says_it_in_short_and_what_happens_next(client: Client, update: ForumUpdatePage) -> None:
    update.what_next = "<p>We meet again.</p>"
    update.save()
    soup = read(client, update.url)
    assert "In short: We met and juggled." in main_words(soup)
    assert "We meet again." in words(section(soup, "What happens next"))
    assert "4 May 2026 · Testville Forum" in main_words(soup)


def test_what_goes_with_an_update_is_linked_while_it_can_be_seen(
    client: Client, small_site: SmallSite, update: ForumUpdatePage, centre: CentrePage
) -> None:
    leaflet = LeafletPageFactory(parent=small_site.leaflets, title="How to fall")
    event = EventPageFactory(parent=small_site.events, title="Evening")
    milestone = MilestoneFactory.create(centre=centre, title="Roof on", date=date(2030, 6, 1), precision="season")
    update.linked = [("leaflet", leaflet), ("event", event), ("milestone", str(milestone.key))]
    update.save()

    soup = read(client, update.url)
    assert link_to(soup, "How to fall") == leaflet.url
    assert link_to(soup, "Evening") == event.url
    assert "Oak: Roof on – summer 2030, expected" in main_words(soup)
    assert link_to(soup, "Oak: Roof on") == f"{centre.url}#story"

    leaflet.unpublish()
    make_private(event)
    make_private(centre)
    soup = read(client, update.url)
    assert [each for each in ("How to fall", "Evening", "Roof on") if each in str(soup)] == []
    assert "Goes with this update" not in headings(soup)


def test_what_was_deleted_leaves_no_dead_link(
    client: Client, small_site: SmallSite, update: ForumUpdatePage, centre: CentrePage
) -> None:
    leaflet = LeafletPageFactory(parent=small_site.leaflets)
    milestone = MilestoneFactory.create(centre=centre)
    update.linked = [("leaflet", leaflet), ("milestone", str(milestone.key)), ("milestone", "no key at all")]
    update.save()
    leaflet.delete()
    milestone.delete()
    assert "Goes with this update" not in headings(read(client, update.url))


def test_an_editor_writes_previews_and_publishes_an_update(
    client: Client, admin_client: Client, small_site: SmallSite, forum: ForumPage
) -> None:
    leaflet = LeafletPageFactory(parent=small_site.leaflets, title="How to fall")
    url = create_url(forum, ForumUpdatePage)
    streams = {"body": [("text", rich_text("<p>All of it.</p>"))], "linked": [("leaflet", leaflet.pk)]}
    data = shown_form(admin_client, url, ForumUpdatePage, streams=streams)
    fill(data, title="News of us", slug="news-of-us", summary="We met.", date="04/05/2026")
    fill(data, what_next=rich_text("<p>More.</p>"))

    shown = main_words(soup_of(preview(admin_client, url, data)))
    assert send(admin_client, url, data).status_code == 302
    for text in (shown, main_words(read(client, f"{forum.url}news-of-us/"))):
        for each in ("In short: We met.", "All of it.", "More.", "How to fall"):
            assert each in text


def test_an_update_of_an_unpublished_forum_is_hidden_and_comes_back(
    client: Client, forum: ForumPage, update: ForumUpdatePage
) -> None:
    forum.live = False
    forum.save()
    assert client.get(update.url).status_code == 404
    assert list(hidden_updates()) == [update]
    assert "We met" not in client.get("/sitemap.xml").content.decode()
    for url in ("/", "/centres/oak/", "/feeds/news.atom", "/search/?query=met"):
        assert "We met" not in client.get(url).content.decode(), url
    forum.live = True
    forum.save()
    assert client.get(update.url).status_code == 200
    assert "We met" in client.get("/").content.decode()


def test_lists_and_the_page_itself_agree_on_updates_of_a_private_forum(
    forum: ForumPage, update: ForumUpdatePage
) -> None:
    assert (update.is_shown, list(hidden_updates())) == (True, [])
    make_private(forum)
    assert (update.is_shown, list(hidden_updates())) == (False, [update])


def test_a_moved_update_belongs_to_its_new_forum(small_site: SmallSite, update: ForumUpdatePage) -> None:
    other = ForumPageFactory(parent=small_site.forums)
    update.move(other, pos="last-child")
    assert ForumUpdatePage.objects.get().forum == other


def test_a_copied_forum_has_updates_of_its_own(forum: ForumPage, update: ForumUpdatePage) -> None:
    copy = forum.copy(recursive=True, update_attrs={"title": "Copy", "slug": "copy"})
    assert {each.forum_id for each in ForumUpdatePage.objects.all()} == {forum.pk, copy.pk}


def test_a_forum_is_deleted_with_its_updates(forum: ForumPage, update: ForumUpdatePage) -> None:
    ForumPage.objects.get().delete()
    assert not ForumUpdatePage.objects.exists()


def test_a_centre_shows_news_about_it_and_updates_of_forums_that_follow_it(
    client: Client, small_site: SmallSite, centre: CentrePage, update: ForumUpdatePage
) -> None:
    about = NewsPageFactory(parent=small_site.news, title="Oak roof", slug="oak-roof", date=date(2026, 6, 1))
    about.centres = [centre]
    about.save()
    NewsPageFactory(parent=small_site.news, title="Elsewhere")
    # An update that names the centre too is there once.
    update.centres = [centre]
    update.save()
    assert [post.title for post in posts_about_centre(centre).posts] == ["Oak roof", "We met"]
    news = section(read(client, centre.url), "News")
    assert [words(each) for each in news.select(".bctt-row__link")] == ["Oak roof", "We met"]
    assert link_to(news, "All news about this centre") == "/news/?centre=oak"


def test_the_way_to_all_news_is_there_while_the_list_has_some(
    client: Client, small_site: SmallSite, centre: CentrePage, update: ForumUpdatePage
) -> None:
    def ways() -> list[str]:
        """Return the links to the list of news on home and on the centre's page."""
        links = [each for url in ("/", centre.url) for each in read(client, url).select("main a[href^='/news/']")]
        return [str(each["href"]) for each in links if words(each).startswith("All news")]

    assert ways() == []
    news = NewsPageFactory(parent=small_site.news, date=date(2020, 1, 1))
    assert ways() == ["/news/"]
    news.centres = [centre]
    news.save()
    for _ in range(POSTS_AT_CENTRE):
        ForumUpdatePageFactory(parent=update.forum)
    assert ways() == ["/news/", "/news/?centre=oak"], "None of it is news about the centre that the page shows."
    small_site.news.unpublish()
    assert ways() == []


def test_a_centre_without_news_has_no_section_of_it(client: Client, centre: CentrePage) -> None:
    assert "News" not in headings(read(client, centre.url))


def test_home_shows_the_newest_posts_of_all_kinds(
    client: Client, small_site: SmallSite, update: ForumUpdatePage
) -> None:
    NewsPageFactory(parent=small_site.news, title="Newer", date=date(2026, 6, 1))
    latest = section(read(client, "/"), "Latest news")
    assert [words(each) for each in latest.select(".bctt-row__link")] == ["Newer", "We met"]
    assert link_to(latest, "All news") == "/news/"


def test_the_queries_do_not_grow_with_updates_and_what_goes_with_them(
    small_site: SmallSite, forum: ForumPage, centre: CentrePage, count_queries: Callable[[str], int]
) -> None:
    def add(number: int) -> ForumUpdatePage:
        update = ForumUpdatePageFactory(parent=forum)
        blocks: list[tuple[str, object]] = []
        for _ in range(number):
            event = EventPageFactory(parent=small_site.events, forum=forum)
            EventDateFactory(event=event)
            EventDateFactory(event=event, starts_at=timezone.now() - timedelta(days=9))
            blocks += [("leaflet", LeafletPageFactory(parent=small_site.leaflets)), ("event", event)]
            blocks += [("milestone", str(MilestoneFactory.create(centre=centre).key))]
            NewsPageFactory(parent=small_site.news).centres.add(centre)
            ForumPageFactory(parent=small_site.forums)
        update.linked = blocks
        update.save()
        return update

    first = add(1)
    few = [count_queries(url) for url in (first.url, forum.url, "/forums/", "/", centre.url)]
    many = add(6)
    assert [count_queries(url) for url in (many.url, forum.url, "/forums/", "/", centre.url)] == few
    assert few[0] <= 10
    assert max(few[1:]) <= 12


def test_public_posts_leave_out_what_is_below_a_private_forum(
    small_site: SmallSite, forum: ForumPage, update: ForumUpdatePage
) -> None:
    news = NewsPageFactory(parent=small_site.news)
    make_private(forum)
    assert [post.pk for post in public_posts()] == [news.pk]
