"""The pages on which people follow, confirm, change and unsubscribe. They need no account and set no cookie."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.models import Site

from core.models import SiteSettings
from core.rate_limits import DATABASE, HOUR, RateLimit
from core.visitors import network_of

from .forms import FollowForm, LinkForm, ManageForm, PersonForm
from .models import Follower, FollowRequest, Frequency, RequestKind
from .queries import followed_groups
from .services import ask, change, confirm, unsubscribe
from .tokens import MANAGE, UNSUBSCRIBE, ExpiredError, manage_path, read_confirm, read_lasting, unsubscribe_path
from .topics import asked_topics, topic_groups

# How often the forms may be sent: from one network, which a library or a surgery shares, and by everybody.
NETWORK_LIMIT = RateLimit("network", most=60, period=HOUR, store=DATABASE)
EVERYBODY_LIMIT = RateLimit("everybody", most=3000, period=HOUR, store=DATABASE)
TOO_OFTEN = "This form was sent too often in the last hour. What you entered is still here: please try again later."
CONSENT = (
    "{organisation} may send me the updates that I ticked, by email. It keeps my address for that and for nothing "
    "else, until I stop. I can stop at any time."
)

View = Callable[..., HttpResponseBase]


def personal(view: View) -> View:
    """Keep an answer out of every cache, and the address it is at out of what the next site is told.

    Without Django's protection from forms on other sites, which needs a cookie: nobody is signed in here. What a
    form can do is limited by the person's own mail, or is allowed by the signed link it is at (RFC 8058, 3.2, asks
    that unsubscribing needs no cookie).
    """

    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response

    return inner


def _organisation(request: HttpRequest) -> str:
    return SiteSettings.for_request(request).organisation_name if Site.find_for_request(request) else ""


def _is_too_often(request: HttpRequest) -> bool:
    """Count a form that was filled in, and return whether there were too many."""
    # Each counts, whatever the other says.
    return any([NETWORK_LIMIT.is_too_often(network_of(request)), EVERYBODY_LIMIT.is_too_often("")])


def _is_accepted(request: HttpRequest, form: PersonForm) -> bool:
    """Whether what was sent shall be done, and the sender told that it is; otherwise the form says why not."""
    if not form.is_valid():
        return False
    if _is_too_often(request):
        form.add_error(None, TOO_OFTEN)
        return False
    return True


def _keys(request: HttpRequest, name: str) -> set[int]:
    """Return the keys of pages that a form sends by this name."""
    return {int(each) for each in request.POST.getlist(name) if each.isdecimal() and len(each) < 10}


@personal
def follow_view(request: HttpRequest) -> HttpResponseBase:
    """Show what can be followed, with what `page` of the address names ticked; on POST send the mail that confirms.

    The answer is the same for an address that is new, known or not confirmed yet.
    """
    groups = topic_groups()
    form = FollowForm(
        request.POST if request.method == "POST" else None,
        groups=groups,
        initial={"pages": request.GET.getlist("page")},
    )
    if request.method == "POST" and form.is_by_robot:
        return redirect("follow_sent")
    consent = CONSENT.format(organisation=_organisation(request))
    if request.method == "POST" and _is_accepted(request, form):
        cleaned = form.cleaned_data
        ask(
            kind=RequestKind.FOLLOW,
            email=cleaned["email"],
            pages=cleaned["pages"],
            frequency=cleaned["frequency"],
            consent=consent,
        )
        return redirect("follow_sent")
    return render(request, "followers/follow.html", {"form": form, "consent": consent})


@require_safe
def follow_sent_view(request: HttpRequest) -> HttpResponse:
    """Say that a mail is on its way."""
    return render(request, "followers/sent.html", {"is_link": False})


@personal
def link_view(request: HttpRequest) -> HttpResponseBase:
    """Ask for an address, and send it the link to what it follows, if it follows anything."""
    form = LinkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_by_robot:
        return redirect("follow_link_sent")
    if request.method == "POST" and _is_accepted(request, form):
        ask(kind=RequestKind.LINK, email=form.cleaned_data["email"])
        return redirect("follow_link_sent")
    return render(request, "followers/link.html", {"form": form})


@require_safe
def link_sent_view(request: HttpRequest) -> HttpResponse:
    """Say that a mail is on its way, if the address follows anything."""
    return render(request, "followers/sent.html", {"is_link": True})


@personal
def confirm_view(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show a button that confirms; only pressing it does, because programs that check mail open every link."""
    try:
        key = read_confirm(token)
    except ExpiredError:
        return _gone(
            request, "This link has expired", "A link works for 48 hours. Ask again, and we send you a new one."
        )
    found = FollowRequest.objects.filter(key=key, kind=RequestKind.FOLLOW).first() if key else None
    if found is None:
        return _gone(request, *_broken(key))
    asked = asked_topics(found)
    # Nothing is left to be listed of a request that was confirmed, nor of one for pages that are gone.
    if request.method == "POST" and asked:
        # What the person was shown: how often each was may have been asked otherwise meanwhile.
        often = {row.page_id: request.POST.get(f"often-{row.page_id}", "") for row in asked}
        shown = {page: often[page] for page in _keys(request, "pages") if often.get(page) in Frequency.values}
        follower = confirm(found, pages=shown)
        context = {"manage_url": manage_path(follower.key), "groups": followed_groups(follower), "follower": follower}
        return render(request, "followers/confirmed.html", context)
    return render(request, "followers/confirm.html", {"topics": asked, "asked": found})


def _broken(key: UUID | None) -> tuple[str, str]:
    if key is None:
        return "This link does not work", "It may not be whole. Copy all of it from the email, or ask for a new one."
    return "This link no longer works", "It was for something that is done, or was asked again later."


def _gone(request: HttpRequest, heading: str, text: str) -> HttpResponse:
    return render(request, "followers/gone.html", {"heading": heading, "text": text}, status=404)


@personal
def manage_view(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show what somebody follows; on POST follow less of it, or have mail about it more or less often."""
    key = read_lasting(MANAGE, token)
    follower = Follower.objects.filter(key=key).first() if key else None
    if follower is None:
        text = "It may not be whole, or we no longer have your address and send you nothing."
        return _gone(request, "This link does not work", text)
    groups = followed_groups(follower)
    ticked = [topic.pk for group in groups for topic in group.topics]
    form = ManageForm(request.POST if request.method == "POST" else None, groups=groups, initial={"pages": ticked})
    if request.method == "POST" and form.is_valid():
        # What was confirmed while the form was open was not offered, and stays.
        drop = _keys(request, "offered") - set(form.cleaned_data["pages"])
        change(follower, drop=drop, frequencies=form.frequencies())
        return redirect(f"{reverse('follow_manage', args=[token])}?saved=1")
    context = {
        "form": form,
        "follower": follower,
        "is_saved": "saved" in request.GET and request.method != "POST",
        "unsubscribe_url": unsubscribe_path(follower.key),
    }
    return render(request, "followers/manage.html", context)


@personal
def unsubscribe_view(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show a button that stops all mail; on POST stop it (RFC 8058: in one step, without cookies, again and again)."""
    key = read_lasting(UNSUBSCRIBE, token)
    if key is None:
        return _gone(request, *_broken(None))
    follower = Follower.objects.filter(key=key).first()
    if request.method == "POST" and follower:
        unsubscribe(follower)
    is_done = request.method == "POST" or follower is None or follower.left_at is not None
    context = {"is_done": is_done, "manage_url": manage_path(follower.key) if follower else ""}
    return render(request, "followers/unsubscribe.html", context)
