"""What all processes know together of rate limits: how often something was done."""

from typing import ClassVar

from django.db import models


class Tally(models.Model):
    """How often something (`what`) was done within an hour, by whom (`who`, a keyed hash); see `core.rate_limits`."""

    what = models.CharField(max_length=12)
    who = models.CharField(max_length=24)
    hour = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        # It was made there (decision 51).
        db_table = "followers_tally"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["what", "who", "hour"], name="one_tally_an_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.what}, {self.hour}: {self.count}"
