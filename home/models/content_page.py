"""Plain content: About, the vision, privacy, cookies, accessibility."""

from typing import Any, ClassVar

from core.models import BasePage, BodyMixin


class ContentPage(BodyMixin, BasePage):
    """A page of text that may have pages beneath it."""

    content_panels: ClassVar[list[Any]] = [*BasePage.content_panels, *BasePage.summary_panels, *BodyMixin.body_panels]
    search_fields: ClassVar[list[Any]] = [*BasePage.search_fields, *BodyMixin.body_search_fields]

    page_description = "A page of text, such as About or Privacy. More pages can go beneath it."
    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "home.ContentPage"]
    subpage_types: ClassVar[list[str]] = ["home.ContentPage"]

    class Meta:
        verbose_name = "page of text"
