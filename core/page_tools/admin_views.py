"""The admin's views that every page has: "Still correct", and a link that shows a draft to a partner."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction
from wagtail.models import Page

from core.addresses import absolute
from core.models import BasePage
from core.permissions import changeable
from core.security.log import DRAFT_LINK, log_security_event
from users.models import User

from .shared_drafts import SHOWN_FOR, token_for
from .still_correct import mark_checked, may_confirm


def still_correct_view(request: HttpRequest, page_id: int) -> HttpResponse:
    """Ask whether everything on a page is still right; on POST record that it is and go back.

    403 for anyone who may not change the page, and for a page that residents cannot see.
    """
    page = get_object_or_404(Page, pk=page_id).specific
    user = cast(User, request.user)
    if not may_confirm(page, user):
        raise PermissionDenied
    back = get_valid_next_url_from_request(request) or reverse("wagtailadmin_pages:edit", args=[page.pk])
    if request.method == "POST":
        mark_checked(page=page, user=user)
        messages.success(request, f"Thank you. “{page.heading}” now says that it was checked today.")
        return HttpResponseRedirect(back)
    return render(request, "core/admin/still_correct.html", {"page": page, "back": back})


def share_draft_view(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show the link by which people without a login see the newest version of a page.

    403 for anyone who may not change the page; 404 while nothing was saved.
    """
    page = get_object_or_404(Page, pk=page_id)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    revision = page.get_latest_revision()
    if revision is None:
        raise Http404
    address = absolute(reverse("shared_draft", args=[token_for(revision)]))
    log_security_event(DRAFT_LINK, about=page.specific, user=cast(User, request.user), request=request)
    context = {"page": revision.as_object(), "address": address, "ends_at": timezone.now() + SHOWN_FOR}
    return render(request, "core/admin/share_draft.html", context)


class StillCorrect(PageBulkAction):
    """Confirms that everything on the ticked pages is still right."""

    display_name = "Still correct"
    action_type = "still-correct"
    aria_label = "Confirm that the ticked pages are still correct"
    template_name = "core/admin/still_correct_in_bulk.html"
    action_priority = 35

    @classmethod
    def get_queryset(cls, model: type[Page], object_ids: list[Any]) -> list[Page]:
        """Return the ticked pages as their own types, in a fixed number of queries."""
        pages = list(model.objects.filter(pk__in=object_ids).specific())
        for kind in {type(page) for page in pages if isinstance(page, BasePage)}:
            prefetch_related_objects([page for page in pages if type(page) is kind], *kind.heading_needs)
        return pages

    def object_context(self, obj: Page) -> dict[str, Any]:
        """Return a page for the template, as it was read."""
        return {"item": obj}

    def get_actionable_objects(self) -> tuple[list[Page], dict[str, Any]]:
        """Return the ticked pages that this editor may confirm, and the others."""
        pages, refused = super().get_actionable_objects()
        theirs = changeable(Page.objects.filter(pk__in=[page.pk for page in pages]), self.request.user)
        allowed = set(theirs.values_list("pk", flat=True))
        refused["items_with_no_access"] += [page for page in pages if page.pk not in allowed]
        return [page for page in pages if page.pk in allowed], refused

    def check_perm(self, page: Page) -> bool:
        """Whether the page says when it was checked, to residents."""
        return isinstance(page, BasePage) and page.live

    @classmethod
    def execute_action(cls, objects: list[BasePage], user: User | None = None, **kwargs: Any) -> tuple[int, int]:
        """Record it for each; return how many there were, and 0."""
        for page in objects:
            mark_checked(page=page, user=cast(User, user))
        return len(objects), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        """Return what the editor reads afterwards."""
        pages = (
            "1 page now says that it was"
            if num_parent_objects == 1
            else f"{num_parent_objects} pages now say that they were"
        )
        return f"Thank you. {pages} checked today."
