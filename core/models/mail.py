"""What the database knows of e-mail: what every owed mail has in common, and whether mail can be sent now."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone


class MailState(models.TextChoices):
    """What became of a mail."""

    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    DROPPED = "dropped", "Not sent, because there was no longer a reason to"


class OwedMail(models.Model):
    """A row of the outbox: a mail that is to be sent once. `due_at`, `lease_until` and `sent_at` are aware datetimes.

    Whoever sends it leases it first: `leased_by` is the key of the lease, `lease_until` until when nobody else may
    have the mail. After that it counts as not sent, because who had it was killed. `problem` is why the last try
    failed, without any address in it. `core.mail.queues` says how an app has its mails sent.
    """

    state = models.CharField(max_length=8, choices=MailState.choices, default=MailState.WAITING)
    due_at = models.DateTimeField(default=timezone.now)
    leased_by = models.UUIDField(null=True, db_column="claim")
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at", "id"], condition=models.Q(state=MailState.WAITING), name="%(class)s_waiting"
            ),
            models.Index(fields=["sent_at"], condition=models.Q(sent_at__isnull=False), name="%(class)s_sent"),
        ]

    @property
    def identity(self) -> str:
        """What tells this mail from every other of its app, and is the same each time it is tried."""
        return f"{self._meta.model_name} {self.pk}"


class Mailing(models.Model):
    """The one row that says whether mail is sent: not while it is paused, nor while the server rests.

    `breaks` counts how often in a row the mail server could not be used, since `broken_at`; after BREAKS times it is
    left alone until `rests_until`.
    """

    ONLY = 1
    BREAKS = 3
    LONGEST_REST = timedelta(minutes=15)

    is_paused = models.BooleanField(default=False)
    breaks = models.PositiveSmallIntegerField(default=0)
    rests_until = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        # It was made there (decision 51).
        db_table = "followers_mailing"

    def __str__(self) -> str:
        return "Mailing"

    @classmethod
    def now(cls) -> "Mailing":
        """Return the row; if nobody has written it yet, as it would be."""
        return cls.objects.filter(pk=cls.ONLY).first() or cls(pk=cls.ONLY)

    @property
    def is_resting(self) -> bool:
        """Whether the mail server is left alone for a while; never for longer, should the clock have been wrong."""
        if self.rests_until is None:
            return False
        return timedelta(0) < self.rests_until - timezone.now() <= self.LONGEST_REST

    @property
    def is_broken(self) -> bool:
        """Whether the mail server cannot be used, as far as is known."""
        return self.breaks >= self.BREAKS

    @property
    def is_sending(self) -> bool:
        """Whether mail may be sent now."""
        return not (self.is_paused or self.is_resting)
