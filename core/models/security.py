"""The rows of the security log: who did what that matters for safety; see `core.security.log`."""

from typing import Any

from django.db import models
from wagtail.models.audit_log import BaseLogEntry, BaseLogEntryManager, LogEntryQuerySet


class SecurityEventManager(BaseLogEntryManager):
    """Wagtail's manager of a log, for administrators alone and for things that have no object."""

    def viewable_by_user(self, user: Any) -> LogEntryQuerySet:
        """Return everything to an administrator, and nothing to anybody else, whatever rights a group has."""
        return self.all() if user.is_active and user.is_superuser else self.none()

    def for_instance(self, instance: models.Model) -> LogEntryQuerySet:
        """Return what is known of one object."""
        return self.get_for_model(type(instance)).filter(object_id=str(instance.pk))


class SecurityEvent(BaseLogEntry):
    """Something that matters for safety: an entry of a log of Wagtail's kind, in a table of its own.

    A table of its own, because these are kept for a year and read by administrators only, and the history of pages is
    kept for good and read by editors. `label` is what it is about as that was called then, `user` who did it (nobody
    for the site itself and for people who are not signed in), `data` what the sentence of the action needs.
    """

    object_id = models.CharField(max_length=255, blank=True, db_index=True)

    objects = SecurityEventManager()

    class Meta(BaseLogEntry.Meta):
        ordering = ("-timestamp", "-pk")
        verbose_name = "security event"
        verbose_name_plural = "security events"

    def __str__(self) -> str:
        return f"{self.action}, {self.label}"

    @property
    def who(self) -> str:
        """Who did it, in words. What comes from a network was done by a person, even if nobody knows which."""
        if self.user_id:
            return str(self.user_display_name)
        return "Somebody not signed in" if "network" in self.data else "The site itself"

    @property
    def where(self) -> str:
        """Letters that stand for the network it came from, and for what was typed, as far as they are known."""
        known = {"network": "network", "typed": "typed"}
        return ", ".join(f"{words} {self.data[key]}" for key, words in known.items() if key in self.data)
