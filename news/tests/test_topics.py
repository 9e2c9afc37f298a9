"""Topics: the list that editors keep, and what is left of one that was deleted."""

import pytest
from django.test import Client
from django.urls import reverse

from home.factories import SmallSite
from news.factories import NewsPageFactory, TopicFactory
from news.models import Topic
from testing.html import main_words, read, soup_of, words
from testing.page_checks import assert_refused
from testing.people import person_who_may, signed_in

pytestmark = pytest.mark.database

ADD = "wagtailsnippets_news_topic:add"


def test_an_editor_adds_a_topic_and_residents_narrow_the_news_by_it(
    client: Client, admin_client: Client, small_site: SmallSite
) -> None:
    answer = admin_client.post(reverse(ADD), {"name": "Have your say", "slug": "have-your-say"})
    assert answer.status_code == 302
    NewsPageFactory(parent=small_site.news)
    page = NewsPageFactory(parent=small_site.news, title="Say it")
    page.topics = [Topic.objects.get()]
    page.save()
    assert [words(each) for each in read(client, "/news/?topic=have-your-say").select(".bctt-row__link")] == ["Say it"]


@pytest.mark.parametrize("name", ["have YOUR say", "Have your say"])
def test_a_second_topic_of_the_same_name_is_refused(admin_client: Client, name: str) -> None:
    TopicFactory(name="Have your say", slug="have-your-say")
    answer = admin_client.post(reverse(ADD), {"name": name, "slug": "another"})
    assert answer.status_code == 200
    assert "There is a topic of this name already." in words(soup_of(answer))
    assert Topic.objects.count() == 1


def test_a_deleted_topic_leaves_its_news_without_it(
    client: Client, admin_client: Client, small_site: SmallSite
) -> None:
    topic = TopicFactory.create(name="Clubs")
    page = NewsPageFactory(parent=small_site.news, title="A new club")
    page.topics = [topic]
    page.save()
    assert "Clubs" in main_words(read(client, page.url))

    answer = admin_client.post(reverse("wagtailsnippets_news_topic:delete", args=[topic.pk]))

    assert answer.status_code == 302
    for url in (page.url, "/news/"):
        text = main_words(read(client, url))
        assert "A new club" in text
        assert "Clubs" not in text


def test_topics_stand_by_name_whatever_their_case(client: Client, small_site: SmallSite) -> None:
    page = NewsPageFactory(parent=small_site.news)
    page.topics = [TopicFactory.create(name=name, slug=name.lower()) for name in ("Zebras", "apples", "Bananas")]
    page.save()
    assert "apples, Bananas, Zebras" in main_words(read(client, "/news/"))
    assert "Topics: apples, Bananas, Zebras" in main_words(read(client, page.url))


def test_only_those_who_may_add_a_topic(small_site: SmallSite) -> None:
    assert_refused(signed_in(person_who_may("change", at=small_site.news)), reverse(ADD))
    assert signed_in(person_who_may("news.add_topic")).get(reverse(ADD)).status_code == 200
