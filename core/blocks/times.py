"""Days and times in blocks, typed as people do."""

from django.utils.functional import cached_property
from wagtail import blocks
from wagtail.admin.widgets import AdminDateInput, AdminTimeInput

from core.form_fields import DateField, TimeField


class DateBlock(blocks.DateBlock):
    """A day, in a year that somebody may mean."""

    # How it is typed is no part of the database, so migrations know the plain block.
    canonical_module_path = "wagtail.blocks.DateBlock"

    @cached_property
    def field(self) -> DateField:
        """The form field."""
        return DateField(widget=AdminDateInput(format=self.format), **self.field_options)


class TimeBlock(blocks.TimeBlock):
    """A time of day."""

    canonical_module_path = "wagtail.blocks.TimeBlock"

    @cached_property
    def field(self) -> TimeField:
        """The form field."""
        return TimeField(widget=AdminTimeInput(format=self.format), **self.field_options)
