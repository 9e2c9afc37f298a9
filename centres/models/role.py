"""Roles: the people residents may see, such as a social prescriber."""

from typing import Any, ClassVar

from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.search import index

from core.blocks import TEXT_FEATURES
from core.models import AlsoKnownAsMixin, BasePage, BodyMixin


class RolesPage(BodyMixin, BasePage):
    """The list of roles."""

    content_panels: ClassVar[list[Any]] = [*BasePage.content_panels, *BasePage.summary_panels, *BodyMixin.body_panels]
    search_fields: ClassVar[list[Any]] = [*BasePage.search_fields, *BodyMixin.body_search_fields]

    is_list = True
    page_description = "The list of people you may see at a centre. There is one on the site."
    max_count = 1
    parent_page_types: ClassVar[list[str]] = ["centres.ServicesPage"]
    subpage_types: ClassVar[list[str]] = ["centres.RolePage"]

    class Meta:
        verbose_name = "list of roles"


class RolePage(AlsoKnownAsMixin, BodyMixin, BasePage):
    """One role: who the person is and what they help with."""

    helps_with = RichTextField(
        "what they help with",
        features=TEXT_FEATURES,
        blank=True,
        help_text="What this person can do for you, best as a short list.",
    )

    content_panels: ClassVar[list[Any]] = [
        *BasePage.content_panels,
        *BasePage.summary_panels,
        *AlsoKnownAsMixin.also_known_as_panels,
        FieldPanel("helps_with"),
        *BodyMixin.body_panels,
    ]
    search_fields: ClassVar[list[Any]] = [
        *BasePage.search_fields,
        *AlsoKnownAsMixin.also_known_as_search_fields,
        index.SearchField("helps_with"),
        *BodyMixin.body_search_fields,
    ]

    page_description = "Somebody people may see, such as a social prescriber: who they are and what they help with."
    parent_page_types: ClassVar[list[str]] = ["centres.RolesPage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "role"
