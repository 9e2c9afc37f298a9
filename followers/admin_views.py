"""The admin's screens: what followers were told, and the people who follow."""

import json
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.log_actions import log
from wagtail.models import Page
from wagtail.permission_policies import ModelPermissionPolicy

from core.dates import describe_moment
from core.mail.server import set_paused
from core.models import Mailing
from core.permissions import may_change
from core.security.log import PERSONAL_ERASURE, PERSONAL_EXPORT, log_security_event
from users.models import User

from . import notices, services
from .emails import email_to_oneself, send_to_oneself
from .forms import AddressField
from .models import Follower, FollowRequest, Notice
from .preview import preview_of
from .queries import (
    everything_about,
    follower_count,
    follower_count_text,
    follows_of_topics,
    numbers,
    problems_of,
    progress_of,
)
from .topics import topics_about

# In the history of the site when an officer did it.
EXPORTED, ERASED, RESUMED = "followers.export", "followers.erase", "followers.resume"
# What the security log calls them.
PERSONAL = {EXPORTED: PERSONAL_EXPORT, ERASED: PERSONAL_ERASURE}
MAY_SEE = "followers.view_notice"
MAY_STOP = "followers.change_notice"
MAY_SEE_PEOPLE = "followers.view_follower"


@require_safe
def count_view(request: HttpRequest) -> JsonResponse:
    """Say how many people would be told of a page about the pages whose keys the address names as `about`."""
    keys = [int(each) for each in request.GET.getlist("about") if each.isdecimal() and len(each) < 10]
    return JsonResponse({"text": follower_count_text(follower_count(topics_about(keys)))})


def state_text(notice: Notice) -> str:
    """Return in words whether a notice is being told."""
    if notice.paused_at:
        return "Stopped"
    progress = cast(Any, notice).progress
    if notice.prepared_at is None or progress.waiting:
        return "Being sent"
    return "Sent, but for digests to come" if progress.later else "Sent"


class NoticesView(ReportView):
    """The list of what followers were told, newest first."""

    model = Notice
    permission_policy = ModelPermissionPolicy(Notice)
    any_permission_required: ClassVar[list[str]] = ["view"]
    page_title = "What followers are told"
    header_icon = "mail"
    verbose_name_plural = "e-mails to followers"
    template_name = "followers/admin/notices.html"
    results_template_name = "followers/admin/notices_results.html"
    index_url_name = "followers_notices"
    index_results_url_name = "followers_notices_results"
    is_searchable = False
    default_ordering = ("-made_at", "-pk")
    columns: ClassVar[list[Column]] = [
        TitleColumn("title", label="What", url_name="followers_notice"),
        Column("made_at", label="When", accessor=lambda notice: describe_moment(notice.made_at)),
        Column("sent", label="Told", accessor="progress.sent"),
        Column("waiting", label="Waiting", accessor="progress.waiting"),
        Column("later", label="In their next digest", accessor="progress.later"),
        Column("failed", label="Failed", accessor="progress.failed"),
        Column("state", label="State", accessor=state_text),
    ]
    list_export: ClassVar[list[str]] = [
        "title",
        "made_at",
        "progress.sent",
        "progress.waiting",
        "progress.later",
        "progress.failed",
    ]
    export_headings: ClassVar[dict[str, str]] = {
        "title": "What",
        "made_at": "When",
        "progress.sent": "Told",
        "progress.waiting": "Waiting",
        "progress.later": "In their next digest",
        "progress.failed": "Failed",
    }
    export_filename = "told"

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        """Return the notices with how far each has got."""
        found = list(object_list)
        progress = progress_of(found)
        for notice in found:
            notice.progress = progress[notice.pk]
        return found

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the context, with whether mail is sent at all."""
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        may_stop = self.request.user.has_perm(MAY_STOP)
        return {**context, "mailing": Mailing.now(), "may_stop": may_stop}


@permission_required(MAY_SEE, raise_exception=True)
def notice_view(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Show how far one notice has got, and what it says. 404 if there is none with this key."""
    notice = get_object_or_404(Notice.objects.select_related("page"), pk=notice_id)
    cast(Any, notice).progress = progress_of([notice])[notice.pk]
    context = {
        "notice": notice,
        "email": email_to_oneself(notice, ""),
        "state": state_text(notice),
        "topics": list(notice.topics.order_by("title")),
        "problems": problems_of(notice),
        "mailing": Mailing.now(),
        "may_stop": request.user.has_perm(MAY_STOP),
    }
    return render(request, "followers/admin/notice.html", context)


