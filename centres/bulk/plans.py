"""What an editor may change across the centres, and what a change of many pages would do before it is done."""

import copy
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Case, CharField, F, Prefetch, Q, When
from django.db.models.fields.json import KeyTextTransform
from wagtail.models import Page, WorkflowState
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.query import PageQuerySet

from centres.models import CentrePage, CentreServicePage
from core.permissions import may_change, pages_of
from users.models import User

from .columns import COLUMNS

CHANGE, ADD = "change", "add"

# The newest draft is what editors see and change; the page's own row is what residents see.
_HAS_DRAFT = Q(has_unpublished_changes=True, latest_revision__isnull=False)


ENTERED_STATUS = Case(
    When(_HAS_DRAFT, then=KeyTextTransform("status", "latest_revision__content")),
    default=F("status"),
    output_field=CharField(),
)


def pages_to_change(user: User) -> PageQuerySet:
    """Return the services at centres that somebody may change, wherever they are."""
    pages: PageQuerySet = PagePermissionPolicy(CentreServicePage).instances_user_has_permission_for(user, CHANGE)
    return pages


def centres_to_change(user: User) -> PageQuerySet:
    """Return the centres that somebody may change."""
    centres: PageQuerySet = PagePermissionPolicy(CentrePage).instances_user_has_permission_for(user, CHANGE)
    return centres


def centres_to_add_to(user: User) -> PageQuerySet:
    """Return the centres to which somebody may add services."""
    centres: PageQuerySet = PagePermissionPolicy(CentrePage).instances_user_has_permission_for(user, ADD)
    return centres


def works_on_centres(user: User) -> bool:
    """Whether somebody may change any centre or service at one: only then the lists have something to show.

    The menu asks this on every screen of the admin, so the answer stays with the user, who lasts one request.
    """
    known: bool | None = getattr(user, "_works_on_centres", None)
    if known is None:
        known = pages_of(user).type(CentrePage, CentreServicePage).exists()
        user._works_on_centres = known  # type: ignore[attr-defined]
    return known


def newest(page: CentreServicePage) -> CentreServicePage:
    """Return a copy of a page as its newest draft has it, made without a query if its latest revision is at hand.

    It is to be read and validated, not saved: it holds the fields of this page type only.
    """
    draft = copy.copy(page)
    if not (page.has_unpublished_changes and page.latest_revision):
        return draft
    content = page.latest_revision.content
    for each in CentreServicePage._meta.local_concrete_fields:
        if each.name in content and each.name not in ("page_ptr", "centre"):
            setattr(draft, each.attname, each.to_python(content[each.name]))
    return draft


class PlannedAction(StrEnum):
    """What becomes of a change, in words for editors."""

    PUBLISH = "It is published at once."
    STAYS_DRAFT = "It is saved in the draft. Residents do not see this page yet."
    WAITS_WITH_OTHERS = "It is saved in the draft, which has other changes that are not published yet."
    WAITS_FOR_PUBLISHER = "It is saved as a draft. Somebody who may publish this page must publish it."
    UNCHANGED = "Nothing changes."
    NOT_POSSIBLE = "It is left as it is."


@dataclass(frozen=True)
class FieldChange:
    """What a field says and will say, in words; empty where it says nothing."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class PagePlan:
    """What a change would do to one page.

    `values` are those to save, by field; `obstacle` says why nobody may change it now; `errors` say, by field, what is
    wrong with the values.
    """

    page: CentreServicePage
    action: PlannedAction
    changes: tuple[FieldChange, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    obstacle: str = ""
    errors: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def is_saved(self) -> bool:
        """Whether confirming saves this page."""
        return bool(self.values) and not self.obstacle and not self.errors


def plan_changes(wanted: Mapping[int, Mapping[str, Any]], user: User) -> list[PagePlan]:
    """Return what it would do to give pages these values, by key of the page and name of the field.

    The number of queries does not depend on the number of pages. Pages that the user may not change at all, or that
    are gone, are left out.
    """
    states = WorkflowState.objects.active().select_related("current_task_state__task")
    pages = (
        pages_to_change(user)
        .filter(pk__in=wanted)
        .select_related("centre", "service", "latest_revision")
        # Wagtail's prefetch_workflow_states looks for the wrong type of page where a queryset is of one type.
        .prefetch_related(Prefetch("_specific_workflow_states", states, to_attr="_current_workflow_states"))
        .annotate_approved_schedule()
        .order_by("centre__short_name", "title", "pk")
    )
    return [_plan(page, wanted[page.pk], user) for page in pages]


def _plan(page: CentreServicePage, wanted: Mapping[str, Any], user: User) -> PagePlan:
    draft = newest(page)
    changes, values = [], {}
    for column in COLUMNS:
        if column.field in wanted:
            old, new = getattr(draft, column.field), wanted[column.field]
            if not column.same(old, new):
                values[column.field] = new
                changes.append(FieldChange(column.heading, column.words(old), column.words(new)))
    if not values:
        return PagePlan(page, PlannedAction.UNCHANGED)
    obstacle = obstacle_of(page, user)
    if obstacle:
        return PagePlan(page, PlannedAction.NOT_POSSIBLE, tuple(changes), values, obstacle)
    return PagePlan(page, _planned_action(page, user), tuple(changes), values, errors=_errors(draft, values))


def obstacle_of(page: CentrePage | CentreServicePage, user: User) -> str:
    """Return why a page cannot be changed together with others; empty if it can."""
    if page.alias_of_id:
        return "It mirrors another page. Change that one."
    if page.workflow_in_progress:
        return "It is waiting for approval."
    if page.approved_schedule:
        return "It is waiting for the day on which it is to be published."
    if may_change(page, user):
        return ""
    may_edit = page.permissions_for_user(user).can_edit()
    return "Somebody has locked it." if may_edit else "You may not change it."


def _planned_action(page: CentreServicePage, user: User) -> PlannedAction:
    if not page.live:
        return PlannedAction.STAYS_DRAFT
    if page.has_unpublished_changes:
        return PlannedAction.WAITS_WITH_OTHERS
    if not page.permissions_for_user(user).can_publish():
        return PlannedAction.WAITS_FOR_PUBLISHER
    return PlannedAction.PUBLISH


def _errors(draft: CentreServicePage, values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what is wrong with a draft that has these values, by field."""
    errors: dict[str, list[str]] = {}
    for name, value in values.items():
        setattr(draft, name, value)
    # Without a parent at hand, Wagtail does not ask whether another page there has its slug.
    draft.keeps_its_place, draft._cached_parent_obj = True, None
    others = {each.name for each in draft._meta.fields if each.is_relation or each.model is Page}
    try:
        draft.full_clean(exclude=others, validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            errors.setdefault(name, []).extend(messages)
    return errors


def fingerprint(plans: Iterable[PagePlan]) -> str:
    """Return a short text that differs once any of these pages, or what would become of it, does.

    In which order they come does not count: a spreadsheet has its own.
    """
    seen = [
        (each.page.pk, each.page.latest_revision_id, each.page.heading, each.action, each.changes, each.obstacle)
        for each in sorted(plans, key=lambda each: each.page.pk)
    ]
    return hashlib.sha256(repr(seen).encode()).hexdigest()
