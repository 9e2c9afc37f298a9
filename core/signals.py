"""Receivers that keep right what is known of uses, links and privacy; wired in `CoreConfig.ready`."""

from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from modelcluster.fields import ParentalKey
from wagtail.models import Page, PageViewRestriction, ReferenceIndex
from wagtail.signals import page_published, page_slug_changed, post_page_move

from .links.services import note_links
from .redirects.services import end_redirects_from, take_over_redirects
from .visibility import remember_private_paths


@receiver(post_delete)
def row_deleted(sender: type[Model], instance: Model, origin: Any = None, **_: Any) -> None:
    """What a row of a page used, the page uses no longer.

    Wagtail 8.0.1 notes what a page uses before it deletes the rows that were taken off it, and not again after: a
    file that an editor took off a page would stay public. Where the page goes as well, Wagtail sees to it.
    """
    if sender not in ReferenceIndex.tracked_models or getattr(origin, "model", type(origin)) is not sender:
        return
    for field in sender._meta.get_fields():
        if isinstance(field, ParentalKey):
            parent = field.related_model._default_manager.filter(pk=getattr(instance, field.attname)).first()
            if parent is not None:
                ReferenceIndex.create_or_update_for_object(parent.specific if isinstance(parent, Page) else parent)


@receiver(page_published)
def links_published(instance: Page, **_: Any) -> None:
    """A link that was mended leaves the report at once."""
    note_links(instance.pk)


@receiver(page_published)
def address_is_found_again(instance: Page, **_: Any) -> None:
    """What led on from the address of this page ends."""
    end_redirects_from(instance)


@receiver(page_slug_changed)
def address_changed(instance: Page, instance_before: Page, **_: Any) -> None:
    """All that leads to the old address leads to the new one, and nothing from the new one."""
    _follow(instance, instance_before.url_path)


@receiver(post_page_move)
def page_moved(instance: Page, url_path_before: str, url_path_after: str, **_: Any) -> None:
    """All that leads to where the page was leads to where it is now, and nothing from there."""
    if url_path_before != url_path_after:
        _follow(instance, url_path_before)


def _follow(page: Page, url_path_before: str) -> None:
    take_over_redirects(page, url_path_before=url_path_before)
    end_redirects_from(page)


@receiver(post_page_move)
@receiver([post_save, post_delete], sender=PageViewRestriction)
def privacy_changed(**_: Any) -> None:
    """What was remembered of private pages while this request is answered is right no longer."""
    remember_private_paths(None)
