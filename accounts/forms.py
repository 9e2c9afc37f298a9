"""The admin's forms for people who sign in, which speak of e-mail addresses."""

from wagtail.users.forms import UserCreationForm as WagtailUserCreationForm
from wagtail.users.forms import UserEditForm as WagtailUserEditForm

from users.models import DUPLICATE


class UserCreationForm(WagtailUserCreationForm):
    """Adds a person."""

    error_messages = {**WagtailUserCreationForm.error_messages, "duplicate_username": DUPLICATE}


class UserEditForm(WagtailUserEditForm):
    """Changes a person."""

    error_messages = {**WagtailUserEditForm.error_messages, "duplicate_username": DUPLICATE}
