"""What editors and residents teach the search: words that mean the same, words of an emergency, what is asked."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from wagtail.admin.panels import FieldPanel

from .normalisation import normalise, phrases_of

MAX_LOGGED = 60


class SynonymGroup(models.Model):
    """Words that mean the same to residents, across all services."""

    words = models.TextField(
        validators=[MaxLengthValidator(2000)],
        help_text="Words that mean the same, one on each line. Whoever searches for one of them also finds the others. "
        "For example “physio” and “physiotherapy”. Leave out misspellings: the search understands them by itself.",
    )

    panels: ClassVar[list[Any]] = [FieldPanel("words")]

    class Meta:
        ordering = ("words",)
        verbose_name = "words that mean the same"
        verbose_name_plural = "words that mean the same"

    def __str__(self) -> str:
        return ", ".join(phrases_of(self.words))

    def clean(self) -> None:
        """Refuse a group of fewer than two words. Raises ValidationError keyed by field."""
        phrases = {normalise(each) for each in phrases_of(self.words)} - {""}
        if len(phrases) < 2:
            raise ValidationError({"words": "Give at least two words that mean the same, each on its own line."})


class Urgency(models.TextChoices):
    """Which help comes first on the urgent-help card."""

    EMERGENCY = "emergency", "Emergency: 999 first"
    URGENT = "urgent", "Urgent: NHS 111 first"
    CRISIS = "crisis", "Mental health crisis: 111 mental health option first"


class UrgentPhrase(models.Model):
    """Words that may mean an emergency: whoever searches for them sees where to get help before anything else."""

    phrase = models.CharField(
        max_length=60,
        unique=True,
        help_text="Words that people may type in an emergency, in any order, such as “chest pain”. One or two words "
        "find more than a sentence. Misspellings are understood.",
    )
    urgency = models.CharField(
        "what comes first",
        max_length=10,
        choices=Urgency.choices,
        default=Urgency.EMERGENCY,
        help_text="The card always shows all three kinds of help. When in doubt, choose 999.",
    )

    panels: ClassVar[list[Any]] = [FieldPanel("phrase"), FieldPanel("urgency")]

    class Meta:
        ordering = ("phrase",)
        verbose_name = "urgent words"
        verbose_name_plural = "urgent words"

    def __str__(self) -> str:
        return self.phrase

    def clean(self) -> None:
        """Refuse a phrase without a word. Raises ValidationError keyed by field."""
        if not normalise(self.phrase):
            raise ValidationError({"phrase": "Enter at least one word."})


class LoggedSearch(models.Model):
    """One search, or one click on a result: the day, the words and what came of it. Nothing about the person.

    `clicked` is the kind of the result that was opened, empty for the search itself.
    """

    day = models.DateField(db_index=True)
    query = models.CharField(max_length=MAX_LOGGED, db_index=True)
    results = models.PositiveIntegerField(default=0)
    clicked = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name = "search"
        verbose_name_plural = "searches"

    def __str__(self) -> str:
        return self.query
