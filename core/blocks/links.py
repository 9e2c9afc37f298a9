"""Blocks that lead somewhere: a link that starts something, and the links of the footer."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.blocks import PageChooserBlock, StructBlock, URLBlock
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtailnhsukfrontend import blocks as nhsuk

from core.editorial_rules.blocks import LinkWordsBlock


class ActionLinkBlock(nhsuk.ActionLinkBlock):
    """A link that starts something, with an arrow."""

    text = LinkWordsBlock(label="Words", max_length=100)
    internal_page = PageChooserBlock(label="Page of this site", required=False)
    external_url = URLBlock(label="Address on another site", required=False)
    new_window = None

    class Meta:
        label = "Action link"
        description = "One important next step, such as “Find a pharmacy”."
        help_text = "Choose a page of this site or give an address, one of the two."
        template = "core/blocks/action_link.html"
        preview_value = {"text": "Find a centre near you", "external_url": "/"}

    def clean(self, value: Any) -> Any:
        """Ask for a page or an address, one of the two, beside the fields."""
        cleaned = StructBlock.clean(self, value)
        if not self.is_deferred_validation and bool(cleaned["internal_page"]) == bool(cleaned["external_url"]):
            message = ValidationError("Choose a page or give an address, one of the two.")
            raise StructBlockValidationError(block_errors={"internal_page": message, "external_url": message})
        return cleaned


class FooterLinkBlock(StructBlock):
    """A link in the footer: to a page of this site or to another site."""

    text = LinkWordsBlock(
        label="Words", required=False, max_length=60, help_text="Leave empty to use the page's own title."
    )
    page = PageChooserBlock(label="Page of this site", required=False)
    url = URLBlock(label="Address on another site", required=False)

    class Meta:
        icon = "link"
        label = "Link"

    def clean(self, value: Any) -> Any:
        """Ask for a page or an address, not both; an address needs words."""
        cleaned = super().clean(value)
        errors = {}
        if bool(cleaned["page"]) == bool(cleaned["url"]):
            errors["page"] = ValidationError("Choose a page or give an address, one of the two.")
        if cleaned["url"] and not cleaned["text"]:
            errors["text"] = ValidationError("A link to another site needs words.")
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return cleaned
