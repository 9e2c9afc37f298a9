"""A site with one new forum update and very many who follow it, made quickly: for the drill and the bench."""

from django.utils import timezone
from wagtail.models import Site

from centres.factories import CentrePageFactory, CentresPageFactory
from followers.models import Follow, Follower
from news.factories import ForumPageFactory, ForumsPageFactory, ForumUpdatePageFactory

BATCH = 5000


def add_followers(number: int) -> None:
    """Fill an empty database with a centre, its forum and so many followers, and publish an update of the forum.

    Half of them follow the forum beside the centre, so that they could be told twice.
    """
    home = Site.objects.get(is_default_site=True).root_page
    centre = CentrePageFactory.create(parent=CentresPageFactory.create(parent=home))
    forum = ForumPageFactory.create(parent=ForumsPageFactory.create(parent=home))
    forum.centres.add(centre)
    forum.save()
    now = timezone.now()
    for first in range(0, number, BATCH):
        people = Follower.objects.bulk_create(
            Follower(email=f"follower-{each}@example.org", confirmed_at=now)
            for each in range(first, min(first + BATCH, number))
        )
        Follow.objects.bulk_create(
            Follow(follower=person, page_id=page.pk, consent="Yes.", asked_at=now, confirmed_at=now)
            for place, person in enumerate(people)
            for page in (centre, forum)[: 1 + place % 2]
        )
    ForumUpdatePageFactory.create(parent=forum, live=False).save_revision().publish()
