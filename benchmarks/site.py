"""A site full of made-up content, made quickly: what `manage.py bench` measures."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import cycle, islice
from typing import Any
from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection, Locale, Page

from centres.factories import (
    CentrePageFactory,
    CentreServicePageFactory,
    MilestoneFactory,
    PartnerFactory,
    RolePageFactory,
    ServicePageFactory,
)
from centres.models import CentrePage, Milestone, Partner, ServicePage, ServiceStatus
from core.factories import SiteDocumentFactory
from core.models import SiteDocument, SiteSettings
from home.factories import ContentPageFactory, SmallSite, make_site
from leaflets.factories import LeafletFileFactory, LeafletPageFactory, NewsletterIssuePageFactory, NewsletterPageFactory
from leaflets.models import DocumentReading, FileFormat, LeafletFile, LeafletKind, LeafletPage, ReadingState
from news.factories import ForumPageFactory, ForumUpdatePageFactory, NewsPageFactory, TopicFactory
from news.models import ForumPage, PostPage
from whats_on.factories import EventDateFactory, EventPageFactory
from whats_on.models import DateState, EventDate, EventKind

ROLES = 20
ROLES_PER_SERVICE = 3
FORUMS = 5
NEWS_PER_UPDATE = 5
TOPICS = 8
DATES_PER_EVENT = 3
ISSUES = 40
WORDS = "<p>Throwing, catching and everything in between, for beginners and for those who have dropped a ball.</p>"
BODY = [("text", f"<h2>Part {number}</h2>{WORDS * 3}") for number in range(10)]
WEEK = [("session", {"days": ["0", "1", "2", "3", "4"], "opens": "09:00", "closes": "17:00"})]


@dataclass(frozen=True)
class Size:
    """How much content to make: centres, services at each of them, news items, events, leaflets."""

    centres: int = 40
    services: int = 30
    news: int = 5000
    events: int = 500
    leaflets: int = 500


@transaction.atomic
def fill(size: Size) -> dict[str, str]:
    """Fill an empty database with a site where every centre lists every service; return a path per page type."""
    site = make_site()
    _add_content(site)
    roles = add_pages(site.roles, (RolePageFactory.build(helps_with=WORDS) for _ in range(ROLES)))
    services = add_pages(site.services, (ServicePageFactory.build(how_to_use=WORDS) for _ in range(size.services)))
    centres = add_pages(site.centres, (_centre() for _ in range(size.centres)))
    link(ServicePage.roles, [each for each in services for _ in range(ROLES_PER_SERVICE)], roles)
    _tell_stories(centres)
    for centre in centres:
        offers = zip(services, cycle(ServiceStatus), strict=False)
        add_pages(
            centre,
            (
                CentreServicePageFactory.build(centre=centre, service=service, status=status, access=["walk_in"])
                for service, status in offers
            ),
        )
    centre, service = centres[0], services[0]
    return {
        "home": "/",
        "centres": "/centres/",
        "centre": f"/centres/{centre.slug}/",
        "services": "/services/",
        "services, filtered": f"/services/?centre={centre.slug}&status=available",
        "service": f"/services/{service.slug}/",
        "service at a centre": f"/centres/{centre.slug}/{service.slug}/",
        "roles": "/services/roles/",
        "role": f"/services/roles/{roles[0].slug}/",
        "content": "/about/",
        **_add_news(site, size.news, centres, services),
        **_add_events(site, size.events, centres),
        **_add_leaflets(site, size.leaflets, centres, services),
        "search": f"/search/?{urlencode({'query': service.title})}",
    }


def add_pages(parent: Page, new: Iterable[Any]) -> list[Any]:
    """Save new, live pages of one type beneath a parent, after those it has; return them.

    Many times quicker than `add_child`, because it neither validates nor indexes.
    """
    pages = list(new)
    locale = Locale.get_default()
    content_type = ContentType.objects.get_for_model(type(pages[0]))
    before = parent.numchild
    now = timezone.now()
    for number, page in enumerate(pages, start=before + 1):
        page.path = Page._get_path(parent.path, parent.depth + 1, number)
        page.depth = parent.depth + 1
        page.url_path = f"{parent.url_path}{page.slug}/"
        page.draft_title = page.title
        page.locale = locale
        page.content_type = content_type
        page.first_published_at = page.last_published_at = now
    rows = Page.objects.bulk_create(Page(**_values(page, Page)) for page in pages)
    # The row that all pages share is there; those of the page's own type, and of the types between, are not.
    own, *between = [type(pages[0]), *(each for each in type(pages[0])._meta.all_parents if each is not Page)]
    for page, row in zip(pages, rows, strict=True):
        page.pk = row.pk
        for model in (own, *between):
            for pointer in model._meta.parents.values():
                setattr(page, pointer.attname, row.pk)
        for model in reversed(between):
            model(**_values(page, model)).save_base(raw=True, force_insert=True)
        page.save_base(raw=True, force_insert=True)
    Page.objects.filter(pk=parent.pk).update(numchild=before + len(pages))
    parent.numchild = before + len(pages)
    return pages


def _values(page: Page, model: type[Model]) -> dict[str, Any]:
    """Return a page's values of the fields that `model` has."""
    return {field.attname: getattr(page, field.attname) for field in model._meta.concrete_fields}


