"""The links that stand on live pages, and what came back when those to other sites were last asked for."""

from typing import ClassVar

from django.db import models
from wagtail.models import Page


class LinkCheck(models.Model):
    """A web address that the site links to, and its last check; `core.links.checks.record_result` says what is dead."""

    address = models.CharField(max_length=2000, unique=True)
    checked_at = models.DateTimeField(null=True)
    answer = models.CharField("what came back", max_length=200, blank=True)
    failing_since = models.DateField(null=True)
    failures = models.PositiveIntegerField("days on which it failed, one after the other", default=0)
    is_dead = models.BooleanField(default=False)

    class Meta:
        # Nobody edits these rows, so nobody is given rights on them.
        default_permissions = ()

    def __str__(self) -> str:
        return self.address


class PageLink(models.Model):
    """A link of a live page: to a page, a document or a web address, one of the three.

    Wagtail's index of references forgets what was deleted; these rows do not, which is what they are for.
    """

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    words = models.CharField("what people click on", max_length=100, blank=True)
    # The keys outlive what they name.
    to_page = models.PositiveBigIntegerField(null=True)
    to_document = models.PositiveBigIntegerField(null=True)
    to_address = models.ForeignKey(LinkCheck, null=True, on_delete=models.CASCADE, related_name="links")

    # A page is not in use because links stand on it.
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["to_page"]), models.Index(fields=["to_document"])]

    def __str__(self) -> str:
        return f"{self.words} on {self.page}"
