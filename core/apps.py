"""App configuration of what every other app builds on."""

from django.apps import AppConfig
from django.db import models
from django.http import multipartparser
from django.urls import register_converter


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Site"

    def ready(self) -> None:
        """Register house rules, receivers, jobs, parts of addresses, and how the admin asks for days and pictures."""
        from wagtail.admin.forms.models import register_form_field_override
        from wagtail.admin.views.account import AvatarSettingsPanel
        from wagtail.users.models import UserProfile

        from . import checks, jobs, signals  # noqa: F401
        from .converters import IdConverter
        from .form_fields import DateField, DateTimeField, TimeField
        from .images.cleaning import CleanPictureFile
        from .images.forms import CleanAvatarForm
        from .security import signals as security_signals  # noqa: F401
        from .spreadsheets import make_exports_safe

        make_exports_safe()
        register_converter(IdConverter, "id")
        for model_field, form_class in (
            (models.DateField, DateField),
            (models.TimeField, TimeField),
            (models.DateTimeField, DateTimeField),
        ):
            override = {"form_class": form_class, "widget": form_class.widget}
            register_form_field_override(model_field, override=override)
        # Django answers 400 to a file whose name takes more than 1,024 bytes, which is 340 letters of Chinese.
        multipartparser.MAX_TOTAL_HEADER_SIZE = 8 * 1024  # type: ignore[attr-defined]  # the stubs leave it out
        # Pictures of the people who edit, which other editors see, are Wagtail's.
        UserProfile._meta.get_field("avatar").attr_class = CleanPictureFile
        AvatarSettingsPanel.form_class = CleanAvatarForm
