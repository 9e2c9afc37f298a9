"""Pages in every state that the starter content does not have, for the checks that look at all of them."""

import gc
import warnings
from datetime import date, time, timedelta
from typing import Any

from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from bctt.tests.example_sections import add_sections
from centres.factories import (
    CentrePageFactory,
    CentreServicePageFactory,
    MilestoneFactory,
    PartnerFactory,
    RolePageFactory,
    ServicePageFactory,
)
from centres.models import CentrePage, CentresPage, RolePage, RolesPage, ServicePage, ServicesPage, ServiceStatus, Stage
from core.blocks import BodyBlock
from core.factories import AlertFactory, SiteDocumentFactory, SiteImageFactory
from core.models.alerts import Severity
from followers.factories import FollowerFactory, FollowFactory, FollowRequestFactory
from followers.tokens import confirm_path, manage_path, unsubscribe_path
from home.factories import ContentPageFactory
from home.models import HomePage
from testing.privacy import make_private
from testing.site import begin_with_starter_content

PASSWORD = "an-open-secret"
# One more than a page of a list holds.
MANY = 25

STARTER_PAGES = {
    "home": "/",
    "centres": "/centres/",
    "centre being built": "/centres/purfleet/",
    "centre planned": "/centres/tilbury/",
    "service planned at a centre": "/centres/purfleet/blood-tests/",
    "services": "/services/",
    "services, narrowed": "/services/?centre=tilbury&status=planned",
    "service with centres": "/services/blood-tests/",
    "roles": "/services/roles/",
    "role": "/services/roles/social-prescribing/",
    "content, long": "/about/for-thurrock-in-thurrock/",
    "content, accessibility": "/accessibility/",
    "urgent help": "/urgent-help/",
    "news": "/news/",
    "news item": "/news/transforming-your-care-in-purfleet/",
    "forums": "/forums/",
    "forum": "/forums/purfleet-on-thames/",
    "forum update": "/forums/purfleet-on-thames/the-plan-for-your-medical-centre/",
    "events": "/events/",
    "event, past": "/events/drop-ins-with-healthwatch-thurrock/",
    "leaflets": "/leaflets/",
    "leaflet to be added": "/leaflets/timescale-for-change/",
    "newsletter without issues": "/leaflets/for-thurrock-in-thurrock-newsletter/",
    "search without a query": "/search/",
    "search with an empty query": "/search/?query=",
    "search with results": "/search/?query=blood",
    "search mended at a postcode": "/search/?query=flebotomy+RM19+1SX&status=planned",
    "search near me with marks": "/search/?query=forum+near+me&sort=newest",
    "search outside Thurrock": "/search/?query=blood+SW1A+1AA",
    "search in an emergency": "/search/?query=chest+pain",
    "search without results": "/search/?query=zzzzzz",
    "search too long": f"/search/?query={'long+' * 60}",
    "follow": "/follow/",
    "follow, asked": "/follow/sent/",
    "follow, link lost": "/follow/link/",
    "follow, link asked": "/follow/link/sent/",
    "not found": "/no-such-page/",
}


def begin_with_example_pages() -> dict[str, str]:
    """Put the starter content and these pages in the place of the fixed pages.

    Returns the paths of pages of both by what is special about them.
    """
    begin_with_starter_content()
    pages = STARTER_PAGES | add_example_pages()
    # Wagtail leaves the temporary files of pictures to the garbage collector, which must not come in a test.
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "unclosed file", ResourceWarning)
        gc.collect()
    return pages


def add_example_pages() -> dict[str, str]:
    """Add the pages to a site with the starter content; return their paths by what is special about them."""
    services = ServicesPage.objects.get()
    jugglers = [RolePageFactory(parent=RolesPage.objects.get(), helps_with="<p>Throwing.</p>") for _ in range(MANY)]
    blood_tests = ServicePage.objects.get(slug="blood-tests")
    return {
        **_centres(blood_tests, jugglers[0], services),
        **add_sections(
            CentrePage.objects.get(short_name="Fulltown"), blood_tests, _body(), SiteImageFactory(), many=MANY
        ),
        **_following(blood_tests),
        **_content(),
        **_alerts(),
        "role of one service": jugglers[0].url,
        "roles, second page": "/services/roles/?page=2",
        **_many_centres(blood_tests),
    }


