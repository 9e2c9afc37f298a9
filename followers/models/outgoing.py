"""A mail that is owed to somebody: what every row of the outbox has in common."""

from typing import ClassVar

from django.db import models
from django.utils import timezone


class State(models.TextChoices):
    """What became of a mail."""

    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    DROPPED = "dropped", "Not sent, because there was no longer a reason to"


class Outgoing(models.Model):
    """A mail that is to be sent once. `due_at`, `lease_until` and `sent_at` are aware datetimes.

    Whoever sends it takes it first: `claim` says who, `lease_until` until when nobody else may. After that it counts
    as not sent, because who took it was killed. `problem` is why the last try failed, without any address in it.
    """

    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField(default=timezone.now)
    claim = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at", "id"], condition=models.Q(state=State.WAITING), name="%(class)s_waiting"),
            models.Index(fields=["sent_at"], condition=models.Q(sent_at__isnull=False), name="%(class)s_sent"),
        ]

    @property
    def identity(self) -> str:
        """What tells this mail from every other, and is the same each time it is tried."""
        return f"{self._meta.model_name} {self.pk}"
