"""Services: what people look for, described once for every centre."""

from typing import Any, ClassVar

from django.forms import CheckboxSelectMultiple
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.fields import RichTextField
from wagtail.search import index

from core.blocks import TEXT_FEATURES
from core.models import AlsoKnownAsMixin, BasePage, BodyMixin


class ServicesPage(BodyMixin, BasePage):
    """The A to Z of services.

    Its template shows `centres.facets.services_content`.
    """

    content_panels: ClassVar[list[Any]] = [*BasePage.content_panels, *BasePage.summary_panels, *BodyMixin.body_panels]
    search_fields: ClassVar[list[Any]] = [*BasePage.search_fields, *BodyMixin.body_search_fields]

    is_list = True
    page_description = "The A to Z of services. There is one on the site."
    max_count = 1
    # What centres list takes words from here, so it is public or not published at all.
    private_page_options: ClassVar[list[str]] = []
    subpage_types: ClassVar[list[str]] = ["centres.ServicePage", "centres.RolesPage"]

    class Meta:
        verbose_name = "list of services"


class ServicePage(AlsoKnownAsMixin, BodyMixin, BasePage):
    """One service, in general; what it is like at a centre is a `CentreServicePage`.

    Its template shows `centres.queries.service_content`.
    """

    how_to_use = RichTextField(
        "how to use it",
        features=TEXT_FEATURES,
        blank=True,
        help_text="What people do to get this service, wherever it is. For example: ask your GP for a blood form.",
    )
    roles = ParentalManyToManyField(
        "centres.RolePage",
        blank=True,
        related_name="services",
        help_text="Who people may see. A service at one centre can name others.",
    )

    content_panels: ClassVar[list[Any]] = [
        TitleFieldPanel("title", help_text="The plain name people use. Every centre that has it shows this name."),
        *BasePage.summary_panels,
        *AlsoKnownAsMixin.also_known_as_panels,
        FieldPanel("how_to_use"),
        *BodyMixin.body_panels,
        FieldPanel("roles", widget=CheckboxSelectMultiple),
    ]
    search_fields: ClassVar[list[Any]] = [
        *BasePage.search_fields,
        *AlsoKnownAsMixin.also_known_as_search_fields,
        index.SearchField("how_to_use"),
        *BodyMixin.body_search_fields,
    ]

    goes_with_it = "Its pages at centres go off the site too, until it is back."
    is_list = True
    page_description = "A service, described once: what it is and how to use it. Centres then say whether they have it."
    private_page_options: ClassVar[list[str]] = []
    parent_page_types: ClassVar[list[str]] = ["centres.ServicesPage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "service"
