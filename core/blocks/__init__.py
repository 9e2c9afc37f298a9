"""The curated blocks of which editors build the body of a page."""

from .body import BodyBlock
from .links import FooterLinkBlock
from .text import HEADED_TEXT_FEATURES, LINE_FEATURES, TEXT_FEATURES, heading_levels, line_block, text_block

__all__ = [
    "HEADED_TEXT_FEATURES",
    "LINE_FEATURES",
    "TEXT_FEATURES",
    "BodyBlock",
    "FooterLinkBlock",
    "heading_levels",
    "line_block",
    "text_block",
]
