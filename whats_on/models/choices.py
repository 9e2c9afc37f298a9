"""The fixed lists of events: what they are, where they take place, what became of a date."""

from django.db import models


class EventKind(models.TextChoices):
    """What an event is."""

    DROP_IN = "drop_in", "Drop-in"
    FORUM_MEETING = "forum_meeting", "Forum meeting"
    ONLINE_MEETING = "online_meeting", "Online meeting"
    OTHER = "other", "Other event"


class Attendance(models.TextChoices):
    """How people take part."""

    IN_PERSON = "in_person", "In person"
    ONLINE = "online", "Online"
    BOTH = "both", "In person and online"


class DateState(models.TextChoices):
    """What became of a date."""

    PLANNED = "planned", "As planned"
    MOVED = "moved", "Moved here from another date"
    CANCELLED = "cancelled", "Cancelled"
