"""Factories for the home page, plain pages, and a small site to test on."""

from dataclasses import dataclass

from wagtail.models import Page, Site
from wagtail_factories import PageFactory, SiteFactory

from centres.factories import CentresPageFactory, RolesPageFactory, ServicesPageFactory
from centres.models import CentresPage, RolesPage, ServicesPage
from leaflets.factories import LeafletsPageFactory
from leaflets.models import LeafletsPage
from news.factories import ForumsPageFactory, NewsIndexPageFactory
from news.models import ForumsPage, NewsIndexPage
from whats_on.factories import EventsPageFactory
from whats_on.models import EventsPage

from .models import ContentPage, HomePage


class HomePageFactory(PageFactory):
    title = "Testshire together"
    slug = "test-home"
    summary = "Care in Testshire."

    class Meta:
        model = HomePage


class ContentPageFactory(PageFactory):
    """A plain page. Give `parent`."""

    title = "About Testshire"
    summary = "Who we are in Testshire."

    class Meta:
        model = ContentPage


@dataclass(frozen=True)
class SmallSite:
    """The fixed pages of a site, empty."""

    site: Site
    home: HomePage
    centres: CentresPage
    services: ServicesPage
    roles: RolesPage
    news: NewsIndexPage
    forums: ForumsPage
    events: EventsPage
    leaflets: LeafletsPage


def make_site() -> SmallSite:
    """Put the fixed pages in place and make them the default site."""
    home = HomePageFactory(parent=Page.get_first_root_node())
    Site.objects.all().delete()
    site = SiteFactory(hostname="testserver", port=80, root_page=home, is_default_site=True)
    services = ServicesPageFactory(parent=home)
    return SmallSite(
        site=site,
        home=home,
        centres=CentresPageFactory(parent=home),
        services=services,
        roles=RolesPageFactory(parent=services),
        news=NewsIndexPageFactory(parent=home),
        forums=ForumsPageFactory(parent=home),
        events=EventsPageFactory(parent=home),
        leaflets=LeafletsPageFactory(parent=home),
    )
