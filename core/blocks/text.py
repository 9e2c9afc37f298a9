"""Rich text within blocks, and the sizes of headings."""

import re
from typing import Any, ClassVar

from wagtail.blocks import ChoiceBlock

from core.editorial_rules.blocks import WordsBlock

HEADED_TEXT_FEATURES = ["h2", "h3", "bold", "link", "ul", "ol"]

TEXT_FEATURES = ["bold", "link", "ul", "ol"]

LINE_FEATURES = ["bold", "link"]

HEADING_TAG = re.compile(r"<h([1-6])[\s>]", re.IGNORECASE)


def text_block(**kwargs: Any) -> WordsBlock:
    """Return rich text without headings, for use inside another block."""
    return WordsBlock(features=TEXT_FEATURES, **kwargs)


def line_block(**kwargs: Any) -> WordsBlock:
    """Return rich text for a single line: bold and links only."""
    return WordsBlock(features=LINE_FEATURES, **kwargs)


class HeadingLevelBlock(ChoiceBlock):
    """How a block's heading stands among the page's headings, in words instead of numbers."""

    choices: ClassVar[list[tuple[str, str]]] = [("2", "Main heading"), ("3", "Sub-heading under a main heading")]

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("default", "2")
        kwargs.setdefault("label", "Size of the heading")
        kwargs.setdefault("help_text", "People who use a screen reader find their way by headings: do not skip a size.")
        super().__init__(**kwargs)

    def get_searchable_content(self, value: Any) -> list[str]:
        """Return nothing: nobody reads the size on the page, so nobody finds the page by it."""
        return []


def heading_levels(block_type: str, value: Any) -> list[int]:
    """Return the levels (2, 3…) of the headings that a block of the body shows, in order."""
    if block_type == "text":
        return [int(level) for level in HEADING_TAG.findall(value.source)]
    if "heading_level" in getattr(value, "keys", list)():
        return [int(value["heading_level"])]
    return []
