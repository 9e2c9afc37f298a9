"""The fixed lists of events: what they are, where they take place, when in the day, what became of a date."""

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


class DateTiming(models.TextChoices):
    """What is known of the times of a date."""

    TIMES = "times", "Begins and ends at these times"
    NO_END = "no_end", "Begins at this time; the end is not known"
    ALL_DAY = "all_day", "All day, or on several whole days"
    TO_BE_CONFIRMED = "to_be_confirmed", "Time to be confirmed: only the day is known"


# Of these only the days count.
WHOLE_DAYS = (DateTiming.ALL_DAY, DateTiming.TO_BE_CONFIRMED)
