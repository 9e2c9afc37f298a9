"""Topics: the managed list of tags by which people narrow the news."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from wagtail.admin.panels import FieldPanel


class Topic(models.Model):
    """A tag from the list that editors keep."""

    name = models.CharField(max_length=60, unique=True, help_text="For example: Have your say")
    slug = models.SlugField(
        "word in the address",
        max_length=60,
        unique=True,
        help_text="The topic in web addresses: small letters, numbers and hyphens. For example: have-your-say",
    )

    panels: ClassVar[list[Any]] = [FieldPanel("name"), FieldPanel("slug")]

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(Lower("name"), name="one_topic_per_name_in_any_case")
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a second topic of the same name, whatever its capitals. Raises ValidationError keyed by field."""
        super().clean()
        if Topic.objects.filter(name__iexact=self.name).exclude(pk=self.pk).exists():
            raise ValidationError({"name": "There is a topic of this name already."})
