"""The guided steps of a centre: all that changes when it opens, or closes, on one screen and in one go."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import Media
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from wagtail.models import Page

from centres.models import CentrePage, Stage
from centres.services import save_together
from users.models import User

from .stage_forms import STEPS, StepPage, step_pages, version_of

CHANGED_MEANWHILE = (
    "Somebody has saved one of these pages since you began, so nothing was saved. What you entered is still here. Look "
    "through it once more, then save it again."
)

BECAME: dict[str, str] = {
    Stage.OPEN: "is open",
    Stage.CLOSED: "has closed",
    Stage.NOT_GOING_AHEAD: "is not going ahead",
}


@transaction.atomic
def stage_view(request: HttpRequest, page_id: int, name: str) -> HttpResponse:
    """Show a guided step; on POST save what it says of all pages, or none of them, and go to the centre's pages.

    403 for anyone who may not change the centre.
    """
    step = STEPS[name]
    user = cast(User, request.user)
    centre = get_object_or_404(CentrePage, pk=page_id)
    if not centre.permissions_for_user(user).can_edit():
        raise PermissionDenied
    # Whoever saves one of these pages at the same time waits.
    list(Page.objects.select_for_update().filter(path__startswith=centre.path).values_list("pk"))
    pages = step_pages(step, centre, request, user)
    seen = version_of(centre)
    may_publish = all(each.may_publish for each in pages)
    obstacles = [each for each in pages if each.obstacle]
    if request.method == "POST" and not obstacles:
        is_published = "action-publish" in request.POST
        if is_published and not may_publish:
            raise PermissionDenied
        if request.POST.get("seen") != seen:
            messages.error(request, CHANGED_MEANWHILE)
        elif _are_fine(pages, is_published=is_published):
            return _saved(request, [each.page for each in pages], user, is_published=is_published)
        else:
            messages.error(request, "Nothing was saved yet. What is to be mended is marked below.")
    context = {
        "step": step,
        "centre": centre,
        "pages": pages,
        "obstacles": obstacles,
        "may_publish": may_publish,
        "seen": seen,
        "media": sum((each.panel.media + each.form.media for each in pages), Media()),
    }
    return render(request, "centres/admin/stage_step.html", context)


def _are_fine(pages: list[StepPage], *, is_published: bool) -> bool:
    """Whether every page can be saved; all are asked, so that all errors are shown at once."""
    answers = [each.form.is_fine(is_published=is_published) for each in pages]
    return all(answers)


def _saved(request: HttpRequest, drafts: list[Page], user: User, *, is_published: bool) -> HttpResponse:
    is_right_today = bool(request.POST.get("is_right_today"))
    save_together(
        drafts,
        user=user,
        is_published=is_published,
        notification_choice=request.POST.get("notification_choice", ""),
        is_right_today=is_right_today,
    )
    centre: CentrePage = drafts[0]
    count = len(drafts) - 1
    services = f"{count} service{'' if count == 1 else 's'}"
    if not is_published:
        messages.success(
            request,
            f"Saved as drafts: {centre.title} and its {services}. Residents see nothing of it until somebody who may "
            "publish opens this step and publishes it.",
        )
        return redirect("wagtailadmin_explore", centre.pk)
    messages.success(request, f"Published: {centre.title} {BECAME[centre.stage]}, with its {services}.")
    if not is_right_today:
        messages.info(
            request,
            "You did not tick that everything on these pages is right today, so the days of their last checks stay as "
            "they were.",
        )
    return redirect("wagtailadmin_explore", centre.pk)
