"""The admin view that adds several services to a centre at once."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from users.models import User

from .models import CentrePage, CentreServicePage
from .queries import published_services
from .services import add_services


class AddServicesForm(forms.Form):
    """Ticks for the services of the catalogue that a centre does not list yet."""

    services = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        label="Services",
        error_messages={"required": "Tick at least one service."},
    )

    def __init__(self, *args: Any, centre: CentrePage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = [(str(service.pk), service.title) for service in published_services()]
        listed = {str(pk) for pk in CentreServicePage.objects.filter(centre=centre).values_list("service", flat=True)}
        field = cast(forms.MultipleChoiceField, self.fields["services"])
        # Somebody else may add one of them in the meantime: a tick on it is no mistake, but it is not offered.
        field.choices = services
        field.widget.choices = [(pk, title) for pk, title in services if pk not in listed]


def add_services_view(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show the ticks, with those that `service` of the address names; on POST create a draft for each and go to the
    centre's pages.

    403 for anyone who may not add pages beneath the centre.
    """
    centre = get_object_or_404(CentrePage, pk=page_id)
    if not centre.permissions_for_user(request.user).can_add_subpage():
        raise PermissionDenied
    ticked_before = {"services": request.GET.getlist("service")}
    form = AddServicesForm(request.POST if request.method == "POST" else None, initial=ticked_before, centre=centre)
    if request.method == "POST" and form.is_valid():
        ticked = published_services().filter(pk__in=form.cleaned_data["services"])
        drafts = add_services(centre=centre, services=ticked, user=cast(User, request.user))
        names = ", ".join(draft.title for draft in drafts)
        if drafts:
            messages.success(request, f"Added as drafts: {names}. Open each one, fill it in and publish it.")
        else:
            messages.info(request, "The centre lists these services already.")
        return redirect("wagtailadmin_explore", centre.pk)
    return render(request, "centres/admin/add_services.html", {"centre": centre, "form": form})
