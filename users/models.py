"""The custom user: someone who signs in to edit the site, known by an e-mail address."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from cleaning.addresses import email_identity

DUPLICATE = "Somebody already signs in with this e-mail address."
# How long a new account may do without the second factor that its rights ask for.
GRACE = timedelta(days=14)


def end_of_grace() -> datetime:
    """Return until when an account that is made now may do without a second factor."""
    return timezone.now() + GRACE


class UserManager(BaseUserManager["User"]):
    """Makes users from an e-mail address and a password; there is no user name."""

    use_in_migrations = True

    def _create(self, email: str, password: str | None, **extra: Any) -> "User":
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email_identity(email), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Save and return a user without any rights. Raises ValueError for an empty e-mail address."""
        return self._create(email, password, **{"is_staff": False, "is_superuser": False, **extra})

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Save and return an administrator. Raises ValueError for an empty e-mail address."""
        return self._create(email, password, **{"is_staff": True, "is_superuser": True, **extra})

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a user by e-mail address, however it is spelt."""
        return self.get(email__iexact=email_identity(username or ""))


class User(AbstractUser):
    """A person who signs in with an e-mail address."""

    username = None  # type: ignore[assignment]  # Django's documented way to drop the field
    email = models.EmailField("e-mail address", unique=True, error_messages={"unique": DUPLICATE})
    # The day of the last message about pages due a check.
    reminded_on = models.DateField(null=True, blank=True, editable=False)
    # From then on somebody whose rights ask for a second factor gets nowhere without one (`accounts`).
    second_factor_due_at = models.DateTimeField(default=end_of_grace, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()  # type: ignore[assignment,misc]  # replaces the user-name manager on purpose

    class Meta(AbstractUser.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two people whose addresses differ in capitals only could neither sign in.
            models.UniqueConstraint(Lower("email"), name="one_user_per_address", violation_error_message=DUPLICATE)
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Keep addresses in one spelling, so that one person is one user, and look for errors in that."""
        self.email = email_identity(self.email)
        super().clean_fields(exclude)
