"""The data files of the starter content that hold no pages: each app reads its own."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError

# Written in the history of what is made, so that it is known again.
MADE = "home.starter_content"

# By name of the file: what puts its data on the site. It is run again and again, and leaves alone what editors changed.
# It may raise StarterContentError.
readers: dict[str, Callable[[Any], None]] = {}


class StarterContentError(Exception):
    """The data files hold something the site refuses; the message says where and what."""


def reads(file_name: str) -> Callable[[Callable[[Any], None]], Callable[[Any], None]]:
    """Register a function as the reader of a data file, such as "search.yaml"."""

    def register(reader: Callable[[Any], None]) -> Callable[[Any], None]:
        readers[file_name] = reader
        return reader

    return register


def by_field(error: ValidationError) -> str:
    """Return what is wrong, field by field."""
    return "; ".join(f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items())
