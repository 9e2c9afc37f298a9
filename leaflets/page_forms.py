"""The admin's forms of leaflets and issues, with the rules that need all the files at once, or hold for a copy.

They stand apart from the forms of documents, which ask the models that these are part of.
"""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.admin.forms.pages import CopyForm

from core.editorial_rules.forms import BasePageForm

# The step of a newsletter's address that always leads to its newest issue, and why no issue may have it.
LATEST = "latest"
LATEST_IS_TAKEN = f"“{LATEST}” always leads to the newest issue. Choose another word."


class LeafletPageForm(BasePageForm):
    """Refuses the same file twice, and two files of one format in one language.

    A draft may be saved with them; publishing asks.
    """

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; each error stands beside the field that says it twice."""
        cleaned: dict[str, Any] = super().clean()
        if self.is_deferred_validation or "files" not in self.formsets:
            return cleaned
        seen: set[Any] = set()
        for form in self.formsets["files"].forms:
            if not form.is_valid() or not form.cleaned_data or form.cleaned_data.get("DELETE"):
                continue
            document, video_url = form.cleaned_data.get("document"), form.cleaned_data.get("video_url")
            said = (form.cleaned_data["format"], document.language) if document else None
            if document and document in seen:
                form.add_error("document", ValidationError("This file is in the list already. Remove one of the two."))
            elif video_url and video_url in seen:
                form.add_error(
                    "video_url", ValidationError("This video is in the list already. Remove one of the two.")
                )
            elif said and said in seen:
                form.add_error("document", ValidationError(self._same_language(document)))
            seen |= {document, video_url, said}
        return cleaned

    @staticmethod
    def _same_language(document: Any) -> str:
        return (
            f"There is another file in this format in {document.get_language_display()}. If this one is in another "
            "language, open it under Documents and set its language. If not, remove one of the two."
        )


class IssueCopyForm(CopyForm):
    """Refuses to copy an issue to the address of the newest, which Wagtail finds out too late to say."""

    def clean_new_slug(self) -> str:
        """Return the last step of the copy's address. Raises ValidationError."""
        slug: str = self.cleaned_data["new_slug"]
        if slug == LATEST:
            raise ValidationError(LATEST_IS_TAKEN)
        return slug
