"""What all processes know together: how often something was asked, and whether mail can be sent now."""

from typing import ClassVar

from django.db import models
from django.utils import timezone


class Tally(models.Model):
    """How often something was asked within an hour, by whom (`who`, a keyed hash)."""

    what = models.CharField(max_length=12)
    who = models.CharField(max_length=24)
    hour = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["what", "who", "hour"], name="one_tally_an_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.what}, {self.hour}: {self.count}"


class Mailing(models.Model):
    """The one row that says whether mail is sent: not while it is paused, nor while the server rests.

    `breaks` counts how often in a row the mail server could not be used; it is left alone until `rests_until`.
    """

    ONLY = 1

    is_paused = models.BooleanField(default=False)
    breaks = models.PositiveSmallIntegerField(default=0)
    rests_until = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return "Mailing"

    @classmethod
    def now(cls) -> "Mailing":
        """Return the row; if nobody has written it yet, as it would be."""
        return cls.objects.filter(pk=cls.ONLY).first() or cls(pk=cls.ONLY)

    @property
    def is_resting(self) -> bool:
        """Whether the mail server is left alone for a while."""
        return self.rests_until is not None and self.rests_until > timezone.now()

    @property
    def is_sending(self) -> bool:
        """Whether mail may be sent now."""
        return not (self.is_paused or self.is_resting)
