"""App configuration of what every other app builds on."""

from django.apps import AppConfig
from django.http import multipartparser
from django.urls import register_converter


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Site"

    def ready(self) -> None:
        """Register house rules, receivers and scheduled jobs, and the parts of addresses that every app may use."""
        from wagtail.admin.views.account import AvatarSettingsPanel
        from wagtail.users.models import UserProfile

        from . import checks, jobs, signals  # noqa: F401
        from .converters import IdConverter
        from .images.cleaning import CleanPictureFile
        from .images.forms import CleanAvatarForm

        register_converter(IdConverter, "id")
        # Django answers 400 to a file whose name takes more than 1,024 bytes, which is 340 letters of Chinese.
        multipartparser.MAX_TOTAL_HEADER_SIZE = 8 * 1024  # type: ignore[attr-defined]  # the stubs leave it out
        # Pictures of the people who edit, which other editors see, are Wagtail's.
        UserProfile._meta.get_field("avatar").attr_class = CleanPictureFile
        AvatarSettingsPanel.form_class = CleanAvatarForm