def _centres(blood_tests: ServicePage, juggler: RolePage, services: ServicesPage) -> dict[str, str]:
    """Add an open centre with all there is, one with nothing, and one of each stage."""
    today = timezone.localdate()
    parent = CentresPage.objects.get()
    full = CentrePageFactory(
        parent=parent,
        short_name="Fulltown",
        checked_on=today,
        address="1 Made-up Street\nFulltown",
        postcode="ZZ1 1ZZ",
        telephone="01632 960001",
        email="fulltown-integrated-medical-centre-reception@example.org",
        travel="<p>Take <b>any bus</b>.</p>",
        parking="<ul><li>Behind the building</li></ul>",
        access_features=["step_free", "hearing_loop", "changing_places"],
        access_notes="Ring twice.\n\nThe bell is low.",
        hours=_hours(),
        exceptions=_exceptions(today),
        hours_note="Reception closes half an hour earlier.",
        notice="The lift is out of order.\nUse the ramp.",
        notice_ends_on=today,
        body=_body(),
    )
    for year, state in enumerate(("done", "expected", "delayed", "cancelled"), start=2020):
        MilestoneFactory(
            centre=full,
            date=date(year, 6, 1),
            precision="season",
            state=state,
            change_reason="The clay was wet.",
            earlier_dates=[{"text": "2019", "reason": ""}, {"text": "early", "reason": "The clay was wet."}],
        )
    PartnerFactory(centre=full, website="https://example.org/", from_date=date(2018, 1, 1), other_names="The Clubs")
    PartnerFactory(centre=full, role="", from_date=date(2016, 1, 1), to_date=date(2018, 1, 1))

    pages = {"centre open, with everything": full.url}
    for status in ServiceStatus:
        page = CentreServicePageFactory(
            parent=full,
            service=ServicePageFactory(parent=services, how_to_use="<p>Bring three balls.</p>", roles=[juggler]),
            status=status,
            access=["walk_in", "through_gp"],
            access_details="<p>Knock first.</p>",
            note="Only on dry days.",
            decision_expected=date(2030, 6, 1),
        )
        pages[f"service {status.label.lower()} at an open centre"] = page.url
    pages["service with contact and hours of its own"] = CentreServicePageFactory(
        parent=full,
        service=blood_tests,
        telephone="01632 960002",
        email="bloods@example.org",
        website="https://example.org/a-rather-long-address-without-any-place-to-break/booking?centre=fulltown",
        hours=_hours(),
        roles=[juggler],
        checked_on=today,
    ).url
    pages["centre open, with nothing"] = CentrePageFactory(parent=parent).url
    for stage in (Stage.PROPOSED, Stage.NOT_GOING_AHEAD):
        pages[f"centre {stage.label.lower()}"] = CentrePageFactory(
            parent=parent, stage=stage, expected_opening=date(2030, 12, 31), expected_opening_precision="end_of_year"
        ).url
    pages["service no centre lists"] = ServicePageFactory(parent=services, body=_body()).url
    return pages


def _content() -> dict[str, str]:
    """Add a page with every block, and one that asks for a password."""
    home = HomePage.objects.get()
    secret = ContentPageFactory(parent=home, title="For friends", slug="for-friends")
    make_private(secret, PageViewRestriction.PASSWORD, password=PASSWORD)
    every_block = ContentPageFactory(
        parent=home, title="Every block", slug="every-block", body=_body(), checked_on=timezone.localdate()
    )
    long_word = ContentPageFactory(parent=home, title=f"Long {'word' * 20}", slug="long-word")
    return {
        "content with every block": every_block.url,
        "content with a long word": long_word.url,
        "password asked": secret.url,
    }


def _alerts() -> dict[str, str]:
    """Add a page with an alert of each severity."""
    page = ContentPageFactory(parent=HomePage.objects.get(), title="Alerts", slug="alerts")
    for severity in Severity:
        AlertFactory(severity=severity, pages=[page], link_url="/centres/", link_text="Other centres")
    return {"content with alerts": page.url}


def _many_centres(service: ServicePage) -> dict[str, str]:
    """Add so many centres that lists have pages and the filter folds away."""
    for _ in range(MANY):
        CentreServicePageFactory(parent=CentrePageFactory(parent=CentresPage.objects.get()), service=service)
    return {
        "home with many centres": "/",
        "centres, second page": "/centres/?page=2",
        "services with many centres": "/services/?status=available",
        "service at many centres": service.url,
    }


def _hours() -> list[Any]:
    weekdays = ["0", "1", "2", "3", "4"]
    return [
        ("session", {"days": weekdays, "opens": time(9), "closes": time(12, 30)}),
        ("session", {"days": weekdays, "opens": time(13, 30), "closes": time(17)}),
        ("session", {"days": ["5"], "opens": time(20), "closes": time(2)}),
    ]


