"""Receivers that have new files read and covers deleted with them; wired in `LeafletsConfig.ready`."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from core.models import SiteDocument

from .models import DocumentReading
from .services import delete_cover, expect_reading
from .tasks import read_file


@receiver(post_save, sender=SiteDocument)
def document_saved(instance: SiteDocument, raw: bool, **_: Any) -> None:
    """A file that is new, or was replaced, is read."""
    if not raw and instance.file and expect_reading(instance):
        transaction.on_commit(lambda: read_file.enqueue(instance.pk), robust=True)


@receiver(post_delete, sender=DocumentReading)
def reading_deleted(instance: DocumentReading, **_: Any) -> None:
    """The cover goes with the document."""
    delete_cover(instance)
