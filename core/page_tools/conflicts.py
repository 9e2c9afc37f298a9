"""Two people on one page: whoever saves second is told first, and loses nothing."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from wagtail.models import Page, Revision

# What Wagtail's editor sends to say which version it began from. Not sent on, the answer is to the newest version.
BEGAN_FROM = ("loaded_revision_id", "loaded_revision_created_at", "overwrite_revision_id")


@dataclass(frozen=True)
class Conflict:
    """A version that somebody saved meanwhile; `changes` are Wagtail's comparisons of what is different in it.

    `fields` is the form as it was sent, name and value, but for what it began from.
    """

    newest: Revision
    changes: list[Any]
    fields: list[tuple[str, str]]


def conflict_of(request: HttpRequest, page: Page) -> Conflict | None:
    """Return what a form about to be saved would overwrite unseen, if anything.

    Wagtail 8.0 asks this of what the editor saves by itself, not of what somebody saves with a button.
    """
    began_from = request.POST.get("loaded_revision_id")
    newest = page.get_latest_revision()
    # What one saved oneself is no surprise, be it in another window: that is told by Wagtail's editor while one types.
    if newest is None or not began_from or newest.user_id == request.user.pk:
        return None
    own = request.POST.get("overwrite_revision_id")
    began_at = request.POST.get("loaded_revision_created_at", "")
    if own == str(newest.pk) or (not own and (began_from, began_at) == (str(newest.pk), newest.created_at.isoformat())):
        return None
    base = page.revisions.filter(pk=own or began_from).exclude(pk=newest.pk).first()
    fields = [(name, value) for name, values in request.POST.lists() if name not in BEGAN_FROM for value in values]
    return Conflict(newest, _changes(request, base, newest) if base else [], fields)


def _changes(request: HttpRequest, base: Revision, newest: Revision) -> list[Any]:
    before, after = base.as_object(), newest.as_object()
    panel = after.get_edit_handler().get_bound_panel(instance=after, request=request, form=None)
    found = [comparison(before, after) for comparison in panel.get_comparison()]
    return [each for each in found if each.has_changed()]
