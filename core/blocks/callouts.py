"""Blocks that set something apart from the text around it, or fold it away."""

from wagtail.blocks import ListBlock, StreamBlock
from wagtailnhsukfrontend import blocks as nhsuk

from core.editorial_rules.blocks import HeadingBlock

from .links import ActionLinkBlock
from .text import HeadingLevelBlock, line_block, text_block


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
