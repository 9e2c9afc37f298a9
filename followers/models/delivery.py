"""Who is to be told of what, and the mails by which they are."""

from typing import ClassVar

from django.db import models

from core.models import OwedMail

from .follower import Follower, Frequency
from .notice import Notice


class Delivery(OwedMail):
    """A mail to one follower, with what the follower is told at one moment: its recipients.

    The follower is gone (None) once the address is erased; what is left says nothing about the person.
    """

    follower = models.ForeignKey(Follower, null=True, on_delete=models.SET_NULL, related_name="deliveries")

    # It says nothing of where a page is used, and there may be very many.
    wagtail_reference_index_ignore = True

    class Meta(OwedMail.Meta):
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return f"Delivery {self.pk}"


class Recipient(models.Model):
    """That one follower is to be told of one notice, once, at `due_at`; by `delivery`, as soon as there is one.

    `frequency` is how often the follower wanted mail about it. Nothing but such a row says what is still to be told,
    so that nothing can fall between two digests.
    """

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="recipients", db_index=False)
    follower = models.ForeignKey(Follower, null=True, on_delete=models.SET_NULL, related_name="told")
    delivery = models.ForeignKey(Delivery, null=True, on_delete=models.SET_NULL, related_name="recipients")
    frequency = models.CharField(max_length=8, choices=Frequency.choices, default=Frequency.NOW)
    due_at = models.DateTimeField()

    # It says nothing of where a page is used, and there may be very many.
    wagtail_reference_index_ignore = True

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["notice", "follower"], name="told_once_of_a_notice"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=models.Q(delivery=None), name="recipient_waiting"),
        ]

    def __str__(self) -> str:
        return f"Recipient {self.pk}"
