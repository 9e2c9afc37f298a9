"""A site on which each thing to hide has a canary in its words and is tied to something public in every way."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from centres.factories import (
    CentrePageFactory,
    CentreServicePageFactory,
    MilestoneFactory,
    PartnerFactory,
    RolePageFactory,
    ServicePageFactory,
)
from centres.models import CentrePage, ServiceStatus
from core.factories import AlertFactory, SiteDocumentFactory
from core.models import SiteSettings
from home.factories import ContentPageFactory, SmallSite
from leaflets.factories import LeafletPageFactory, NewsletterIssuePageFactory, NewsletterPageFactory
from leaflets.models import LeafletPage, NewsletterPage
from leaflets.tests.documents import add_file, read
from news.factories import ForumPageFactory, ForumUpdatePageFactory, NewsPageFactory, TopicFactory
from news.feeds import FORMATS
from news.models import ForumPage
from whats_on.factories import EventDateFactory, EventPageFactory
from whats_on.models import AnnouncedDate, EventDate, EventPage

# Each thing to hide has a canary of its own in its words ("zebrafinchcentre") and in its address ("quagga-centre").
CANARY = "zebrafinch"
NEST = "quagga-"
# A word of every page, hidden or not, so that a search for it would find them all.
COMMON = "juggling"
# Pages that are live themselves, and what hides them: the page above, or the service they are about.
BETWEEN = {"here": "centre", "about": "service", "within": "forum", "inside": "series"}


@dataclass(frozen=True)
class World:
    """The site, and the pages by the name that their canaries end with.

    `hidden` are those that tests hide, in an order in which they can be; `between` those of BETWEEN.
    """

    site: SmallSite
    hidden: dict[str, Page]
    between: dict[str, Page]

    @property
    def pages(self) -> dict[str, Page]:
        """Everything that has a canary."""
        return {**self.hidden, **self.between}


def words(name: str) -> dict[str, Any]:
    """Return the canary in every field that all pages have."""
    canary = CANARY + name
    return {
        "slug": NEST + name,
        "title": f"{COMMON} {canary}",
        "summary": f"{COMMON} {canary} summary.",
        "seo_title": f"{canary} seo",
        "search_description": f"{canary} description",
        "team": f"{canary} team",
        "checked_on": timezone.localdate(),
    }


def body(name: str) -> list[dict[str, Any]]:
    """Return the canary in the body of a page."""
    return [{"type": "text", "value": f"<p>{COMMON} {CANARY}{name}</p>"}]


def make_world(site: SmallSite) -> World:
    """Fill a small site."""
    text = ContentPageFactory(parent=site.home, show_in_menus=True, body=body("text"), **words("text"))
    centre, service, role = _centre(site), _service(site), _role(site)
    seen_centre = CentrePageFactory(parent=site.centres, short_name="Testville", title=f"Testville {COMMON} centre")
    seen_service = ServicePageFactory(parent=site.services, title=f"Open {COMMON}", roles=[role])
    other_service = ServicePageFactory(parent=site.services, title=f"Other {COMMON}")
    CentreServicePageFactory(parent=seen_centre, service=seen_service, roles=[role])
    offer = CentreServicePageFactory(
        parent=seen_centre,
        service=other_service,
        status=ServiceStatus.POSSIBLE,
        note=f"{COMMON} {CANARY}offer note",
        access_details=f"<p>{CANARY}offer</p>",
        **_words_of_an_offer("offer"),
    )
    here = CentreServicePageFactory(
        parent=centre, service=seen_service, note=f"{CANARY}here", **_words_of_an_offer("here")
    )
    about = CentreServicePageFactory(
        parent=seen_centre, service=service, note=f"{CANARY}about", **_words_of_an_offer("about")
    )
    pages = {"text": text, "offer": offer, "centre": centre, "service": service, "role": role}
    between = {"here": here, "about": about}
    _add_sections(site, pages, between, seen={"centre": seen_centre, "service": seen_service})
    _link_from_public_places(site, pages)
    # A service is hidden after the pages about it, because unpublishing a service unpublishes them.
    first = {name: pages.pop(name) for name in ("text", "offer", "centre")}
    return World(site, {**first, **pages}, between)


def _words_of_an_offer(name: str) -> dict[str, Any]:
    """Return the canary in the fields of a page between a service and a centre, which has its service's name."""
    fields = words(name)
    del fields["title"], fields["slug"]
    return fields


