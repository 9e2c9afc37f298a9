"""The admin's screens that put right what a mail server did: tell again who was not told, resume who was paused."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from wagtail.admin.widgets import AdminDateInput
from wagtail.log_actions import log

from core.form_fields import DateField
from core.models import Mailing
from core.timezone import LONDON

from . import services
from .admin_views import MAY_STOP
from .models import Notice

# In the history of the site.
SENT_AGAIN, RESUMED_ALL = "followers.send_again", "followers.resume_all"
MAY_RESUME = "followers.change_follower"


@permission_required(MAY_STOP, raise_exception=True)
def send_again_view(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Ask whether to tell again who was not told of a notice because the mail failed; on POST do it."""
    notice = get_object_or_404(Notice, pk=notice_id)
    if request.method == "POST":
        number = services.send_again(notice)
        log(instance=notice, action=SENT_AGAIN, user=request.user, data={"number": number})
        messages.success(request, f"It is sent again to {_people(number)}, within a minute or two.")
        return redirect("followers_notice", notice.pk)
    number = services.failed_recipients(notice).count()
    return render(request, "followers/admin/send_again.html", {"notice": notice, "people": _people(number)})


class SinceForm(forms.Form):
    """Asks since when addresses were paused by mistake."""

    since = DateField(
        label="Paused since",
        help_text="The day on which the mail server went wrong. Everybody whose e-mail was paused on that day or later "
        "gets it again, and what was missed meanwhile in one e-mail.",
        widget=AdminDateInput,
    )

    @property
    def moment(self) -> datetime:
        """The beginning of that day, in London."""
        return datetime.combine(self.cleaned_data["since"], time(), tzinfo=LONDON)


@permission_required(MAY_RESUME, raise_exception=True)
def resume_all_view(request: HttpRequest) -> HttpResponse:
    """Ask since when, then whether to send again to all whose mail was paused since then; when that is said, do it."""
    form = SinceForm(request.POST or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        if "confirm" in request.POST:
            number = services.resume_all(form.moment)
            mailing, _ = Mailing.objects.get_or_create(pk=Mailing.ONLY)
            data = {"number": number, "since": form.moment.isoformat()}
            log(instance=mailing, action=RESUMED_ALL, user=request.user, data=data)
            messages.success(request, f"We send to {_people(number)} again.")
            return redirect("followers_people")
        context["people"] = _people(services.paused_since(form.moment).count())
    return render(request, "followers/admin/resume_all.html", context)


def _people(number: int) -> str:
    return f"{number:,} {'person' if number == 1 else 'people'}"
