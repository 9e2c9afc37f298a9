"""The fixed pages that are in the test database before the first test, to be found again or taken away."""

from wagtail.models import Page, Site

from centres.models import CentresPage, RolesPage, ServicesPage
from events.models import EventsPage
from home.factories import HOSTNAME, SmallSite
from home.models import HomePage
from leaflets.models import LeafletsPage
from news.models import ForumsPage, NewsIndexPage


def find_site() -> SmallSite | None:
    """Return the fixed pages; none where a test that ends by emptying the database took them along."""
    site = Site.objects.select_related("root_page").filter(hostname=HOSTNAME).first()
    if site is None:
        return None
    return SmallSite(
        site=site,
        home=HomePage.objects.get(),
        centres=CentresPage.objects.get(),
        services=ServicesPage.objects.get(),
        roles=RolesPage.objects.get(),
        news=NewsIndexPage.objects.get(),
        forums=ForumsPage.objects.get(),
        events=EventsPage.objects.get(),
        leaflets=LeafletsPage.objects.get(),
    )


def take_site_away() -> None:
    """Leave the database as Wagtail's migrations make it, with its own first page and site."""
    if site := find_site():
        site.home.delete()
        first = {"root_page": Page.objects.get(depth=2), "is_default_site": True}
        # A test of which the database is emptied at the end has Wagtail's site already, beside ours.
        Site.objects.get_or_create(hostname="localhost", defaults=first)
