"""Deliveries: one mail owed to one follower."""

from typing import ClassVar

from django.db import models

from core.models import OwedMail

from .follower import Follower
from .notice import Notice


class Delivery(OwedMail):
    """A mail with one notice, or a digest of the notices released after `since` and not after `until`.

    The follower is gone (None) once the address is erased; what is left says nothing about the person. `digested`
    are the notices that a digest told.
    """

    # Each begins a unique index below; another would be one more to write for each mail that is ticked off.
    follower = models.ForeignKey(
        Follower, null=True, on_delete=models.SET_NULL, related_name="deliveries", db_index=False
    )
    notice = models.ForeignKey(Notice, null=True, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    digested = models.ManyToManyField(Notice, related_name="digests")

    # It says nothing of where a page is used, and there may be very many.
    wagtail_reference_index_ignore = True

    class Meta(OwedMail.Meta):
        verbose_name_plural = "deliveries"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["notice", "follower"], name="one_delivery_of_a_notice"),
            models.UniqueConstraint(fields=["follower", "until"], name="one_delivery_of_a_digest"),
            models.CheckConstraint(
                condition=models.Q(notice__isnull=False, until__isnull=True, since__isnull=True)
                | models.Q(notice__isnull=True, until__isnull=False, since__isnull=False),
                name="a_notice_or_a_digest",
            ),
        ]

    def __str__(self) -> str:
        return f"Delivery {self.pk}"
