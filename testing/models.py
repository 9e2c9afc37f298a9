"""A model that only the test database has."""

from django.db import models

from core.models import OwedMail


class Postcard(OwedMail):
    """The plainest mail that can be owed: an address, and a line."""

    email = models.EmailField()
    line = models.CharField(max_length=200, default="Greetings from Testshire.")

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return f"Postcard {self.pk}"
