"""App configuration of what every other app builds on."""

from django.apps import AppConfig
from django.db import models
from django.urls import register_converter


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Site"

    def ready(self) -> None:
        """Register house rules, receivers, jobs, parts of addresses, and how the admin asks for days."""
        from wagtail.admin.forms.models import register_form_field_override
        from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

        from . import checks, jobs, signals  # noqa: F401
        from .converters import IdConverter
        from .fields import DayFormField, MomentFormField

        register_converter(IdConverter, "id")
        for model_field, form_class, widget in (
            (models.DateField, DayFormField, AdminDateInput),
            (models.DateTimeField, MomentFormField, AdminDateTimeInput),
        ):
            register_form_field_override(model_field, override={"form_class": form_class, "widget": widget})
