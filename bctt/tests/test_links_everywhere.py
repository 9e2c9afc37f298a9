"""No page type, row or block hides a link from the report of dead links."""

import pytest
from django.utils import timezone

from centres.factories import CentrePageFactory
from centres.models import Partner
from core.links.extraction import FoundLink, links_of
from home.factories import SmallSite
from leaflets.factories import LeafletPageFactory
from leaflets.models import LeafletFile
from news.blocks import LinkedBlock
from news.factories import ForumPageFactory, ForumUpdatePageFactory
from whats_on.factories import EventPageFactory

pytestmark = pytest.mark.django_db


def addresses(page: object) -> set[str]:
    return {link.address for link in links_of(page)}  # type: ignore[arg-type]


def test_addresses_of_rows_and_fields_of_every_app_are_found(small_site: SmallSite) -> None:
    centre = CentrePageFactory(parent=small_site.centres)
    Partner.objects.create(centre=centre, name="Jugglers", website="https://partner.example.org/")
    leaflet = LeafletPageFactory(parent=small_site.leaflets)
    LeafletFile.objects.create(leaflet=leaflet, video_url="https://video.example.org/")
    forum = ForumPageFactory(parent=small_site.forums, website="https://forum.example.org/")
    event = EventPageFactory(
        parent=small_site.events,
        booking_link="https://booking.example.org/",
        recap=[("text", '<p><a href="https://recap.example.org/">Recap</a></p>')],
    )
    assert addresses(centre) == {"https://partner.example.org/"}
    assert addresses(leaflet) == {"https://video.example.org/"}
    assert addresses(forum) == {"https://forum.example.org/"}
    assert addresses(event) == {"https://booking.example.org/", "https://recap.example.org/"}


def test_what_goes_with_an_update_is_a_link(small_site: SmallSite) -> None:
    forum = ForumPageFactory(parent=small_site.forums)
    event = EventPageFactory(parent=small_site.events)
    linked = LinkedBlock().to_python([{"type": "event", "value": event.pk}])
    update = ForumUpdatePageFactory(parent=forum, date=timezone.localdate(), linked=linked)
    assert FoundLink("", page=event.pk) in links_of(update)
