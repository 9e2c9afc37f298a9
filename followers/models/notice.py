"""Notices: what followers are told of one publication."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from wagtail.models import Page


class Notice(models.Model):
    """What is new by one publication of a page. What exactly is said is made when it is sent.

    `facts` are the keys of what was new, and `before` is what the page had said until then (`followers.changes`);
    `line` is what an editor wrote. `title` is what it is
    called in the admin. Those are told who followed one of `topics` at `released_at`, which is when it was made or
    when its last pause ended. `prepared_at` is when each of them who wants mail as it happens had a delivery.
    `told_before` and `failed_before` count the deliveries that are too old to be kept.
    """

    page = models.ForeignKey(Page, null=True, on_delete=models.SET_NULL, related_name="notices")
    revision_id = models.BigIntegerField(unique=True)
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
    """What residents could read of a page when it was last published, to compare the next publication with.

    `revision_id` is what was published then; `line` the last one that an editor wrote for followers.
    """

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="published_facts")
    revision_id = models.BigIntegerField()
    facts = models.JSONField(default=dict)
    line = models.CharField(max_length=200, blank=True)

    # It says nothing of where a page is used, and there may be very many.
    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return f"Page {self.page_id} as published"
