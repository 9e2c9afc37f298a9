"""Roles: the people residents may see, such as a social prescriber."""

from typing import Any, ClassVar

from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.search import index

from core.blocks import TEXT_FEATURES, BodyBlock
from core.models import AlsoKnownAsMixin, BasePage


class RolesPage(BasePage):
    """The list of roles."""

    body = StreamField(BodyBlock(), blank=True, help_text="An introduction above the list. May stay empty.")

    content_panels: ClassVar[list[Any]] = [*BasePage.content_panels, *BasePage.summary_panels, FieldPanel("body")]
    settings_panels: ClassVar[list[Any]] = [*BasePage.checked_panels, *BasePage.settings_panels]
    search_fields: ClassVar[list[Any]] = [*BasePage.search_fields, index.SearchField("body")]

    page_description = "The list of people you may see at a centre. There is one on the site."
    max_count = 1
    parent_page_types: ClassVar[list[str]] = ["centres.ServicesPage"]
    subpage_types: ClassVar[list[str]] = ["centres.RolePage"]

    class Meta:
        verbose_name = "list of roles"


class RolePage(AlsoKnownAsMixin, BasePage):
    """One role: who the person is and what they help with."""

    helps_with = RichTextField(
        "what they help with",
        features=TEXT_FEATURES,
        blank=True,
        help_text="What this person can do for you, best as a short list.",
    )
    body = StreamField(BodyBlock(), blank=True, help_text="More about the role. May stay empty.")

    content_panels: ClassVar[list[Any]] = [
        *BasePage.content_panels,
        *BasePage.summary_panels,
        *AlsoKnownAsMixin.also_known_as_panels,
        FieldPanel("helps_with"),
        FieldPanel("body"),
    ]
    settings_panels: ClassVar[list[Any]] = [*BasePage.checked_panels, *BasePage.settings_panels]
    search_fields: ClassVar[list[Any]] = [
        *BasePage.search_fields,
        *AlsoKnownAsMixin.also_known_as_search_fields,
        index.SearchField("helps_with"),
        index.SearchField("body"),
    ]

    page_description = "Somebody people may see, such as a social prescriber: who they are and what they help with."
    parent_page_types: ClassVar[list[str]] = ["centres.RolesPage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "role"
