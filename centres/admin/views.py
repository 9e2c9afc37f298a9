"""The editors' screens across the centres: the grid, a new status for several pages, the import of a spreadsheet."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST
from wagtail.admin.utils import get_valid_next_url_from_request

from centres.bulk.columns import HEADINGS, label_of
from centres.bulk.imports import DryRun, TokenError, look_through, read_token
from centres.bulk.plans import (
    PagePlan,
    PlannedAction,
    centres_to_add_to,
    fingerprint,
    pages_to_change,
    plan_changes,
    works_on_centres,
)
from centres.bulk.spreadsheets import Sheet, read_spreadsheet
from centres.models import ServiceStatus
from centres.services import ChangesRefusedError, save_changes
from core.spreadsheets import MAX_BYTES, MAX_ROWS, SpreadsheetError
from users.models import User

from .grid import grid

CHANGED_MEANWHILE = "Something has changed since you looked, so nothing was saved. Look again at what would be done."
SERVICES_LIST = "centres_services_modeladmin_index"
# The largest key that PostgreSQL takes for a page.
LARGEST_KEY = 2**31 - 1

View = Callable[[HttpRequest, User], HttpResponse]


def _for_editors(view: View) -> Callable[[HttpRequest], HttpResponse]:
    """Let in who may change any centre or service at one, and nobody else."""

    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponse:
        user = cast(User, request.user)
        if not works_on_centres(user):
            raise PermissionDenied
        return view(request, user)

    return checked


@_for_editors
def choose_centre_view(request: HttpRequest, user: User) -> HttpResponse:
    """Show the centres to which services can be added; where there is one, go there."""
    centres = list(centres_to_add_to(user).order_by("short_name", "pk"))
    if len(centres) == 1:
        return redirect("centres_add_services", centres[0].pk)
    return render(request, "centres/admin/choose_centre.html", {"centres": centres})


@_for_editors
def grid_view(request: HttpRequest, user: User) -> HttpResponse:
    """Show every service at every centre."""
    return render(request, "centres/admin/grid.html", {"grid": grid(user)})


class StatusForm(forms.Form):
    """The status that several pages get."""

    status = forms.ChoiceField(
        label="New status",
        choices=ServiceStatus.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a status.", "invalid_choice": "Choose a status from the list."},
    )


def _keys(values: Iterable[str]) -> list[int]:
    """Return the keys among what an address says; what can be none is left out."""
    numbers = (int(value) for value in values if value.isdecimal() and len(value) <= 10)
    return [number for number in numbers if number <= LARGEST_KEY]


@_for_editors
def change_status_view(request: HttpRequest, user: User) -> HttpResponse:
    """Ask for a status, then show what it would change; on POST change it and go back to `next`."""
    data = request.POST if request.method == "POST" else request.GET
    back = get_valid_next_url_from_request(request) or reverse(SERVICES_LIST)
    keys = _keys(data.getlist("id"))
    pages = list(pages_to_change(user).filter(pk__in=keys).select_related("centre").order_by("title", "pk"))
    if not keys:
        messages.warning(request, "Tick at least one service first.")
        return HttpResponseRedirect(back)
    if not pages:
        raise PermissionDenied
    form = StatusForm(data if "status" in data or request.method == "POST" else None)
    plans: list[PagePlan] = []
    if form.is_valid():
        status = ServiceStatus(form.cleaned_data["status"])
        wanted = {page.pk: {"status": status.value} for page in pages}
        plans = plan_changes(wanted, user)
        if request.method == "POST":
            try:
                done = save_changes(
                    wanted=wanted,
                    user=user,
                    seen=data.get("seen", ""),
                    notification_choice=data.get("notification_choice", ""),
                    is_right_today=bool(data.get("is_right_today")),
                )
            except ChangesRefusedError as refusal:
                plans = refusal.plans
                messages.error(request, CHANGED_MEANWHILE)
            except ValidationError as error:
                form.add_error("status", error.messages)
            else:
                messages.success(request, _what_was_done(done))
                return HttpResponseRedirect(back)
        if any(plan.errors for plan in plans):
            form.add_error("status", "Not every page can have this status. Choose another, or mend the pages first.")
    context = {
        "form": form,
        "pages": pages,
        "left_out": len(set(keys)) - len(pages),
        "next": back,
        "plans": [(0, plan) for plan in plans] if not form.errors else [],
        "problems": [message for plan in plans for message in _said_of(plan)],
        "status": dict(ServiceStatus.choices).get(form["status"].value() or ""),
        "may_save": any(plan.is_saved for plan in plans),
        "seen": fingerprint(plans),
    }
    return render(request, "centres/admin/change_status.html", context)


def _said_of(plan: PagePlan) -> list[str]:
    """Return the errors of a plan, each with the page and, where it is not the status, the field."""
    return [
        f"{plan.page.heading}: {message}" if name == "status" else f"{plan.page.heading}: {label_of(name)}: {message}"
        for name, found in plan.errors.items()
        for message in found
    ]


def _what_was_done(plans: list[PagePlan]) -> str:
    saved = [plan for plan in plans if plan.is_saved]
    published = sum(plan.action is PlannedAction.PUBLISH for plan in saved)
    return f"{_pages(len(saved))} changed: {published} published, {len(saved) - published} saved as drafts."


def _pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count} pages"


class ImportForm(forms.Form):
    """The file to import; its cleaned value is what it holds."""

    file = forms.FileField(
        label="Spreadsheet",
        help_text=f"A CSV file or an Excel workbook (.xlsx), up to {MAX_BYTES // 2**20} MB and {MAX_ROWS:,} rows.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={"required": "Choose a file.", "empty": "This file is empty."},
    )

    def clean_file(self) -> Sheet:
        """Return what the file holds. Raises ValidationError with what is wrong with it."""
        upload = self.cleaned_data["file"]
        try:
            # One byte too many says enough of a larger file.
            return read_spreadsheet(upload.read(MAX_BYTES + 1))
        except SpreadsheetError as error:
            raise ValidationError(str(error)) from error


@_for_editors
def import_view(request: HttpRequest, user: User) -> HttpResponse:
    """Ask for a file; on POST show what it would change. Nothing is saved here."""
    if request.method != "POST":
        return _import_screen(request, ImportForm())
    form = ImportForm(request.POST, request.FILES)
    return _import_screen(request, form, look_through(form.cleaned_data["file"], user) if form.is_valid() else None)


@require_POST
@_for_editors
def confirm_import_view(request: HttpRequest, user: User) -> HttpResponse:
    """Save what a dry run showed and go to the list; show the dry run anew if it is no longer true."""
    try:
        confirmed = read_token(request.POST.get("token", ""), user)
    except TokenError:
        messages.error(request, "This was looked through more than an hour ago, or by somebody else. Upload it again.")
        return redirect("centres_import")
    try:
        done = save_changes(
            wanted=confirmed.wanted,
            user=user,
            seen=confirmed.seen,
            notification_choice=request.POST.get("notification_choice", ""),
            is_right_today=bool(request.POST.get("is_right_today")),
        )
    except ChangesRefusedError as refusal:
        messages.error(request, CHANGED_MEANWHILE)
        plans = refusal.plans
    except ValidationError as error:
        messages.error(request, f"Nothing was saved. {' '.join(error.messages)}")
        plans = plan_changes(confirmed.wanted, user)
    else:
        messages.success(request, _what_was_done(done))
        return redirect(SERVICES_LIST)
    return _import_screen(request, ImportForm(), confirmed.again(plans, user))


def _import_screen(request: HttpRequest, form: ImportForm, dry_run: DryRun | None = None) -> HttpResponse:
    context = {"form": form, "dry_run": dry_run, "headings": HEADINGS, "list_url": reverse(SERVICES_LIST)}
    return render(request, "centres/admin/import.html", context)
