"""The screen on which an administrator resets somebody's second factor."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from wagtail.permissions import policy_registry

from users.models import User

from .second_factor import has_one
from .second_factor_services import reset


def may_reset(who: User, person: User) -> bool:
    """Whether somebody may reset another's second factor: who may change people, and an administrator's only one."""
    may_change = policy_registry.get_by_type(User).user_has_permission(who, "change")
    return bool(may_change and (who.is_superuser or not person.is_superuser) and who.pk != person.pk)


def reset_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether somebody's second factor shall go, and on POST do it."""
    person = get_object_or_404(User, pk=pk)
    if not isinstance(request.user, User) or not may_reset(request.user, person):
        raise PermissionDenied
    if request.method == "POST":
        reset(person, by=request.user, request=request)
        messages.success(request, f"The second step of {person} is reset, and {person} is signed out everywhere.")
        return redirect("wagtailusers_users:edit", person.pk)
    return render(request, "accounts/admin/reset_second_factor.html", {"person": person, "has_one": has_one(person)})
