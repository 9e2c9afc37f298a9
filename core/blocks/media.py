"""Blocks of pictures, files and somebody's own words."""

from wagtail.blocks import CharBlock, StructBlock, TextBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

from core.editorial_rules.blocks import LinkWordsBlock


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
