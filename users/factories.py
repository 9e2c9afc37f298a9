"""Factories for people who sign in."""

import factory
from factory.django import DjangoModelFactory

from .models import User


class UserFactory(DjangoModelFactory[User]):
    """A user without rights, whose password is `correct-horse-battery`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    first_name = "Test"
    last_name = factory.Sequence(lambda n: f"Person {n}")
    password = factory.django.Password("correct-horse-battery")


class AdministratorFactory(UserFactory):
    """A user with every right."""

    is_staff = True
    is_superuser = True
