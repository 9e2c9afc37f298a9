"""Followers: e-mail addresses that somebody has confirmed, and what they follow."""

import uuid
from typing import ClassVar

from django.db import models
from wagtail.models import Page


class Frequency(models.TextChoices):
    """How often a follower wants mail."""

    NOW = "now", "As it happens"
    DAILY = "daily", "Once a day"
    WEEKLY = "weekly", "Once a week"


class Follower(models.Model):
    """One person's address, from the moment it is confirmed.

    `key` stands for the person in links. `left_at` is when the last thing was unfollowed: the address is erased some
    weeks later. Mail is refused for good `refusals` times in a row since `refused_since`, then nothing more is sent
    (`paused_at`).
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("e-mail address", unique=True)
    confirmed_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, db_index=True)
    refusals = models.PositiveSmallIntegerField(default=0)
    refused_since = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Name the follower by a number: an address must not come into titles, logs or histories."""
        return f"Follower {self.pk}"


class Follow(models.Model):
    """That a follower follows a page: a centre, a forum, a service, a newsletter, or the list of news; and how often.

    `consent` is the text that the person agreed to, at `asked_at`; `confirmed_at` is when the link was used.
    """

    follower = models.ForeignKey(Follower, on_delete=models.CASCADE, related_name="follows")
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="follows")
    frequency = models.CharField("how often", max_length=8, choices=Frequency.choices, default=Frequency.NOW)
    consent = models.TextField()
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField()

    # It says nothing of where a page is used, and there may be very many.
    wagtail_reference_index_ignore = True

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["follower", "page"], name="follow_once"),
        ]

    def __str__(self) -> str:
        return f"{self.follower} follows page {self.page_id}"