def _following(page: Page) -> dict[str, str]:
    """Return the pages that somebody with a link from an e-mail sees."""
    asked = FollowRequestFactory.create(pages=[page])
    follower = FollowFactory.create(page=page).follower
    refused = FollowFactory.create(page=page, follower__paused_at=timezone.now()).follower
    left = FollowerFactory.create(left_at=timezone.now())
    return {
        "follow, link broken": "/follow/manage/broken/",
        "follow, to confirm": confirm_path(asked.key),
        "follow, with a tick": f"/follow/?page={page.pk}",
        "follow, to manage": manage_path(follower.key),
        "follow, saved": f"{manage_path(follower.key)}?saved=1",
        "follow, refused": manage_path(refused.key),
        "follow, to unsubscribe": unsubscribe_path(follower.key),
        "follow, unsubscribed": unsubscribe_path(left.key),
        "follow, nothing left": manage_path(left.key),
    }


def _exceptions(today: date) -> list[Any]:
    training, holiday = today + timedelta(days=8), today + timedelta(days=20)
    times = [{"opens": time(10), "closes": time(12)}]
    return [
        ("exception", {"label": "training day", "first": training, "last": None, "times": times}),
        ("exception", {"label": "holiday", "first": holiday, "last": holiday + timedelta(days=3), "times": []}),
    ]


def _body() -> Any:
    """Return a body that has every block there is."""
    text = [{"type": "text", "value": "<p>Some <b>words</b>.</p>"}]
    link = {"text": "Find a pharmacy", "external_url": "https://example.org/", "internal_page": None}
    table = {
        "caption": "Beds",
        "columns": [{"type": "text", "heading": heading} for heading in ("Place", "Number of beds", "Since")],
        "rows": [{"values": ["Testville", "12", "A year that cannot be broken: " + "x" * 40]}],
    }
    blocks: list[tuple[str, Any]] = [
        (
            "text",
            '<h2>Main</h2><p>Text with a <a href="https://example.org/">plan</a>.</p><h3>Sub</h3><ol><li>One</li></ol>',
        ),
        ("inset", {"body": "<p>Set apart.</p>"}),
        ("warning", {"title": "Important", "heading_level": "2", "body": "<p>Mind.</p>"}),
        ("warning", {"title": "Wet floor", "heading_level": "3", "body": "<p>Mind.</p>"}),
        ("details", {"title": "More", "body": [*text, {"type": "action_link", "value": link}]}),
        ("expander", {"title": "Question", "body": [*text, {"type": "inset", "value": {"body": "<p>Aside.</p>"}}]}),
        ("do_list", {"heading_level": "2", "label": "", "do": ["<p>Rest.</p>", "<p>Drink.</p>"]}),
        ("dont_list", {"heading_level": "3", "label": "Please do not", "dont": ["<p>Run.</p>"]}),
        *(
            ("care_card", {"type": kind, "heading_level": "2", "title": "Call us if:", "body": text})
            for kind in ("primary", "urgent", "immediate")
        ),
        ("summary_list", {"rows": [{"key": "Beds", "value": "<p>12</p>"}], "no_border": False}),
        ("summary_list", {"rows": [{"key": "Beds", "value": "<p>12</p>"}], "no_border": True}),
        ("table", {"table": table, "first_column_is_header": True}),
        ("table", {"table": {**table, "caption": "More beds"}, "first_column_is_header": False}),
        ("image", {"image": _picture(1600, "A large red picture"), "caption": "It is red."}),
        ("image", {"image": _picture(100, ""), "caption": ""}),
        ("document", {"document": SiteDocumentFactory(title="The plan").pk, "title": ""}),
        ("key_figures", {"figures": [{"figure": "49 beds → 37 beds", "label": "on the ward"}]}),
        ("quotation", {"quote": "I like it here.\n\nSo do I.", "who": "A visitor", "source": "The guest book"}),
        ("quotation", {"quote": "Nobody said this.", "who": "", "source": ""}),
        ("action_link", link),
        ("action_link", {**link, "external_url": "", "internal_page": Page.objects.get(slug="centres").pk}),
    ]
    named = {name for name, _ in blocks}
    assert named == set(BodyBlock().child_blocks), "The example body must have every block."
    body = BodyBlock()
    return body.clean(body.to_python([{"type": name, "value": value} for name, value in blocks]))


def _picture(width: int, alt_text: str) -> dict[str, Any]:
    """Return a picture so many pixels wide; without a description it is decorative."""
    image = SiteImageFactory(title="A red picture", file__width=width, file__height=width // 2, file__color="red")
    return {"image": image.pk, "alt_text": alt_text, "decorative": not alt_text}
