"""The admin's form of every page: any draft is kept, and what is published must be right."""

from wagtail.admin.forms import WagtailAdminPageForm

from .fields import PostcodeField


class BasePageForm(WagtailAdminPageForm):
    """Keeps a draft whatever is wrong with it, and asks for everything when it is published, scheduled or submitted.

    While a draft is kept, the page and its rows are told that they are unfinished. A page in moderation is no draft:
    whoever approves it publishes it as it is, so it must be right whenever it is saved.
    """

    def defer_required_fields(self) -> None:
        """Let a draft be kept, unless it is in moderation."""
        if not self.instance.workflow_in_progress:
            super().defer_required_fields()
            self._say_unfinished(True)

    def restore_required_fields(self) -> None:
        """Ask for everything again."""
        super().restore_required_fields()
        self._say_unfinished(False)

    def _say_unfinished(self, is_unfinished: bool) -> None:
        rows = [row for formset in self.formsets.values() for row in formset.forms]
        for form in (self, *rows):
            form.instance.is_unfinished = is_unfinished

    def _get_validation_exclusions(self) -> set[str]:
        """Leave the rules of the fields of a draft, such as a longest summary, for later.

        The form's own fields have seen to it that the database can keep them; a postcode's has room to spare.
        """
        excluded: set[str] = super()._get_validation_exclusions()
        if self.is_deferred_validation:
            fields = self.instance._meta.fields
            excluded |= {field.name for field in fields if not isinstance(field, PostcodeField)}
        return excluded
