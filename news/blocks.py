"""StreamField blocks of posts: corrections, and what goes with a forum update."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.blocks import ChoiceBlock, DateBlock, PageChooserBlock, StreamBlock, StructBlock, TextBlock
from wagtail.blocks.struct_block import StructBlockValidationError

from news.choices import milestone_choices


class CorrectionBlock(StructBlock):
    """What was wrong in a post and is right now, with the day it was put right."""

    date = DateBlock(label="Corrected on", default=timezone.localdate)
    text = TextBlock(
        label="What was changed",
        max_length=500,
        help_text="For example: An earlier version gave the wrong day for the meeting.",
    )

    class Meta:
        icon = "edit"
        label = "Correction"

    def clean(self, value: Any) -> Any:
        """Refuse a day that has not come."""
        cleaned = super().clean(value)
        if not self.is_deferred_validation and cleaned["date"] > timezone.localdate():
            raise StructBlockValidationError(block_errors={"date": ValidationError("This day has not come yet.")})
        return cleaned


class CorrectionsBlock(StreamBlock):
    """The corrections of a post."""

    correction = CorrectionBlock()


class LinkedBlock(StreamBlock):
    """What goes with a forum update. Events are named by their type only: their app stands above this one."""

    leaflet = PageChooserBlock(page_type="leaflets.LeafletPage", label="Leaflet or newsletter", icon="doc-full")
    event = PageChooserBlock(page_type="events.EventPage", label="Event", icon="date")
    milestone = ChoiceBlock(choices=milestone_choices, label="Milestone of a centre", icon="flag")
