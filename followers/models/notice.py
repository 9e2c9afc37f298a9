"""Notices: what followers are told of one publication."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from wagtail.models import Page


class NoticeKind(models.TextChoices):
    """What a notice is about."""

    PUBLICATION = "published", "What is new by a publication"
    GONE = "gone", "A followed page is no longer on the site"
    BACK = "back", "A followed page is on the site again"


class Notice(models.Model):
    """What is new on a page. What exactly is said is made when it is sent.

    `facts` are the keys of what was new, and `before` is what residents had read until then (`followers.changes`);
    `line` is what an editor wrote. `title` is what it is called in the admin. Those are told who followed one of
    `topics` at `released_at`, which is when everyone could read it. `prepared_at` is when there was a recipient for
    each of them. `told_before` and `failed_before` count those that are too old to be kept.
    """

    page = models.ForeignKey(Page, null=True, on_delete=models.SET_NULL, related_name="notices")
    kind = models.CharField(max_length=10, choices=NoticeKind.choices, default=NoticeKind.PUBLICATION)
    # Of a publication.
    revision_id = models.BigIntegerField(null=True, unique=True)
    title = models.CharField(max_length=255)
    is_first = models.BooleanField()
    facts = models.JSONField(default=list)
    before = models.JSONField(default=dict)
    line = models.CharField(max_length=200, blank=True)
    topics = models.ManyToManyField(Page, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    released_at = models.DateTimeField(default=timezone.now, db_index=True)
    prepared_at = models.DateTimeField(null=True, db_index=True)
    paused_at = models.DateTimeField(null=True)
    told_before = models.PositiveIntegerField(default=0)
    failed_before = models.PositiveIntegerField(default=0)

    # It says nothing of where a page is used, and there may be very many.
    wagtail_reference_index_ignore = True

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.title


class PublishedFacts(models.Model):
    """What residents have last read of a page, to compare with what they can read next.

    `revision_id` is what was published then (0 if nobody knows, None if they have read nothing yet), `line` the last
    one that an editor wrote for followers. `is_awaited` says that something was published that not everyone can see
    yet, such as an update of a forum that is hidden.
    """

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="published_facts")
    revision_id = models.BigIntegerField(null=True)
    is_awaited = models.BooleanField(default=False)
    facts = models.JSONField(default=dict)
    line = models.CharField(max_length=200, blank=True)

    # It says nothing of where a page is used, and there may be very many.
    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return f"Page {self.page_id} as published"


class FollowedPage(models.Model):
    """Whether everyone can see a page that somebody follows: `hidden_since` is when that was first found untrue.

    `is_told` is whether its followers were told that it is gone.
    """

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="followed_page")
    # As it was called when everyone could still see it: what it is called since may be nobody's business.
    title = models.CharField(max_length=255)
    hidden_since = models.DateTimeField()
    is_told = models.BooleanField(default=False)

    # It says nothing of where a page is used, and there may be very many.
    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return f"Page {self.page_id}, hidden"
