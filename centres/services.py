"""Every write of the centres that is more than a save."""

from collections.abc import Iterable

from django.db import transaction
from wagtail.query import PageQuerySet
from wagtail.search.index import insert_or_update_object

from users.models import User

from .models import CentrePage, CentreServicePage, ServicePage


def rename_at_centres(service: ServicePage) -> int:
    """Give the pages of `service` at centres its title and slug; return how many changed.

    Their addresses change with the slug, and Wagtail's redirects lead from the old ones.
    """
    changed = 0
    pages: PageQuerySet = CentreServicePage.objects.filter(service=service.pk)
    for page in pages.select_related("service"):
        if (page.title, page.slug) != (service.title, service.slug):
            page.save(clean=False)
            changed += 1
    return changed


def index_again(pages: PageQuerySet) -> None:
    """Let search find these pages by the words they have now."""
    for page in pages.select_related("service", "centre"):
        insert_or_update_object(page)


def note_the_move(page: CentreServicePage) -> None:
    """Record the centre beneath which a page is now."""
    moved = CentreServicePage.objects.get(pk=page.pk)
    moved.take_after()
    moved.save(update_fields=["centre"], clean=False)


@transaction.atomic
def add_services(
    *, centre: CentrePage, services: Iterable[ServicePage], user: User | None = None
) -> list[CentreServicePage]:
    """Create a draft under `centre` for each of `services` it does not list yet; return the drafts.

    Each draft is "to be confirmed".
    """
    # Two editors who add the same service at once take turns.
    CentrePage.objects.select_for_update().get(pk=centre.pk)
    listed = set(CentreServicePage.objects.child_of(centre).values_list("service_id", flat=True))
    drafts = []
    for service in services:
        if service.pk in listed:
            continue
        draft = CentreServicePage(service=service, live=False, owner=user)
        centre.add_child(instance=draft)
        draft.save_revision(user=user)
        drafts.append(draft)
    return drafts
