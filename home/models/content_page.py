"""Plain content: About, the vision, privacy, cookies, accessibility."""

from typing import Any, ClassVar

from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from core.blocks import BodyBlock
from core.models import BasePage


class ContentPage(BasePage):
    """A page of text that may have pages beneath it."""

    body = StreamField(BodyBlock(), blank=True, help_text="The text of the page, in blocks.")

    content_panels: ClassVar[list[Any]] = [*BasePage.content_panels, *BasePage.summary_panels, FieldPanel("body")]
    settings_panels: ClassVar[list[Any]] = [*BasePage.checked_panels, *BasePage.settings_panels]
    search_fields: ClassVar[list[Any]] = [*BasePage.search_fields, index.SearchField("body")]

    page_description = "A page of text, such as About or Privacy. More pages can go beneath it."
    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "home.ContentPage"]
    subpage_types: ClassVar[list[str]] = ["home.ContentPage"]

    class Meta:
        verbose_name = "page of text"
