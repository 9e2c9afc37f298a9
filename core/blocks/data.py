"""Blocks of facts: lists in two columns, tables and big numbers."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.blocks import BooleanBlock, CharBlock, ListBlock, StructBlock
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtailnhsukfrontend import blocks as nhsuk

from .text import text_block


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
