"""Our own screens of the admin, in Chromium, as an editor who is not an administrator: WCAG 2.2 AA by axe, reflow."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page

from centres.models import CentrePage, CentreServicePage
from core.factories import AlertFactory
from editors.dashboard import KINDS
from editors.groups import set_up_groups
from editors.guide import tasks
from home.factories import ContentPageFactory
from home.models import HomePage
from testing.people import member_of

from .admin import settle, sign_in_without_form
from .conftest import DESKTOP, PHONE
from .test_accessibility import BOTH_SIZES, resize, violations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:[Uu]nclosed file:ResourceWarning"),
]

# What reaches out of the window and is in nothing that scrolls on purpose.
CUT_OFF = """() => [...document.querySelectorAll("main *")]
  .filter(each => each.getBoundingClientRect().right > innerWidth + 1 && each.getBoundingClientRect().width > 1)
  .filter(each => !each.closest(".bctt-scroll, .w-slim-header, .w-sr-only, [hidden]"))
  .map(each => each.outerHTML.slice(0, 100))"""


# Wagtail’s editor of rich text gives its field no name; Wagtail’s own page forms have it too.
WAGTAILS_EDITOR = "public-DraftEditor-content"


@pytest.fixture
def editor(site: str, new_context: Callable[..., BrowserContext]) -> Page:
    """A window of a site editor."""
    set_up_groups()
    user = member_of("Site editors")
    context = new_context(viewport=DESKTOP)
    sign_in_without_form(context, user, at=site)
    return context.new_page()


def screens() -> list[str]:
    """Return the addresses of all our screens, with something on each."""
    page = CentreServicePage.objects.select_related("centre").first()
    assert page is not None
    page.note = "Changed."
    page.save_revision()
    body = [("text", '<p><a linktype="page" id="99999">A lost page</a></p>')]
    long = ContentPageFactory.create(parent=HomePage.objects.get(), title=f"{'Unforeseeable ' * 12}title", body=body)
    long.save_revision().publish()
    now = timezone.now()
    AlertFactory(title="Ends soon", starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1))
    CentrePage.objects.filter(pk=page.centre_id).update(notice="News", notice_ends_on=timezone.localdate())
    ticked = f"?id={page.pk}&id={page.centre_id}"
    return [
        reverse("wagtailadmin_home"),
        *(reverse("editors_to_do", args=[kind]) for kind in KINDS),
        reverse("editors_guide"),
        *(reverse("editors_guide_task", args=[slug]) for slug in tasks()),
        reverse("core_share_draft", args=[page.pk]),
        reverse("core_share_draft", args=[long.pk]),
        reverse("wagtailadmin_pages:delete", args=[long.pk]),
        reverse("core_still_correct", args=[page.pk]),
        reverse("wagtail_bulk_action", args=["wagtailcore", "page", "still-correct"]) + ticked,
        reverse("wagtail_bulk_action", args=["wagtailcore", "page", "still-correct"]),
        reverse("wagtailadmin_pages:delete", args=[page.pk]),
        reverse("wagtailadmin_pages:unpublish", args=[page.pk]),
        reverse("centres_opens", args=[page.centre_id]),
        reverse("centres_closes", args=[page.centre_id]),
        reverse("core_dead_links"),
        reverse("search_report"),
        f"{reverse('search_teach')}?query=bloods",
    ]


def test_axe_finds_nothing_and_nothing_scrolls_sideways(editor: Page) -> None:
    found = []
    for address in screens():
        resize(editor, PHONE)
        answer = editor.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        if editor.locator(".messages li").count():
            settle(editor)
        for size in BOTH_SIZES:
            wrong = violations(editor, "main", (size,))
            found += [
                f"{address} {rule['id']}: {node['html'][:150]}"
                for rule in wrong
                for node in rule["nodes"]
                if WAGTAILS_EDITOR not in node["html"]
            ]
            # Wagtail hides what is too wide for its main part, so look at what is in it.
            found += [f"{address} cuts off {html} at {size['width']}" for html in editor.evaluate(CUT_OFF)]
    assert not found, "\n".join(found)
