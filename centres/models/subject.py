"""What a page of news, an event or a leaflet is about: centres and services."""

from typing import Any, ClassVar

from django.db import models
from django.forms import CheckboxSelectMultiple
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel


class SubjectMixin(models.Model):
    """The centres and services that a page is about; it is listed with each of them."""

    centres = ParentalManyToManyField(
        "centres.CentrePage",
        blank=True,
        related_name="+",
        help_text="The centres it is about. It shows on their pages. Tick none if it is about Thurrock as a whole.",
    )
    services = ParentalManyToManyField(
        "centres.ServicePage",
        blank=True,
        related_name="+",
        help_text="The services it is about, if any.",
    )

    subject_panels: ClassVar[list[Any]] = [
        MultiFieldPanel(
            [
                FieldPanel("centres", widget=CheckboxSelectMultiple),
                FieldPanel("services", widget=CheckboxSelectMultiple),
            ],
            heading="What it is about",
        )
    ]

    class Meta:
        abstract = True
