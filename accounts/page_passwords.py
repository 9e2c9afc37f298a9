"""The password of a private page, or of a private collection of files: guessing it is as slow as signing in.

Wagtail's own views look at the password; this stands before them (`bctt.urls`).
"""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirectBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from wagtail.documents.views.serve import authenticate_with_password as authenticate_for_collection
from wagtail.forms import PasswordViewRestrictionForm
from wagtail.models import BaseViewRestriction, CollectionViewRestriction, Page, PageViewRestriction
from wagtail.views import authenticate_with_password as authenticate_for_page

from .lock_outs import FREE_TRIES, LockedOutError, guess_at


def page_password(request: HttpRequest, page_view_restriction_id: int, page_id: int) -> HttpResponseBase:
    """Let in whoever types the password of a page; after five wrong ones, say how long to wait."""
    restriction = get_object_or_404(PageViewRestriction.objects.select_related("page"), pk=page_view_restriction_id)
    page = get_object_or_404(Page, pk=page_id)
    if not page.path.startswith(restriction.page.path):
        raise Http404

    def prompt(form: PasswordViewRestrictionForm) -> HttpResponseBase:
        action = reverse("wagtailcore_authenticate_with_password", args=[restriction.pk, page.pk])
        response: HttpResponseBase = page.specific.serve_password_required_response(request, form, action)
        return response

    return _limited(request, restriction, prompt, lambda: authenticate_for_page(request, restriction.pk, page.pk))


def collection_password(request: HttpRequest, restriction_id: int) -> HttpResponseBase:
    """Let in whoever types the password of a collection; after five wrong ones, say how long to wait."""
    restriction = get_object_or_404(CollectionViewRestriction, pk=restriction_id)

    def prompt(form: PasswordViewRestrictionForm) -> HttpResponseBase:
        action = reverse("wagtaildocs_authenticate_with_password", args=[restriction.pk])
        return TemplateResponse(request, "wagtaildocs/password_required.html", {"form": form, "action_url": action})

    return _limited(request, restriction, prompt, lambda: authenticate_for_collection(request, restriction.pk))


class _TooEarlyForm(PasswordViewRestrictionForm):
    """The form of Wagtail's prompt, which says how long to wait and does not look at the password."""

    words = ""

    def clean_password(self) -> str:
        raise ValidationError(self.words, code="locked")


def _limited(
    request: HttpRequest,
    restriction: BaseViewRestriction,
    prompt: Callable[[PasswordViewRestrictionForm], HttpResponseBase],
    check: Callable[[], HttpResponseBase],
) -> HttpResponseBase:
    """Return what Wagtail answers (`check`); after too many wrong passwords the prompt, which says so."""
    if request.method != "POST" or not request.POST.get("password"):
        return check()
    guess = guess_at(type(restriction).__name__, str(restriction.pk), request)
    try:
        tries = guess.count()
    except LockedOutError as error:
        return prompt(_too_early(request, restriction, error))
    response = check()
    if isinstance(response, HttpResponseRedirectBase):
        guess.was_right()
        return response
    guess.was_wrong()
    wait = guess.wait()
    return prompt(_too_early(request, restriction, LockedOutError(wait))) if tries >= FREE_TRIES and wait else response


def _too_early(
    request: HttpRequest, restriction: BaseViewRestriction, error: LockedOutError
) -> PasswordViewRestrictionForm:
    form = _TooEarlyForm(request.POST, instance=restriction)
    form.words = str(error)
    return form
