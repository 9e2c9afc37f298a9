"""A picture at the top of a page."""

from typing import Any, ClassVar

from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.images.models import AbstractImage

from core.editorial_rules.validators import FieldErrors


class PictureMixin(models.Model):
    """A picture that says what it shows to people who cannot see it."""

    picture = models.ForeignKey(
        "core.SiteImage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Shown under the title. Use only pictures that you may use, and no picture of words.",
    )
    picture_alt_text = models.CharField(
        "what the picture shows",
        max_length=250,
        blank=True,
        help_text="Read out to people who cannot see the picture. For example: residents looking at a plan on a table.",
    )

    picture_panels: ClassVar[list[Any]] = [
        MultiFieldPanel([FieldPanel("picture"), FieldPanel("picture_alt_text")], heading="Picture")
    ]

    class Meta:
        abstract = True

    @property
    def sharing_picture(self) -> AbstractImage | None:
        """The picture, which is also shown where the page is shared."""
        picture: AbstractImage | None = self.picture
        return picture

    def publish_errors(self) -> FieldErrors:
        """Ask what the picture shows (WCAG 2.2, 1.1.1)."""
        found: FieldErrors = super().publish_errors()  # type: ignore[misc]  # of the page that this is mixed into
        if self.picture_id and not self.picture_alt_text.strip():
            found["picture_alt_text"] = ["Say in a few words what the picture shows."]
        return found
