"""The admin's screens for people who sign in."""

from django import forms
from wagtail.admin.widgets.button import Button
from wagtail.users.views.users import EditView as WagtailEditView
from wagtail.users.views.users import UserViewSet as WagtailUserViewSet

from users.models import User

from .forms import UserCreationForm, UserEditForm
from .security_hooks import reset_buttons


class EditView(WagtailEditView):
    """Changes a person."""

    @property
    def header_more_buttons(self) -> list[Button]:
        """Return Wagtail's buttons, and the one that resets a second factor."""
        return [*super().header_more_buttons, *reset_buttons(self.object, self.request.user)]


class UserViewSet(WagtailUserViewSet):
    """Wagtail's own screens with our forms."""

    edit_view_class = EditView

    def get_form_class(self, for_update: bool = False) -> "type[forms.ModelForm[User]]":
        """Return the form that adds or, `for_update`, changes a person."""
        return UserEditForm if for_update else UserCreationForm