def link(relation: Any, pages: list[Any], others: list[Any]) -> None:
    """Point each of `pages` to one of `others`, in turn, by a many-to-many relation."""
    through = relation.through
    source, target = relation.field.m2m_column_name(), relation.field.m2m_reverse_name()
    through.objects.bulk_create(
        through(**{source: page.pk, target: other.pk}) for page, other in zip(pages, cycle(others), strict=False)
    )


def _centre() -> CentrePage:
    centre: CentrePage = CentrePageFactory.build(
        address="1 Made-up Street", postcode="ZZ1 1ZZ", telephone="01632 960001", travel=WORDS, hours=WEEK
    )
    return centre


def _tell_stories(centres: list[CentrePage]) -> None:
    """Give each centre milestones and partners."""
    Milestone.objects.bulk_create(
        MilestoneFactory.build(centre=centre, date=date(2020, month, 1)) for centre in centres for month in range(1, 6)
    )
    Partner.objects.bulk_create(PartnerFactory.build(centre=centre) for centre in centres for _ in range(3))


def _add_content(site: SmallSite) -> None:
    """Add pages of text, link them in the footer, and fill in the settings."""
    pages = [
        ContentPageFactory(parent=site.home, title=title, slug=title.lower(), body=BODY)
        for title in ("About", "Accessibility", "Cookies", "Privacy")
    ]
    settings = SiteSettings.for_site(site.site)
    settings.urgent_999 = settings.urgent_111 = settings.urgent_mental_health = WORDS
    settings.footer_links = [("link", {"text": "", "page": page, "url": ""}) for page in pages]
    settings.save()


def _days(number: int, step: int = 1) -> Iterator[date]:
    """Yield days, newest first, from today back, so many days apart."""
    today = timezone.localdate()
    return (today - timedelta(days=each * step) for each in range(number))