def _centre(site: SmallSite) -> CentrePage:
    centre: CentrePage = CentrePageFactory(
        parent=site.centres,
        short_name=f"{CANARY}centre town",
        also_known_as=f"{COMMON} {CANARY}centre",
        notice=f"{CANARY}centre notice",
        notice_ends_on=timezone.localdate() + timedelta(days=9),
        address=f"{CANARY}centre street",
        travel=f"<p>{CANARY}centre bus</p>",
        body=body("centre"),
        **words("centre"),
    )
    MilestoneFactory(centre=centre, title=f"{CANARY}centre milestone")
    PartnerFactory(centre=centre, name=f"{CANARY}centre partner")
    return centre


def _service(site: SmallSite) -> Page:
    page: Page = ServicePageFactory(
        parent=site.services,
        also_known_as=f"{COMMON} {CANARY}service",
        how_to_use=f"<p>{CANARY}service</p>",
        body=body("service"),
        **words("service"),
    )
    return page


def _role(site: SmallSite) -> Page:
    page: Page = RolePageFactory(
        parent=site.roles, helps_with=f"<p>{CANARY}role</p>", body=body("role"), **words("role")
    )
    return page


def _add_sections(site: SmallSite, pages: dict[str, Page], between: dict[str, Page], seen: dict[str, Page]) -> None:
    """Add news, forums, events and leaflets: to hide, to be between, and seen ones that name what is hidden."""
    today = timezone.localdate()
    about_both = {
        "centres": [pages["centre"], seen["centre"]],
        "services": [pages["service"], seen["service"]],
    }
    pages["news"] = NewsPageFactory(
        parent=site.news,
        date=today,
        body=body("news"),
        topics=[TopicFactory.create(name=f"{CANARY}news topic", slug=f"{NEST}news-topic")],
        corrections=[("correction", {"date": today, "text": f"{CANARY}news was wrong"})],
        **about_both,
        **words("news"),
    )
    NewsPageFactory(parent=site.news, title=f"Seen news of {COMMON}", date=date(2020, 1, 1), **about_both)
    _add_leaflets(site, pages, between, about_both)
    pages["forum"] = forum = ForumPageFactory(
        parent=site.forums,
        area=f"{CANARY}forum lane",
        contact_role=f"{CANARY}forum keeper",
        how_to_join=f"<p>{CANARY}forum</p>",
        centres=[seen["centre"]],
        body=body("forum"),
        **words("forum"),
    )
    seen_forum = ForumPageFactory(parent=site.forums, title=f"Seen forum of {COMMON}", centres=about_both["centres"])
    _add_events(site, pages, seen["centre"], seen_forum)
    update_words: dict[str, Any] = {"date": today, "what_next": f"<p>{CANARY}update</p>", "body": body("update")}
    pages["update"] = ForumUpdatePageFactory(parent=seen_forum, **update_words, **words("update"))
    between["within"] = ForumUpdatePageFactory(parent=forum, date=today, body=body("within"), **words("within"))
    milestone = pages["centre"].milestones.get()
    linked = [
        ("leaflet", pages["leaflet"].pk),
        ("leaflet", between["inside"].pk),
        ("event", pages["event"].pk),
        ("milestone", str(milestone.key)),
    ]
    ForumUpdatePageFactory(
        parent=seen_forum,
        title=f"Seen update of {COMMON}",
        linked=[{"type": kind, "value": value} for kind, value in linked],
        **about_both,
    )


def _add_events(site: SmallSite, pages: dict[str, Page], seen_centre: Page, seen_forum: Page) -> None:
    pages["event"] = event = EventPageFactory(
        parent=site.events,
        centre=seen_centre,
        forum=seen_forum,
        place=f"{CANARY}event hall",
        address=f"{CANARY}event street",
        recap=body("event"),
        body=body("event"),
        **words("event"),
    )
    EventDateFactory(event=event, note=f"{CANARY}event note")
    _take_out_a_date(event)
    pages["over"] = EventPageFactory(
        parent=site.events,
        centre=seen_centre,
        forum=seen_forum,
        rough_date=date(2020, 1, 1),
        recap=body("over"),
        **words("over"),
    )
    for name, values in {
        "centre": {"centre": pages["centre"], "place": ""},
        "forum": {"forum": pages["forum"]},
    }.items():
        EventDateFactory(event=EventPageFactory(parent=site.events, title=f"Seen {name} event", **values))


