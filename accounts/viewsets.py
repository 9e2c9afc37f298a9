"""The admin's screens for people who sign in."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.boolean_radio_select import BooleanRadioSelect
from wagtail.admin.widgets.button import Button
from wagtail.users.views.users import CreateView as WagtailCreateView
from wagtail.users.views.users import EditView as WagtailEditView
from wagtail.users.views.users import IndexView as WagtailIndexView
from wagtail.users.views.users import UserFilterSet as WagtailUserFilterSet
from wagtail.users.views.users import UserViewSet as WagtailUserViewSet

from users.models import User

from . import services
from .forms import UserCreationForm, UserEditForm
from .queries import invited, is_invited
from .security_hooks import reset_buttons
from .tokens import INVITATION


class UserFilterSet(WagtailUserFilterSet):
    """Wagtail's filters, and who was invited and has not come yet."""

    is_invited = django_filters.BooleanFilter(
        label="Invited, not here yet", method="filter_invited", widget=BooleanRadioSelect
    )

    def filter_invited(self, queryset: "QuerySet[User]", name: str, value: bool) -> "QuerySet[User]":
        """Return those who were invited and have not come, or all others."""
        return queryset.filter(invited()) if value else queryset.exclude(invited())


class IndexView(WagtailIndexView):
    """Wagtail's list, which also says who was invited and has not come yet."""

    @property
    def columns(self) -> list[Column]:
        """Return Wagtail's columns, and ours before the last."""
        invitation = Column(
            "invitation", label="Invitation", accessor=lambda user: "Not used yet" if is_invited(user) else ""
        )
        *first, last = super().columns
        for column in first:
            if column.name == User.USERNAME_FIELD:
                column.label = "E-mail address"  # Wagtail says "Username"
        return [*first, invitation, last]


class CreateView(WagtailCreateView):
    """Adds a person, and has the invitation sent."""

    submit_button_label = "Send the invitation"
    submit_button_active_label = "Sending…"
    success_message = "'%(object)s' was added. The invitation leaves by email within a minute or two."

    def save_instance(self) -> User:
        """Save and return the person, to whom an invitation is owed."""
        user: User = super().save_instance()
        services.invite(user)
        return user


class EditView(WagtailEditView):
    """Changes a person, but for the password, which a link lets the person choose."""

    def save_instance(self) -> User:
        """Save and return the person; whoever had another address is told there."""
        before = self.form.initial["email"]
        user: User = super().save_instance()
        if user.email != before:
            services.note_address_change(user, before)
        return user

    @property
    def header_more_buttons(self) -> list[Button]:
        """Return Wagtail's buttons, and those that reset a second factor or have a link sent."""
        buttons: list[Button] = [*super().header_more_buttons, *reset_buttons(self.object, self.request.user)]
        purpose = services.purpose_of(self.object) if self.object.is_active else None
        if purpose:
            label = "Send the invitation again" if purpose is INVITATION else "Send a link to choose a new password"
            url = reverse("accounts_send_link", args=[self.object.pk])
            buttons = [*buttons, Button(label, url=url, icon_name="mail", priority=15)]
        return buttons


class UserViewSet(WagtailUserViewSet):
    """Wagtail's own screens with our forms."""

    filterset_class = UserFilterSet
    index_view_class = IndexView
    add_view_class = CreateView
    edit_view_class = EditView

    def get_form_class(self, for_update: bool = False) -> "type[forms.ModelForm[User]]":
        """Return the form that adds or, `for_update`, changes a person."""
        return UserEditForm if for_update else UserCreationForm
