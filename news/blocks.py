"""StreamField blocks of posts: corrections, and what goes with a forum update."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.blocks import ChoiceBlock, PageChooserBlock, StreamBlock, StructBlock, TextBlock
from wagtail.blocks.struct_block import StructBlockValidationError

from core.blocks.times import DateBlock
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


_linked_pages = {
    "leaflet": PageChooserBlock(page_type="leaflets.LeafletPage", label="Leaflet or newsletter", icon="doc-full")
}


def link_updates_to(name: str, chooser: PageChooserBlock) -> None:
    """Let forum updates name pages of another kind, by a block of this name; apps above say so when they are ready."""
    _linked_pages[name] = chooser


class LinkedBlock(StreamBlock):
    """What goes with a forum update: pages, and milestones of centres.

    Give a StreamField this class, not an instance, so that the kinds of pages are asked for when all apps are ready.
    """

    def __init__(self, **kwargs: Any) -> None:
        milestone = ChoiceBlock(choices=milestone_choices, label="Milestone of a centre", icon="flag")
        super().__init__([*_linked_pages.items(), ("milestone", milestone)], **kwargs)
