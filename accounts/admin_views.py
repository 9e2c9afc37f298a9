"""Screens of the admin: another address for oneself, and links by which others choose a password."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from wagtail.permissions import policy_registry

from core.dates import describe_moment
from users.models import User

from . import services
from .forms import NewAddressForm
from .queries import last_invitation
from .services import Confirmation
from .tokens import INVITATION, ExpiredError, read_address_token

TOO_OFTEN = "You asked for another address several times. What you typed is still here: try again in two hours."


@sensitive_post_parameters("password")
def new_address_view(request: HttpRequest) -> HttpResponse:
    """Ask for another address to sign in with, and for the password; have the link sent that confirms it."""
    user = _signed_in(request)
    if not user.has_usable_password():
        raise PermissionDenied
    form = NewAddressForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        if services.ask_for_address(user, form.cleaned_data["email"]):
            return render(request, "accounts/admin/new_address_sent.html", {"address": form.cleaned_data["email"]})
        form.add_error(None, TOO_OFTEN)
    return render(request, "accounts/admin/new_address.html", {"form": form})


@never_cache
def confirm_address_view(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button that makes the address in the link one's own; only pressing it does."""
    user = _signed_in(request)
    try:
        mail = read_address_token(token)
    except ExpiredError:
        return _address_gone(request, is_expired=True)
    if mail is None or mail.user_id != user.pk:
        return _address_gone(request, is_expired=False)
    if request.method != "POST":
        return render(request, "accounts/admin/confirm_address.html", {"address": mail.address})
    outcome = services.confirm_address(token, user)
    if outcome is Confirmation.DONE:
        messages.success(request, f"From now on you sign in with {mail.address}.")
        return redirect("wagtailadmin_account")
    if outcome is Confirmation.TAKEN:
        return render(request, "accounts/admin/address_taken.html", {"address": mail.address}, status=409)
    return _address_gone(request, is_expired=False)


def _address_gone(request: HttpRequest, *, is_expired: bool) -> HttpResponse:
    return render(request, "accounts/admin/address_gone.html", {"is_expired": is_expired}, status=404)


def send_link_view(request: HttpRequest, user_id: int) -> HttpResponse:
    """Ask whether somebody shall be sent a link to choose a password, or the invitation again; on POST have it sent."""
    if not policy_registry.get_by_type(User).user_has_permission(request.user, "change"):
        raise PermissionDenied
    person = get_object_or_404(User, pk=user_id, is_active=True)
    purpose = services.purpose_of(person)
    if request.method != "POST" or purpose is None:
        last = last_invitation(person)
        context = {
            "person": person,
            "is_invitation": purpose is INVITATION,
            "has_none": purpose is None,
            "last": describe_moment(last.created_at) if last else "",
        }
        return render(request, "accounts/admin/send_link.html", context)
    if purpose is INVITATION:
        services.invite(person)
    else:
        services.send_reset(person)
    messages.success(request, f"An email to {person.email} is on its way. It leaves within a minute or two.")
    return redirect("wagtailusers_users:edit", person.pk)


def _signed_in(request: HttpRequest) -> User:
    if not isinstance(request.user, User):  # Wagtail lets nobody else get here
        raise PermissionDenied
    return request.user