def _take_out_a_date(event: EventPage) -> None:
    """Leave behind a date that was published, of which calendars say that it is cancelled."""
    begin = timezone.now() + timedelta(days=5)
    AnnouncedDate.objects.create(event=event, key=uuid4(), starts_at=begin, ends_at=begin + timedelta(hours=1))


def _add_leaflets(site: SmallSite, pages: dict[str, Page], between: dict[str, Page], about: dict[str, Any]) -> None:
    pages["leaflet"] = LeafletPageFactory(
        parent=site.leaflets,
        date=timezone.localdate(),
        kind="poster",
        body=body("leaflet"),
        **about,
        **words("leaflet"),
    )
    pages["series"] = series = NewsletterPageFactory(
        parent=site.leaflets, older_copies=f"<p>{CANARY}series</p>", body=body("series"), **about, **words("series")
    )
    between["inside"] = NewsletterIssuePageFactory(parent=series, **about, **words("inside"))
    seen_series = NewsletterPageFactory(parent=site.leaflets, title=f"Seen {COMMON} letter", **about)
    pages["issue"] = NewsletterIssuePageFactory(
        parent=seen_series, date=timezone.localdate(), **about, **words("issue")
    )
    for month in (1, 3):
        NewsletterIssuePageFactory(parent=seen_series, date=date(2020, month, 1), **about)
    LeafletPageFactory(parent=site.leaflets, title=f"Seen leaflet of {COMMON}", **about)
    for name, page in (("leaflet", pages["leaflet"]), ("issue", pages["issue"]), ("inside", between["inside"])):
        file = ContentFile(f"{COMMON} {CANARY}{name} file".encode(), f"{NEST}{name}.pdf")
        document = SiteDocumentFactory(title=f"{CANARY}{name} file", file=file)
        cover = ContentFile(f"{CANARY}{name} cover".encode(), f"{name}.webp")
        read(
            document,
            texts=[f"{COMMON} {CANARY}{name} spoken"],
            read_at=timezone.now(),
            cover=cover,
            cover_width=10,
            cover_height=10,
        )
        add_file(page, document)


def _link_from_public_places(site: SmallSite, pages: dict[str, Page]) -> None:
    """Link each page from the body of a public one, from the settings, and put an alert on it."""
    linked = "".join(f'<p><a linktype="page" id="{page.pk}">Words</a></p>' for page in pages.values())
    actions = ({"text": "Go", "external_url": "", "internal_page": page.pk} for page in pages.values())
    ContentPageFactory(
        parent=site.home,
        title=f"Seen {COMMON}",
        body=[{"type": "text", "value": linked}, *({"type": "action_link", "value": value} for value in actions)],
    )
    settings = SiteSettings.for_site(site.site)
    settings.urgent_999 = linked
    settings.footer_links = [
        {"type": "link", "value": {"text": "", "page": page.pk, "url": ""}} for page in pages.values()
    ]
    settings.save()
    for name, page in pages.items():
        AlertFactory(title=f"{CANARY}{name} alert", pages=[page])


def addresses_of(page: Page) -> list[str]:
    """Return where a page is served, and all that belongs to it: feeds, calendars, files, covers."""
    addresses = [page.url]
    if isinstance(page, CentrePage):
        addresses += [reverse("centre_feed", args=[page.pk, ending]) for ending in FORMATS]
        addresses.append(reverse("centre_calendar", args=[page.pk]))
    elif isinstance(page, ForumPage):
        addresses += [reverse("forum_feed", args=[page.pk, ending]) for ending in FORMATS]
        addresses.append(reverse("forum_calendar", args=[page.pk]))
    elif isinstance(page, EventPage):
        addresses.append(reverse("event_calendar", args=[page.pk]))
        dates = [*EventDate.objects.filter(event=page), *AnnouncedDate.objects.filter(event=page)]
        addresses += [reverse("date_calendar", args=[page.pk, date.key]) for date in dates]
    elif isinstance(page, NewsletterPage):
        addresses.append(f"{page.url}latest/")
    elif isinstance(page, LeafletPage):
        documents = [file.document for file in page.files.select_related("document") if file.document]
        for document in documents:
            addresses += [document.url, reverse("document_cover", args=[document.pk])]
    return addresses
