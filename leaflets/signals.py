"""Receivers that have new files read, what search knows of them kept right, and covers deleted with them.

Wired in `LeafletsConfig.ready`.
"""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Collection, CollectionViewRestriction

from core.models import SiteDocument

from .models import DocumentReading
from .services import delete_cover, expect_reading, index_leaflets_with
from .tasks import read_file


@receiver(post_save, sender=SiteDocument)
def document_saved(instance: SiteDocument, raw: bool, **_: Any) -> None:
    """A file that is new, or was replaced, is read; one that is known may be in another collection now."""
    if raw or not instance.file:
        return
    if expect_reading(instance):
        transaction.on_commit(lambda: read_file.enqueue(instance.pk), robust=True)
    else:
        known = SiteDocument.objects.filter(pk=instance.pk)
        transaction.on_commit(lambda: index_leaflets_with(known), robust=True)


@receiver([post_save, post_delete], sender=CollectionViewRestriction)
def privacy_changed(instance: CollectionViewRestriction, **_: Any) -> None:
    """Search finds a leaflet by the words of a file only while anyone may get that file."""
    _index_leaflets_in(instance.collection)


@receiver(post_save, sender=Collection)
def collection_saved(instance: Collection, created: bool, **_: Any) -> None:
    """A collection may be about to move beneath a private one, or from it; Wagtail does that after it saved."""
    if not created:
        _index_leaflets_in(instance)


def _index_leaflets_in(collection: Collection) -> None:
    def once_it_is_certain() -> None:
        path = Collection.objects.filter(pk=collection.pk).values_list("path", flat=True).first()
        if path:
            index_leaflets_with(SiteDocument.objects.filter(collection__path__startswith=path))

    transaction.on_commit(once_it_is_certain, robust=True)


@receiver(post_delete, sender=DocumentReading)
def reading_deleted(instance: DocumentReading, **_: Any) -> None:
    """The cover goes with the document."""
    delete_cover(instance)
