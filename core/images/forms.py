"""The admin's forms of pictures, which clean a picture before it is kept and say beside it what is wrong with it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from wagtail.admin.forms.account import AvatarPreferencesForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from core.uploads.file_names import ending_of
from core.uploads.virus_scanner import check_for_viruses

from .cleaning import clean_picture

HELP = (
    "A photo or drawing: {formats}, up to {size}. A large one is made smaller. Where, when and with what it was taken "
    "is removed from it."
)


class CleanImageForm(BaseImageForm):
    """Wagtail's image form, for a picture that is cleaned first: what it then looks at is small and whole."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            field = self.fields["file"]
            field.help_text = HELP.format(formats=field.supported_formats_text, size=field.max_upload_size_text)
            field.to_python = partial(_cleaned, field, field.to_python)


class CleanAvatarForm(AvatarPreferencesForm):
    """Wagtail's form of one's own picture, likewise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["avatar"]
        field.to_python = partial(_cleaned, WagtailImageField(required=False), field.to_python)


def _cleaned(rules: WagtailImageField, read: Callable[[Any], Any], data: Any) -> Any:
    """Return what `read` makes of a picture once it is cleaned, if it is a file of a kind and size that is taken."""
    if not data or not data.size:
        return read(data)
    if ending_of(data.name) not in rules.allowed_image_extensions:
        raise ValidationError(rules.error_messages["invalid_image_extension"], code="invalid_image_extension")
    if data.size > rules.max_upload_size:
        raise ValidationError(
            f"This file is too big ({filesizeformat(data.size)}). A picture may have up to "
            f"{filesizeformat(rules.max_upload_size)}. Save a smaller copy, and upload that.",
            code="file_too_large",
        )
    check_for_viruses(data)
    return read(clean_picture(data))
