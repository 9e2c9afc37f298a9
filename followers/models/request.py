"""What somebody has asked for with an address that is still to be confirmed."""

import uuid
from typing import ClassVar

from django.db import models
from wagtail.models import Page

from core.models import OwedMail

from .follower import Frequency


class RequestKind(models.TextChoices):
    """What the mail is for."""

    FOLLOW = "follow", "To confirm what to follow"
    LINK = "link", "To have the link to what is followed"


class FollowRequest(OwedMail):
    """A mail to an address that anybody may have typed. There is one row for an address and a kind.

    It knows nothing of followers, so that asking is the same for every address. `key` stands for it in the link, and
    is another one after the link was used (`confirmed_at`). It goes a week after it was asked (`asked_at`).
    """

    kind = models.CharField(max_length=8, choices=RequestKind.choices)
    email = models.EmailField()
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    pages = models.ManyToManyField(Page, through="RequestedPage", related_name="+")
    consent = models.TextField(blank=True)
    asked_at = models.DateTimeField(db_index=True)
    confirmed_at = models.DateTimeField(null=True)

    # It says nothing of where a page is used, and there may be very many.
    wagtail_reference_index_ignore = True

    class Meta(OwedMail.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["email", "kind"], name="one_request_for_an_address"),
        ]

    @property
    def identity(self) -> str:
        """A request can be mailed again: what tells its mails apart is when the last one went."""
        return f"{super().identity} {self.key} {self.sent_at}"

    def __str__(self) -> str:
        return f"Request {self.pk}"


class RequestedPage(models.Model):
    """A page that somebody asked to follow, and how often."""

    request = models.ForeignKey(FollowRequest, on_delete=models.CASCADE, related_name="requested", db_index=False)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    frequency = models.CharField(max_length=8, choices=Frequency.choices, default=Frequency.NOW)

    # It says nothing of where a page is used, and there may be very many.
    wagtail_reference_index_ignore = True

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "page"], name="requested_once"),
        ]

    def __str__(self) -> str:
        return f"{self.request} for page {self.page_id}"
