"""The body of a page: the blocks that editors may put into it, and the order of its headings."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.blocks import StreamBlock
from wagtail.blocks.stream_block import StreamBlockValidationError

from core.editorial_rules.blocks import WordsBlock

from .callouts import (
    CareCardBlock,
    DetailsBlock,
    DoBlock,
    DontBlock,
    ExpanderBlock,
    InsetTextBlock,
    WarningCalloutBlock,
)
from .data import KeyFiguresBlock, SummaryListBlock, TableBlock
from .links import ActionLinkBlock
from .media import DocumentBlock, PictureBlock, QuotationBlock
from .text import HEADED_TEXT_FEATURES, heading_levels


class BodyBlock(StreamBlock):
    """The body of a page. Its headings go down one step at a time."""

    text = WordsBlock(features=HEADED_TEXT_FEATURES, label="Text", icon="pilcrow")
    inset = InsetTextBlock()
    warning = WarningCalloutBlock()
    details = DetailsBlock()
    expander = ExpanderBlock()
    do_list = DoBlock()
    dont_list = DontBlock()
    care_card = CareCardBlock()
    summary_list = SummaryListBlock()
    table = TableBlock()
    image = PictureBlock()
    document = DocumentBlock()
    key_figures = KeyFiguresBlock()
    quotation = QuotationBlock()
    action_link = ActionLinkBlock()

    class Meta:
        template = "core/blocks/body.html"

    def clean(self, value: Any) -> Any:
        """Refuse a heading that skips a level, beside the block that has it.

        The page's title is level 1, so the first heading must be level 2 (WCAG 2.2, 1.3.1).
        """
        cleaned = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        errors = {}
        current = 1
        for position, child in enumerate(cleaned):
            for level in heading_levels(child.block_type, child.value):
                if level > current + 1:
                    errors[position] = ValidationError(
                        "This sub-heading has no main heading above it. Make it a main heading, or put a main "
                        "heading before it."
                    )
                current = level
        if errors:
            raise StreamBlockValidationError(block_errors=errors)
        return cleaned