def _add_news(site: SmallSite, number: int, centres: list[Any], services: list[Any]) -> dict[str, str]:
    """Add news about a centre, a service and a topic each, and forums with their updates."""
    items = add_pages(site.news, (NewsPageFactory.build(date=day, body=BODY) for day in _days(number)))
    topics = [TopicFactory.create() for _ in range(TOPICS)]
    forums = add_pages(site.forums, (ForumPageFactory.build() for _ in range(FORUMS)))
    link(ForumPage.centres, forums, centres)
    updates = max(1, number // NEWS_PER_UPDATE // FORUMS)
    for forum in forums:
        posts = add_pages(forum, (ForumUpdatePageFactory.build(forum=forum, date=day) for day in _days(updates)))
        link(PostPage.topics, posts, topics)
    link(PostPage.centres, items, centres)
    link(PostPage.services, items, services)
    link(PostPage.topics, items, topics)
    return {
        "news": "/news/",
        "news, filtered": f"/news/?centre={centres[0].slug}&topic={topics[0].slug}",
        "news, last page": "/news/?page=9999",
        "news item": items[0].url,
        "forums": "/forums/",
        "forum": forums[0].url,
        "forum update": posts[0].url,
        "feed": reverse("feed", args=["atom"]),
        "feed of a centre": reverse("centre_feed", args=[centres[0].pk, "rss"]),
        "feed of a forum": reverse("forum_feed", args=[forums[0].pk, "json"]),
    }


def _add_events(site: SmallSite, number: int, centres: list[Any]) -> dict[str, str]:
    """Add events on a few dates each, half of them over, every tenth date cancelled."""
    forums = list(ForumPage.objects.order_by("pk"))
    events = add_pages(
        site.events,
        (
            EventPageFactory.build(kind=kind, centre=centre, forum=forum, body=BODY)
            for kind, centre, forum in islice(
                zip(cycle(EventKind), cycle(centres), cycle([*forums, None]), strict=False), number
            )
        ),
    )
    states = cycle([*[DateState.PLANNED] * 9, DateState.CANCELLED])
    EventDate.objects.bulk_create(
        EventDateFactory.build(
            event=event, starts_at=moment, state=state, note="No room." if state != "planned" else ""
        )
        for place, event in enumerate(events)
        for moment, state in zip(_moments(place - number // 2), states, strict=False)
    )
    return {
        "events": "/events/",
        "events, filtered": f"/events/?centre={centres[0].slug}&kind={events[0].kind}",
        "events, past": "/events/?when=past",
        "event": events[-1].url,
        "calendar": reverse("calendar"),
        "calendar of a centre": reverse("centre_calendar", args=[centres[0].pk]),
        "calendar of a forum": reverse("forum_calendar", args=[forums[0].pk]),
    }


def _moments(days: int) -> list[datetime]:
    """Return the beginnings of an event's dates, a week apart, the first so many days from now."""
    first = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=days)
    return [first + timedelta(weeks=week) for week in range(DATES_PER_EVENT)]


def _add_leaflets(site: SmallSite, number: int, centres: list[Any], services: list[Any]) -> dict[str, str]:
    """Add leaflets in two formats each, and a newsletter with issues."""
    kinds = cycle([kind for kind in LeafletKind if kind != LeafletKind.NEWSLETTER])
    leaflets = add_pages(
        site.leaflets,
        (
            LeafletPageFactory.build(date=day, kind=kind, body=BODY)
            for day, kind in zip(_days(number), kinds, strict=False)
        ),
    )
    newsletter = add_pages(site.leaflets, [NewsletterPageFactory.build()])[0]
    issues = add_pages(
        newsletter,
        (NewsletterIssuePageFactory.build(date=day, kind=LeafletKind.NEWSLETTER) for day in _days(ISSUES, 91)),
    )
    link(LeafletPage.centres, leaflets, centres)
    link(LeafletPage.services, leaflets, services)
    _add_files([*leaflets, *issues])
    return {
        "leaflets": "/leaflets/",
        "leaflets, filtered": f"/leaflets/?centre={centres[0].slug}&kind={leaflets[0].kind}",
        "leaflet": leaflets[0].url,
        "newsletter": newsletter.url,
        "newsletter issue": issues[0].url,
    }


def _add_files(leaflets: list[Any]) -> None:
    """Give each leaflet a file for each of two formats, with what was read in it."""
    formats = (FileFormat.STANDARD, FileFormat.LARGE_PRINT)
    wanted = [(leaflet, form) for leaflet in leaflets for form in formats]
    collection = Collection.get_first_root_node()
    documents = SiteDocument.objects.bulk_create(
        SiteDocumentFactory.build(
            title=f"{leaflet.title}, {form.label}",
            file=f"documents/{leaflet.slug}-{form}.pdf",
            file_size=1_400_000,
            file_hash=f"{place:040}",
            pages=8,
            collection=collection,
        )
        for place, (leaflet, form) in enumerate(wanted)
    )
    DocumentReading.objects.bulk_create(
        DocumentReading(document=document, state=ReadingState.READ, file_hash=document.file_hash, texts=[WORDS] * 8)
        for document in documents
    )
    LeafletFile.objects.bulk_create(
        LeafletFileFactory.build(leaflet=leaflet, format=form, document=document)
        for (leaflet, form), document in zip(wanted, documents, strict=True)
    )
