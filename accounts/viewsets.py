"""The admin's screens for people who sign in."""

from django import forms
from wagtail.users.views.users import UserViewSet as WagtailUserViewSet

from users.models import User

from .forms import UserCreationForm, UserEditForm


class UserViewSet(WagtailUserViewSet):
    """Wagtail's own screens with our forms."""

    def get_form_class(self, for_update: bool = False) -> "type[forms.ModelForm[User]]":
        """Return the form that adds or, `for_update`, changes a person."""
        return UserEditForm if for_update else UserCreationForm
