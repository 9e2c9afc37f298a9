"""The home page, which is also where every address of the site is looked up."""

from typing import Any, ClassVar

from django.http import HttpRequest
from wagtail.url_routing import RouteResult

from core.models import BasePage, BodyMixin
from core.navigation import get_navigation


class HomePage(BodyMixin, BasePage):
    """The front door: search, the centres, the services, urgent help."""

    content_panels: ClassVar[list[Any]] = [*BasePage.content_panels, *BasePage.summary_panels, *BodyMixin.body_panels]
    search_fields: ClassVar[list[Any]] = [*BasePage.search_fields, *BodyMixin.body_search_fields]

    page_description = "The front page of the site. There is one."
    max_count = 1
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = [
        "home.ContentPage",
        "centres.CentresPage",
        "centres.ServicesPage",
        "news.NewsIndexPage",
        "news.ForumsPage",
        "events.EventsPage",
        "leaflets.LeafletsPage",
    ]

    class Meta:
        verbose_name = "home page"

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find the page at an address with one query, instead of two for each step of it.

        The same query gives the trail and the menu (`core.navigation.get_navigation`). What it does not find is left
        to Wagtail. Raises Http404 like Wagtail's own.
        """
        pages = get_navigation(request, "/".join(path_components)).pages
        if not pages or pages[-1].url_path != f"{self.url_path}{'/'.join([*path_components, ''])}":
            return super().route(request, path_components)
        found = pages[-1]
        page = self if found.pk == self.pk else found.specific
        if isinstance(page, BasePage):
            # Beneath an alias, privacy is that of other pages; Wagtail finds out.
            page.known_private = found.is_private or any(each.alias_of_id for each in pages)
        if page is self:
            return super().route(request, [])
        # Wagtail keeps the parent in the same way, to save asking for it again.
        page._cached_parent_obj = pages[-2]
        return page.route(request, [])
