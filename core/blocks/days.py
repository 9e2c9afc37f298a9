"""A day in a block."""

from typing import Any

from wagtail.blocks import DateBlock

from core.fields import validate_year


class DayBlock(DateBlock):
    """A day in a year that somebody may mean."""

    # What is checked is no part of the database, so migrations know the plain block.
    canonical_module_path = "wagtail.blocks.DateBlock"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validators=[validate_year], **kwargs)
