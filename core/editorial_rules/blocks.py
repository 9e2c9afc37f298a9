"""Blocks of words that are checked when they are published; a draft may hold anything."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.blocks import CharBlock, RichTextBlock

from .validators import capitals_errors, link_text_errors, rich_text_errors


class HeadingBlock(CharBlock):
    """The words of a heading."""

    # What is checked is no part of the database, so migrations know the plain block.
    canonical_module_path = "wagtail.blocks.CharBlock"

    def clean(self, value: Any) -> Any:
        """Refuse a heading that is all in capitals. Raises ValidationError."""
        cleaned = super().clean(value)
        if not self.is_deferred_validation and (errors := capitals_errors(cleaned)):
            raise ValidationError(errors)
        return cleaned


class LinkWordsBlock(CharBlock):
    """The words of a link."""

    canonical_module_path = "wagtail.blocks.CharBlock"

    def clean(self, value: Any) -> Any:
        """Refuse words that do not say where the link leads; where they may stay empty, something else is shown."""
        cleaned = super().clean(value)
        if not self.is_deferred_validation and cleaned and (errors := link_text_errors(cleaned)):
            raise ValidationError(errors)
        return cleaned


class WordsBlock(RichTextBlock):
    """Rich text whose links and headings are checked when it is published."""

    class Meta:
        description = "Paragraphs, headings, lists and links."
        preview_value = "<h2>How to get there</h2><p>Come by bus, on foot or by bicycle.</p>"

    canonical_module_path = "wagtail.blocks.RichTextBlock"

    def clean(self, value: Any) -> Any:
        """Refuse links that do not say where they lead, and headings that shout or have no words."""
        cleaned = super().clean(value)
        if not self.is_deferred_validation and (errors := rich_text_errors(cleaned.source)):
            raise ValidationError(errors)
        return cleaned
