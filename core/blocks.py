"""The curated blocks of which editors build the body of a page."""

import re
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from wagtail.blocks import (
    BooleanBlock,
    CharBlock,
    ChoiceBlock,
    ListBlock,
    PageChooserBlock,
    StreamBlock,
    StructBlock,
    TextBlock,
    URLBlock,
)
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock
from wagtailnhsukfrontend import blocks as nhsuk

from .editorial_rules.blocks import HeadingBlock, LinkWordsBlock, WordsBlock

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


class InsetTextBlock(nhsuk.InsetTextBlock):
    body = text_block(label="Text")

    class Meta:
        label = "Inset text"
        icon = "info-circle"
        description = "A short note set apart from the text around it."
        preview_value = {"body": "<p>Bring your letter with you.</p>"}


class WarningCalloutBlock(nhsuk.WarningCalloutBlock):
    title = HeadingBlock(label="Heading", default="Important", max_length=100)
    heading_level = HeadingLevelBlock()
    body = text_block(label="Text")

    class Meta:
        label = "Warning"
        description = "Something people must not miss. Use it rarely."
        preview_value = {"title": "Important", "heading_level": "2", "body": "<p>Phone first if you feel ill.</p>"}


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


class DetailsBodyBlock(StreamBlock):
    """What may be folded away."""

    text = text_block(label="Text")
    action_link = ActionLinkBlock()
    inset = InsetTextBlock()


class DetailsBlock(nhsuk.DetailsBlock):
    title = HeadingBlock(label="What people click on", max_length=150)
    body = DetailsBodyBlock(label="What opens")

    class Meta:
        label = "Details"
        description = "A line that opens to show more. For things only some people need."
        preview_value = {
            "title": "What to bring",
            "body": [("text", "<p>Your letter and a list of your medicines.</p>")],
        }


class ExpanderBlock(nhsuk.ExpanderBlock):
    title = HeadingBlock(label="What people click on", max_length=150)
    body = DetailsBodyBlock(label="What opens")

    class Meta:
        label = "Expander"
        icon = "plus-inverse"
        description = "Like details, in a box. For questions and answers."
        preview_value = {
            "title": "What to bring",
            "body": [("text", "<p>Your letter and a list of your medicines.</p>")],
        }


class DoBlock(nhsuk.DoBlock):
    heading_level = HeadingLevelBlock()
    label = HeadingBlock(label="Heading", required=False, max_length=100, help_text="Leave empty for “Do”.")
    do = ListBlock(line_block(label="Do"), label="Things to do")

    class Meta:
        label = "Do list"
        description = "What people should do, with ticks."
        preview_value = {"label": "Do", "heading_level": "2", "do": ["bring your letter"]}


class DontBlock(nhsuk.DontBlock):
    heading_level = HeadingLevelBlock()
    label = HeadingBlock(label="Heading", required=False, max_length=100, help_text="Leave empty for “Don’t”.")
    dont = ListBlock(line_block(label="Don’t"), label="Things not to do")

    class Meta:
        label = "Don’t list"
        description = "What people should not do, with crosses."
        preview_value = {"label": "Don’t", "heading_level": "2", "dont": ["drive afterwards"]}


class CareCardBlock(nhsuk.CareCardBlock):
    heading_level = HeadingLevelBlock()
    title = HeadingBlock(label="Heading", max_length=150, help_text="For example: Call 999 if:")
    body = DetailsBodyBlock(label="Text")

    class Meta:
        label = "Care card"
        icon = "help"
        description = "Tells people where to get help: blue is not urgent, red is urgent, black is an emergency."
        preview_value = {
            "type": "primary",
            "title": "Ask a pharmacist if:",
            "heading_level": "2",
            "body": [("text", "<p>you are not sure what to take</p>")],
        }


class SummaryListRowBlock(StructBlock):
    key = CharBlock(label="Name", max_length=100)
    value = text_block(label="Text")


class SummaryListBlock(nhsuk.SummaryListBlock):
    rows = ListBlock(SummaryListRowBlock(), label="Rows")

    class Meta:
        label = "Summary list"
        icon = "list-ul"
        description = "Facts in two columns: a name and what it is."
        preview_value = {"rows": [{"key": "How long it takes", "value": "<p>About ten minutes</p>"}]}


class TableBlock(StructBlock):
    """A table whose columns have headers, on Wagtail's own table editor."""

    table = TypedTableBlock(
        [("text", CharBlock(required=False, label="Text"))],
        label="Table",
        help_text="Give every column a heading, and the table a caption that says what it shows.",
    )
    first_column_is_header = BooleanBlock(
        required=False, default=True, help_text="Tick when the first cell of a row says what the row is about."
    )

    class Meta:
        icon = "table"
        label = "Table"
        template = "core/blocks/table.html"
        description = "Facts in rows and columns. Never for layout."

    def clean(self, value: Any) -> Any:
        """Ask for a caption and for a heading on every column, without which a screen reader's user is lost."""
        cleaned = super().clean(value)
        table = cleaned["table"]
        if self.is_deferred_validation:
            return cleaned
        if not (table.caption or "").strip():
            message = "Give the table a caption that says what it shows."
        elif not all((column["heading"] or "").strip() for column in table.columns):
            message = "Give every column a heading."
        else:
            return cleaned
        raise StructBlockValidationError(block_errors={"table": ValidationError(message)})


class PictureBlock(StructBlock):
    """A picture that says what it shows, or that it only decorates."""

    image = ImageBlock(label="Picture")
    caption = CharBlock(required=False, max_length=250, help_text="Shown under the picture.")

    class Meta:
        icon = "image"
        label = "Picture"
        template = "core/blocks/image.html"
        description = "A picture with a description for people who cannot see it."


class DocumentBlock(StructBlock):
    document = DocumentChooserBlock(label="File")
    title = LinkWordsBlock(
        label="Words of the link",
        required=False,
        max_length=150,
        help_text="Leave empty to use the file’s own title.",
    )

    class Meta:
        icon = "doc-full"
        label = "Download"
        template = "core/blocks/document.html"
        description = "A file to download. Put what it says on a page too: not everyone can open a file."


class KeyFigureBlock(StructBlock):
    figure = CharBlock(max_length=60, help_text="For example: £800,000, or 49 beds → 37 beds")
    label = CharBlock(label="What it means", max_length=200)


class KeyFiguresBlock(StructBlock):
    figures = ListBlock(KeyFigureBlock(), label="Figures", min_num=1)

    class Meta:
        icon = "order"
        label = "Key figures"
        template = "core/blocks/key_figures.html"
        description = "One or more big numbers, each with what it means."
        preview_value = {"figures": [{"figure": "4", "label": "centres"}]}


class QuotationBlock(StructBlock):
    quote = TextBlock(label="What was said", help_text="Without quotation marks.")
    who = CharBlock(label="Who said it", required=False, max_length=150)
    source = CharBlock(label="Where it was said", required=False, max_length=200)

    class Meta:
        icon = "openquote"
        label = "Quotation"
        template = "core/blocks/quotation.html"
        description = "Somebody’s own words."
        preview_value = {"quote": "I was seen in ten minutes.", "who": "A visitor", "source": ""}


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


def heading_levels(block_type: str, value: Any) -> list[int]:
    """Return the levels (2, 3…) of the headings that a block of the body shows, in order."""
    if block_type == "text":
        return [int(level) for level in HEADING_TAG.findall(value.source)]
    if "heading_level" in getattr(value, "keys", list)():
        return [int(value["heading_level"])]
    return []
