"""The fixed lists of leaflets: what they are, in which formats, how often a newsletter comes."""

from django.db import models


class LeafletKind(models.TextChoices):
    """What a leaflet is. An issue of a newsletter is the last, always."""

    INFORMATION = "information", "Information leaflet"
    PLAN = "plan", "Plan or timetable"
    REPORT = "report", "Report or document"
    FORM = "form", "Form to fill in"
    POSTER = "poster", "Poster"
    NEWSLETTER = "newsletter", "Newsletter"


class FileFormat(models.TextChoices):
    """The formats a leaflet can be had in."""

    STANDARD = "standard", "Standard print"
    EASY_READ = "easy_read", "Easy Read"
    LARGE_PRINT = "large_print", "Large print"
    AUDIO = "audio", "Audio"
    BSL_VIDEO = "bsl_video", "British Sign Language video"


class NewsletterFrequency(models.TextChoices):
    """How often a newsletter comes."""

    WEEKLY = "weekly", "Every week"
    MONTHLY = "monthly", "Every month"
    QUARTERLY = "quarterly", "Every three months"
    TWICE_A_YEAR = "twice_a_year", "Twice a year"
    YEARLY = "yearly", "Every year"
    IRREGULAR = "irregular", "From time to time"
    ENDED = "ended", "No longer published"