@require_POST
@permission_required(MAY_STOP, raise_exception=True)
def pause_notice_view(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Stop a notice, or go on with it."""
    notice = get_object_or_404(Notice, pk=notice_id)
    if "stop" in request.POST:
        notices.pause(notice)
        messages.success(request, "Stopped. Who has not been told yet is not told, until you go on.")
    else:
        notices.resume(notice)
        messages.success(request, "It goes on within a minute.")
    return redirect("followers_notice", notice.pk)


@require_POST
@permission_required(MAY_SEE, raise_exception=True)
def try_notice_view(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Send a notice to the one who asks."""
    notice = get_object_or_404(Notice, pk=notice_id)
    problem = send_to_oneself(notice, cast(User, request.user).email)
    if problem:
        messages.error(request, problem)
    else:
        messages.success(request, "A test is on its way to your own address. Its links to change or stop do nothing.")
    return redirect("followers_notice", notice.pk)


@require_safe
def preview_view(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show what followers would be told of the newest draft of a page. 404 for a page of which nobody is told.

    Raises PermissionDenied if the page is not this editor's to change.
    """
    page = get_object_or_404(Page, id=page_id)
    if not may_change(page, cast(User, request.user)):
        raise PermissionDenied
    preview = preview_of(page)
    if preview is None:
        raise Http404
    return render(request, "followers/admin/preview.html", {"page": page, "preview": preview})


@require_POST
@permission_required(MAY_STOP, raise_exception=True)
def pause_all_view(request: HttpRequest) -> HttpResponse:
    """Stop all mail to followers, or go on."""
    is_paused = "stop" in request.POST
    set_paused(is_paused)
    messages.success(request, "No e-mail is sent now, until you go on." if is_paused else "E-mail is sent again.")
    return redirect("followers_notices")


class AddressForm(forms.Form):
    """Asks for the address of a person who wants to know, or to be forgotten."""

    email = AddressField(
        label="E-mail address",
        error_messages={
            "required": "Enter the person’s e-mail address.",
            "invalid": "Enter an e-mail address like name@example.com",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


# The address of a person is in no address of a page: it is sent by forms only, and no error report shows it.
@sensitive_post_parameters("email")
@permission_required(MAY_SEE_PEOPLE, raise_exception=True)
def people_view(request: HttpRequest) -> HttpResponse:
    """Show how many people follow what, and all there is about the one whose address is sent."""
    form = AddressForm(request.POST or None)
    context: dict[str, Any] = {
        "form": form,
        "numbers": numbers(),
        "topics": follows_of_topics(),
        "refusing": Follower.objects.filter(left_at=None).exclude(paused_at=None).order_by("-paused_at")[:100],
    }
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if "erase" in request.POST and request.user.has_perm("followers.delete_follower"):
            return _erase(request, email)
        if "export" in request.POST:
            return _export(request, email)
        if "resume" in request.POST and request.user.has_perm("followers.change_follower"):
            _resume(request, email)
        context |= {"asked": email, "found": everything_about(email), "is_erasing": "ask" in request.POST}
    return render(request, "followers/admin/people.html", context)


def _note(request: HttpRequest, email: str, action: str) -> None:
    """Note in the site's history that an officer did this; it names the person by a number."""
    for model in (Follower, FollowRequest):
        for each in model._default_manager.filter(email=email):
            log(instance=each, action=action, user=request.user)
    # That it was done, and by whom: never about whom, who may have asked to be forgotten.
    log_security_event(PERSONAL[action], user=cast(User, request.user), request=request)


def _erase(request: HttpRequest, email: str) -> HttpResponse:
    _note(request, email, ERASED)
    if services.erase(email):
        messages.success(request, "All there was about this address is erased.")
    else:
        messages.info(request, "There was nothing about this address.")
    return redirect("followers_people")


def _export(request: HttpRequest, email: str) -> HttpResponse:
    _note(request, email, EXPORTED)
    text = json.dumps(everything_about(email), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": 'attachment; filename="what-we-keep.json"'}
    return HttpResponse(text, content_type="application/json", headers=headers)


def _resume(request: HttpRequest, email: str) -> None:
    follower = get_object_or_404(Follower, email=email)
    services.resume(follower)
    log(instance=follower, action=RESUMED, user=request.user)
    messages.success(request, "We send to this address again.")
