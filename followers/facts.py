"""What is kept of what a page says, and what is new in it."""

from dataclasses import dataclass
from typing import Any

# What a page says of which each change is news, by key.
Facts = dict[str, str]


@dataclass(frozen=True)
class Fact:
    """One thing that is new, of those that `followers.changes.facts_of` gives by `key`.

    `subject` is what it is in a few words, as in "Purfleet: blood tests now confirmed"; `lines` say it in full.
    """

    key: str
    subject: str
    lines: list[str]


def plain(text: str) -> str:
    """Return a text without what nobody reads as a change: other spaces and line breaks."""
    return " ".join(text.split())


def one(text: Any) -> list[str]:
    """Return a text as lines; no line if it is empty."""
    return [str(text)] if text else []
