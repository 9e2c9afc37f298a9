"""Every write of the centres that is more than a save."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page
from wagtail.query import PageQuerySet
from wagtail.search.index import insert_or_update_object

from core.notification_choice import NotificationChoice, stored_choice
from users.models import User

from .bulk.plans import PagePlan, PlannedAction, fingerprint, plan_changes
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


def update_parent(page: CentreServicePage) -> None:
    """Record the centre beneath which a page is now."""
    moved = CentreServicePage.objects.get(pk=page.pk)
    moved.sync_from_service()
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


class ChangesRefusedError(Exception):
    """Nothing was saved: something is wrong with a page, or one has changed since the editor looked.

    `plans` say what the changes would do now.
    """

    def __init__(self, plans: list[PagePlan]) -> None:
        super().__init__()
        self.plans = plans


@transaction.atomic
def save_changes(
    *,
    wanted: Mapping[int, Mapping[str, Any]],
    user: User,
    seen: str | None = None,
    notification_choice: str = NotificationChoice.NEWS,
    is_right_today: bool = False,
) -> list[PagePlan]:
    """Give pages these values, by key of the page and name of the field: all of them or none.

    Pages that cannot be changed now, or would not change, are left alone. Each other one gets a revision, which is
    published where its plan says so; `notification_choice` (a `NotificationChoice`) says whether followers are told,
    `is_right_today` that somebody confirmed all of what is published. Returns what was done. Raises
    ChangesRefusedError if there is an error in any page or the plans are no longer those with the fingerprint `seen`,
    ValidationError if a page cannot be saved.
    """
    # Whoever saves one of these pages at the same time waits.
    list(Page.objects.select_for_update().filter(pk__in=wanted).values_list("pk"))
    plans = plan_changes(wanted, user)
    if any(each.errors for each in plans) or (seen is not None and fingerprint(plans) != seen):
        raise ChangesRefusedError(plans)
    for each in plans:
        if each.is_saved:
            _save(each, user, notification_choice, is_right_today=is_right_today)
    return plans


def _save(plan: PagePlan, user: User, notification_choice: str, *, is_right_today: bool) -> None:
    draft = plan.page.get_latest_revision_as_object()
    draft.notification = stored_choice(notification_choice, "")
    for name, value in plan.values.items():
        setattr(draft, name, value)
    if is_right_today and plan.action is PlannedAction.PUBLISH:
        draft.checked_on = timezone.localdate()
    try:
        revision = draft.save_revision(user=user, log_action=True)
    except ValidationError as error:
        raise ValidationError([f"{plan.page.heading}: {message}" for message in error.messages]) from error
    if plan.action is PlannedAction.PUBLISH:
        revision.publish(user=user)


@transaction.atomic
def save_together(
    drafts: Iterable[CentrePage | CentreServicePage],
    *,
    user: User,
    is_published: bool,
    notification_choice: str = NotificationChoice.NEWS,
    is_right_today: bool = False,
) -> None:
    """Save these drafts, which were found to be right, and publish them if `is_published`: all of them or none.

    `notification_choice` (a `NotificationChoice`) says whether followers are told, `is_right_today` that somebody
    confirmed all of what is published.
    """
    for draft in drafts:
        draft.notification = stored_choice(notification_choice, "")
        if is_right_today and is_published:
            draft.checked_on = timezone.localdate()
        revision = draft.save_revision(user=user, log_action=True, clean=False)
        if is_published:
            revision.publish(user=user)
