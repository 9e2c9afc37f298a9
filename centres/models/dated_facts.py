"""Facts that residents rely on, and the day on which each was last published with another value."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.utils import timezone

from core.dates import add_months, describe_day
from core.models import BasePage

STAGE, STATUS, HOURS, CONTACT = "stage", "status", "hours", "contact"


@dataclass(frozen=True)
class FactAge:
    """How old a fact is that a page shows whose check is due: `day` is when it was last said or checked, if known.

    `subject` is what residents read of it, such as "This" or "These times".
    """

    subject: str
    day: date | None
    is_old: bool

    @property
    def is_plural(self) -> bool:
        """Whether the subject is several things."""
        return self.subject.startswith("These")

    @property
    def text(self) -> str:
        """Of when it is, in a sentence."""
        if self.day is None:
            return f"Nobody has checked {self.subject[0].lower()}{self.subject[1:]} yet."
        if self.is_old:
            return f"{self.subject} {'are' if self.is_plural else 'is'} what we knew on {describe_day(self.day)}."
        return f"{self.subject} {'were' if self.is_plural else 'was'} published on {describe_day(self.day)}."

    @property
    def warning(self) -> str:
        """What to say beside it; nothing of what is in date."""
        subject = "They" if self.is_plural else "It"
        return f"{subject} may have changed since then." if self.is_old and self.day else ""

    @property
    def short_text(self) -> str:
        """Of when it is, for a card or a line of a list."""
        if self.day is None:
            return "Not checked yet"
        return f"{'As we knew it on' if self.is_old else 'Published on'} {describe_day(self.day)}"


class DatedFactsPage(BasePage):
    """A page that keeps, in `said_on`, the day on which each of its facts was last published with another value.

    So what it says of the age of a fact is true although other parts of the page are older.
    """

    said_on = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        abstract = True

    def copy(self, *args: Any, **kwargs: Any) -> Any:
        """Copy it as a draft, whatever is asked for: a copy has no facts that could be published."""
        return super().copy(*args, **{**kwargs, "keep_live": False})

    def facts(self) -> dict[str, Any]:
        """Return the facts that are dated, by name, as values that can be compared."""
        raise NotImplementedError

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; what residents read anew gets the day of today."""
        if kwargs.get("update_fields") is None:
            self._date_facts()
        super().save(*args, **kwargs)

    def _date_facts(self) -> None:
        """Take over the days from what is stored: drafts keep older ones, and a copy has said nothing yet.

        A page that says at its first publication when it was checked says what was known on that day.
        """
        stored = type(self)._base_manager.filter(pk=self.pk).first() if self.pk else None
        self.said_on = dict(stored.said_on) if stored else {}
        if stored is None or not self.live:
            return
        is_first = not stored.live and stored.first_published_at is None
        if is_first and self.checked_on:
            return
        before = {} if is_first else stored.facts()
        for name, value in self.facts().items():
            if value != before.get(name, ()):
                self.said_on[name] = timezone.localdate().isoformat()

    def known_on(self, fact: str) -> date | None:
        """Return the day on which a fact was last said, or the whole page checked; None if neither is known."""
        said = [date.fromisoformat(self.said_on[fact])] if fact in self.said_on else []
        return max([*said, *([self.checked_on] if self.checked_on else [])], default=None)

    def age_of(self, fact: str, subject: str = "This") -> FactAge | None:
        """Return how old a fact is; None while the last check of the page counts, and nothing need be said."""
        if not self.is_check_due:
            return None
        day = self.known_on(fact)
        is_old = day is None or add_months(day, self.check_every_months) <= timezone.localdate()
        return FactAge(subject, day, is_old)

    @property
    def check_text(self) -> str:
        """What residents are told about the last check: of the rest, where a part of the page is newer."""
        checked = self.checked_on
        if checked and self.is_check_due and any(day > checked.isoformat() for day in self.said_on.values()):
            return f"The rest of this page was last checked on {describe_day(checked)}. It is due a check."
        return super().check_text


def differing(ages: dict[str, FactAge | None]) -> list[FactAge]:
    """Return what to say of the ages of several facts, by what each is called: one sentence where they are alike."""
    known = {subject: age for subject, age in ages.items() if age}
    if len({age.day for age in known.values()}) <= 1:
        return list(known.values())[:1]
    return [FactAge(subject, age.day, age.is_old) for subject, age in known.items()]
