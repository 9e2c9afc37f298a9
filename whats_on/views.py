"""The calendars that people follow, and the admin view that repeats a date of an event."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Site

from centres.queries import public_centres
from core.addresses import absolute
from core.dates import LAST_YEAR
from core.form_fields import DateField
from core.headers import open_to_other_sites
from core.models import SiteSettings
from core.permissions import may_change
from users.models import User

from .calendars import CONTENT_TYPE, CalendarDate, calendar_of
from .models import EventDate, EventPage
from .queries import about_centre, calendar_dates, calendar_uid, public_events, public_forums
from .repeats import MOST_REPEATS, Repeat, repeated
from .services import DateGoneError, add_repeats, draft_dates

DATES_CHANGED = "Somebody has changed the dates meanwhile. Nothing was added. Open “Add repeats” again."


# Below, pages are looked up by `id` and not `pk`: only the first knows that a number too large for the database is the
# id of none.


def _answer(request: HttpRequest, slug: str, name: str, dates: list[CalendarDate]) -> HttpResponse:
    """Return a calendar. It is asked for anew each time, so that what was cancelled or taken down is never kept."""
    root = Site.find_for_request(request).root_page.url_path
    entries = ((date, absolute(f"/{date.url_path.removeprefix(root)}")) for date in dates)
    response = HttpResponse(
        calendar_of(name, entries),
        content_type=CONTENT_TYPE,
        headers={"Content-Disposition": f'inline; filename="{slug}.ics"'},
    )
    open_to_other_sites(response)
    return response


@require_safe
@cache_control(no_cache=True)
def calendar(request: HttpRequest) -> HttpResponse:
    """Answer with the dates of all events."""
    name = SiteSettings.for_request(request).organisation_name
    return _answer(request, "events", f"Events – {name}", calendar_dates(Q()))


@require_safe
@cache_control(no_cache=True)
def centre_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the dates at or about a centre; 404 if not everyone may see it."""
    centre = get_object_or_404(public_centres(), id=pk)
    return _answer(request, centre.slug, f"Events – {centre.title}", calendar_dates(about_centre(centre.pk)))


@require_safe
@cache_control(no_cache=True)
def forum_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the dates of a forum; 404 if not everyone may see it."""
    forum = get_object_or_404(public_forums(), id=pk)
    return _answer(request, forum.slug, f"Events – {forum.title}", calendar_dates(Q(forum=forum.pk)))


@require_safe
@cache_control(no_cache=True)
def event_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the dates of one event, those long past too; 404 if not everyone may see it."""
    event = get_object_or_404(public_events().only("title", "slug"), id=pk)
    return _answer(request, event.slug, event.title, calendar_dates(Q(pk=event.pk), since=None))


@require_safe
@cache_control(no_cache=True)
def date_calendar(request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    """Answer with one date of an event, one that was taken out too; 404 if not everyone may see it."""
    event = get_object_or_404(public_events().only("title", "slug", "translation_key"), id=pk)
    uid = calendar_uid(event, key)
    dates = [each for each in calendar_dates(Q(pk=event.pk), since=None) if each.uid == uid]
    if not dates:
        raise Http404
    return _answer(request, f"{event.slug}-{timezone.localdate(dates[0].starts_at)}", event.title, dates)


class AddRepeatsForm(forms.Form):
    """How often a date comes round, and for how long; `dates` are those of the newest draft, in order."""

    # The date that was the last one when the form was drawn, so that sending it twice adds nothing twice.
    key = forms.UUIDField(widget=forms.HiddenInput)
    repeat = forms.ChoiceField(
        label="How often",
        choices=Repeat.choices,
        widget=forms.RadioSelect,
        help_text="On the same weekday: a date on the second Tuesday of a month comes round on each second Tuesday, "
        "and one on a fifth Tuesday on the last Tuesday of each month. On the same day of the month: the 31st is the "
        "last day of a shorter month.",
        error_messages={"required": "Choose how often."},
    )
    times = forms.IntegerField(
        label="How many more dates",
        required=False,
        min_value=1,
        max_value=MOST_REPEATS,
        help_text=f"Up to {MOST_REPEATS}. Fill in this or the last day, not both.",
    )
    until = DateField(
        label="Or: last day",
        required=False,
        help_text="No date is added after this day. For example: 31/12/2027",
    )

    def __init__(self, data: QueryDict | None, *, dates: list[EventDate]) -> None:
        super().__init__(data, initial={"key": dates[-1].key})
        self.dates = {date.key: date for date in dates}

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data. Refuse what would add nothing or too much, beside the field that says so."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        times, until = cleaned["times"], cleaned["until"]
        date = self.dates.get(cleaned["key"])
        if date is None:
            self.add_error(None, DATES_CHANGED)
        elif bool(times) == bool(until):
            self.add_error("times", "Fill in either how many more dates, or the last day.")
        else:
            found = repeated(date.starts_at, date.ends_at, Repeat(cleaned["repeat"]), times=times, until=until)
            if times and len(found) < times:
                self.add_error("times", f"That would go beyond the year {LAST_YEAR}. Enter fewer dates.")
            elif until and not found:
                self.add_error("until", "No date falls on or before this day. Choose a later day.")
            elif until and len(found) > MOST_REPEATS:
                self.add_error("until", f"That would be more than {MOST_REPEATS} dates. Choose an earlier day.")
        return cleaned


def add_repeats_view(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show the form; on POST add the dates to the newest draft and go to its edit screen.

    Back to the front page for anyone who may not edit the event now, because of their rights or because it is locked.
    """
    event = get_object_or_404(EventPage, pk=page_id)
    if not may_change(event, cast(User, request.user)):
        raise PermissionDenied
    dates = draft_dates(event)
    form = AddRepeatsForm(request.POST if request.method == "POST" else None, dates=dates) if dates else None
    if form and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("key", "times", "until")}
        repeat = Repeat(form.cleaned_data["repeat"])
        try:
            added = add_repeats(event=event, repeat=repeat, user=cast(User, request.user), **values)
        except DateGoneError:
            messages.error(request, DATES_CHANGED)
            return redirect("events_add_repeats", event.pk)
        if added:
            messages.success(request, f"{_in_words(added)} Look at them, then publish.")
        else:
            messages.info(request, "These dates are there already. Nothing was added.")
        return redirect("wagtailadmin_pages:edit", event.pk)
    context = {"event": event, "form": form, "last": dates[-1] if dates else None}
    return render(request, "events/admin/add_repeats.html", context)


def _in_words(added: list[EventDate]) -> str:
    if len(added) == 1:
        return f"Added 1 date to the draft: {added[0].text}."
    return f"Added {len(added)} dates to the draft. The first: {added[0].text}. The last: {added[-1].text}."
