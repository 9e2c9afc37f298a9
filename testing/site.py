"""The fixed pages that are in the test database before each test, to be found again or taken away."""

from io import StringIO

from django.core.management import call_command
from wagtail.models import Page, Site

from centres.models import CentresPage, RolesPage, ServicesPage
from home.factories import SmallSite
from home.models import HomePage
from leaflets.models import LeafletsPage
from news.models import ForumsPage, NewsIndexPage
from whats_on.models import EventsPage


def find_site() -> SmallSite:
    """Return the fixed pages."""
    return SmallSite(
        site=Site.objects.select_related("root_page").get(),
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
    HomePage.objects.get().delete()
    Site.objects.create(hostname="localhost", root_page=Page.objects.get(depth=2), is_default_site=True)


def begin_with_starter_content() -> str:
    """Put the starter content in the place of the fixed pages, by its command; return what that said."""
    take_site_away()
    said = StringIO()
    call_command("load_starter_content", stdout=said)
    return said.getvalue()
