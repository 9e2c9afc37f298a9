"""News, forums, events and leaflets in every state that the starter content does not have."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import BytesIO
from itertools import count
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image
from wagtail.models import Site

from centres.models import CentrePage, Milestone, ServicePage
from core.models import SiteSettings
from core.models.media import Language
from leaflets.factories import LeafletPageFactory, NewsletterIssuePageFactory, NewsletterPageFactory
from leaflets.models import FileFormat, LeafletPage, LeafletsPage
from leaflets.tests.documents import add_file, make_document, read
from news.factories import ForumPageFactory, ForumUpdatePageFactory, NewsPageFactory, TopicFactory
from news.models import ForumPage, ForumsPage, NewsIndexPage, Topic
from whats_on.factories import EventDateFactory, EventPageFactory
from whats_on.models import Attendance, DateState, EventKind, EventPage, EventsPage

ENDINGS = {FileFormat.AUDIO: "mp3", FileFormat.EASY_READ: "docx"}
CORRECTIONS = [
    ("correction", {"date": date(2020, 5, 4), "text": "An earlier version gave the wrong ball."}),
    ("correction", {"date": date(2020, 6, 1), "text": "It was red.\n\nNot blue."}),
]


def add_sections(centre: CentrePage, service: ServicePage, body: Any, picture: Any, many: int) -> dict[str, str]:
    """Add pages about a centre and a service, some with `body` and `picture`, and so `many` that lists have pages.

    Returns their paths by what is special about them.
    """
    _say_how_to_get_in_touch()
    topic = TopicFactory.create(name="Balls & clubs", slug="balls-and-clubs")
    forum, forum_pages = _forums(centre, body)
    event, event_pages = _events(centre, forum, body, many)
    leaflet, leaflet_pages = _leaflets(centre, service, body, many)
    subjects: dict[str, Any] = {"centres": [centre], "services": [service], "topics": [topic]}
    linked = [
        ("leaflet", leaflet.pk),
        ("event", event.pk),
        *(("milestone", str(milestone.key)) for milestone in Milestone.objects.filter(centre=centre)),
    ]
    update = ForumUpdatePageFactory(
        parent=forum,
        date=date(2021, 6, 1),
        body=body,
        what_next="<p>We throw again.</p>",
        linked=_stream(linked),
        corrections=CORRECTIONS,
        **subjects,
    )
    return {
        **_news(body, picture, subjects, many),
        **forum_pages,
        "forum update with everything": update.url,
        **event_pages,
        **leaflet_pages,
    }


def _stream(blocks: list[tuple[str, Any]]) -> list[dict[str, Any]]:
    """Return blocks as they are stored."""
    return [{"type": name, "value": value} for name, value in blocks]


def _say_how_to_get_in_touch() -> None:
    settings = SiteSettings.for_site(Site.objects.get(is_default_site=True))
    settings.contact_email = "testshire@example.org"
    settings.contact_telephone = "01632 960009"
    settings.contact_address = "1 Made-up Street\nTestville"
    settings.contact_note = "We juggle on Mondays."
    settings.save()


def _news(body: Any, picture: Any, subjects: dict[str, Any], many: int) -> dict[str, str]:
    parent = NewsIndexPage.objects.get()
    full = NewsPageFactory(
        parent=parent,
        title="A ball was thrown so high that nobody has seen it since, say all who were there on the day",
        slug="high-ball",
        body=body,
        picture=picture,
        picture_alt_text="A large red picture",
        corrections=CORRECTIONS,
        checked_on=timezone.localdate(),
        **subjects,
    )
    bare = NewsPageFactory(parent=parent)
    for _ in range(many):
        NewsPageFactory(parent=parent)
    topic: Topic = subjects["topics"][0]
    return {
        "news with everything": full.url,
        "news with nothing": bare.url,
        "news, second page": "/news/?page=2",
        "news, narrowed": f"/news/?centre={subjects['centres'][0].slug}&topic={topic.slug}&year=2020",
        "news, nothing found": "/news/?year=1999",
    }


def _forums(centre: CentrePage, body: Any) -> tuple[ForumPage, dict[str, str]]:
    """Add a forum with all there is and one with nothing; return the first."""
    parent = ForumsPage.objects.get()
    full = ForumPageFactory(
        parent=parent,
        body=body,
        centres=[centre],
        how_to_join="<p>Come along.</p>",
        contact_role="Keeper of the balls",
        email="a-rather-long-address-of-the-testville-juggling-forum@example.org",
        telephone="01632 960003",
        website="https://example.org/a-rather-long-address-without-any-place-to-break/forum",
        checked_on=timezone.localdate(),
    )
    for month in _months_since(date(2018, 1, 1), 30):
        update = ForumUpdatePageFactory(parent=full, date=month)
    return full, {
        "forum with everything": full.url,
        "forum, second page": f"{full.url}?page=2",
        "forum with nothing": ForumPageFactory(parent=parent, area="").url,
        "forum update with nothing": update.url,
    }


def _months_since(first: date, number: int) -> Iterator[date]:
    return (date(first.year + month // 12, month % 12 + 1, 1) for month in range(number))


def _events(centre: CentrePage, forum: ForumPage, body: Any, many: int) -> tuple[EventPage, dict[str, str]]:
    """Add an event in every state; return the one with all there is."""
    parent = EventsPage.objects.get()
    week = timedelta(weeks=1)
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    full = EventPageFactory(
        parent=parent,
        kind=EventKind.FORUM_MEETING,
        attendance=Attendance.BOTH,
        centre=centre,
        forum=forum,
        address="2 Made-up Street\nTestville",
        postcode="ZZ1 2ZZ",
        joining_link="https://example.org/a-rather-long-address-without-any-place-to-break/meeting?id=1",
        show_joining_link=True,
        booking="<p>Ring <b>twice</b>.</p>",
        booking_link="https://example.org/book",
        access_features=["step_free", "hearing_loop"],
        access_notes="Ring twice.\n\nThe bell is low.",
        bring="<ul><li>Three balls</li></ul>",
        body=body,
        checked_on=timezone.localdate(),
    )
    _add_date(full, now - week)
    _add_date(full, now - timedelta(hours=1))
    _add_date(full, now + week, state=DateState.MOVED, moved_from=now + week - timedelta(days=1), note="It rained.")
    _add_date(full, now + 2 * week, state=DateState.CANCELLED, note="It pours.")
    for number in range(3, 12):
        _add_date(full, now + number * week)
    pages = {
        "event with everything": full,
        "event with one date": EventPageFactory(parent=parent, place=""),
        "event at a centre": EventPageFactory(parent=parent, place="", centre=centre),
        "event cancelled": EventPageFactory(parent=parent, is_cancelled=True, cancelled_note="The balls are lost."),
        "event online, without a link": EventPageFactory(
            parent=parent, kind=EventKind.ONLINE_MEETING, attendance=Attendance.ONLINE, booking="<p>Ask us.</p>"
        ),
    }
    for page in list(pages.values())[1:]:
        _add_date(page, now + week)
    pages["event, day not known"] = EventPageFactory(
        parent=parent, rough_date=timezone.localdate() + timedelta(days=200), rough_date_precision="season"
    )
    pages["event over, with a recap"] = EventPageFactory(parent=parent, recap=body)
    _add_date(pages["event over, with a recap"], now - 2 * week)
    pages["event without a date"] = EventPageFactory(parent=parent)
    for number in range(many):
        _add_date(EventPageFactory(parent=parent), now - 30 * number * week - week)
    return full, {
        **{name: page.url for name, page in pages.items()},
        "events coming up": "/events/",
        "events, narrowed": f"/events/?centre={centre.slug}&kind=forum_meeting",
        "events, nothing found": "/events/?centre=corringham",
        "events, past": "/events/?when=past",
        "events, past, second page": "/events/?when=past&page=2",
    }


def _add_date(event: EventPage, starts_at: datetime, **values: Any) -> None:
    EventDateFactory(event=event, starts_at=starts_at, **values)


def _leaflets(centre: CentrePage, service: ServicePage, body: Any, many: int) -> tuple[LeafletPage, dict[str, str]]:
    """Add a leaflet in every format, one with nothing, and newsletters; return the first."""
    parent = LeafletsPage.objects.get()
    full = LeafletPageFactory(
        parent=parent,
        title="Juggling for all who have two hands & more",
        slug="two-hands",
        kind="plan",
        date_precision="season",
        body=body,
        centres=[centre],
        services=[service],
        checked_on=timezone.localdate(),
    )
    _add_every_format(full)
    newsletter = NewsletterPageFactory(
        parent=parent, body=body, older_copies="<p>In the attic.</p>", centres=[centre], services=[service]
    )
    issues = [
        NewsletterIssuePageFactory(parent=newsletter, number=number, date=month, date_precision="month")
        for number, month in zip(count(1), _months_since(date(2018, 1, 1), many + 1), strict=False)
    ]
    for issue in issues:
        add_file(issue)
    return full, {
        "leaflet in every format": full.url,
        "leaflet with nothing": LeafletPageFactory(parent=parent).url,
        "newsletter with issues": newsletter.url,
        "newsletter, second page": f"{newsletter.url}?page=2",
        "issue between two others": issues[1].url,
        "leaflets, second page": "/leaflets/?page=2",
        "leaflets, narrowed": f"/leaflets/?centre={centre.slug}&service={service.slug}&kind=plan&format=easy_read",
        "leaflets, nothing found": "/leaflets/?centre=grays&kind=poster",
    }


def _add_every_format(leaflet: LeafletPage) -> None:
    for form in FileFormat:
        if form == FileFormat.BSL_VIDEO:
            add_file(leaflet, format=form, video_url="https://example.org/video")
        else:
            ending = ENDINGS.get(form, "pdf")
            add_file(leaflet, make_document(f"Juggling, {form.label}", ending=ending), format=form)
    polish = make_document("Żonglerka", language=Language.POLISH)
    arabic = make_document("ألعاب الخفة", language=Language.ARABIC)
    for document in (polish, arabic):
        add_file(leaflet, document)
    add_file(leaflet, format=FileFormat.LARGE_PRINT)
    standard = leaflet.files.get(format=FileFormat.STANDARD, document__language=Language.ENGLISH).document
    cover = BytesIO()
    Image.new("RGB", (240, 340), "white").save(cover, "webp")
    file = ContentFile(cover.getvalue(), "cover.webp")
    assert standard is not None
    read(standard, read_at=timezone.now(), cover=file, cover_width=240, cover_height=340)
