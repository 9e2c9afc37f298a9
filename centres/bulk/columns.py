"""The columns of the spreadsheet of services at centres: how a value is written in a cell, and read from one."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from centres.models import Access, CentreServicePage, ServiceStatus
from cleaning.addresses import clean_entry
from core.dates import DatePrecision, describe_day
from core.spreadsheets import Cell, unescape_formula
from core.telephones import lacks_first_zero
from core.times import parse_date

CENTRE, SERVICE = "Centre", "Service"

# Those that no XML file, and so no Excel file, can hold.
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def plain(text: str) -> str:
    """Return a text as a cell can hold it: one kind of line break, and no control characters."""
    return _CONTROL_CHARACTERS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def typed(cell: Cell) -> str:
    """Return what somebody typed into a cell of text. Raises ValueError where a spreadsheet made a date of it."""
    if isinstance(cell, date):
        raise ValueError("This became a date. Format the cell as text, and type it again.")
    return unescape_formula(clean_entry(plain(cell))).strip()


def _read_day(cell: Cell) -> date | None:
    if isinstance(cell, date):
        return parse_date(cell.isoformat())
    text = typed(cell)
    return parse_date(text) if text else None


def _read_telephone(cell: Cell) -> str:
    text = typed(cell)
    if lacks_first_zero(text):
        raise ValueError(
            f"“{text}” lacks its first 0, which spreadsheets drop. Format the cell as text, and type the number again."
        )
    return text


def _choice_of(names: dict[str, str], offered: str) -> Callable[[Cell], str]:
    """Return a function that reads one of some choices; `names` leads from lower-case words to the key."""

    def read(cell: Cell) -> str:
        text = typed(cell)
        if not text:
            raise ValueError(f"This is empty. Write one of: {offered}.")
        if text.casefold() not in names:
            raise ValueError(f"“{text}” is not known. Write one of: {offered}.")
        return names[text.casefold()]

    return read


ACCESS_NAMES = {name.casefold(): each.value for each in Access for name in (each.value, each.label)}


def _read_access(cell: Cell) -> list[str]:
    keys = set()
    for name in filter(None, (part.strip() for part in typed(cell).split(";"))):
        if name.casefold() not in ACCESS_NAMES:
            raise ValueError(f"“{name}” is not known. Write any of these, with ; between: {'; '.join(Access.labels)}.")
        keys.add(ACCESS_NAMES[name.casefold()])
    return [each.value for each in Access if each.value in keys]


def _access_words(value: Any) -> str:
    return "; ".join(str(each.label) for each in Access if each.value in value)


def _same_text(old: str, new: str) -> bool:
    return plain(old).strip() == new


@dataclass(frozen=True)
class Column:
    """A field of a service at a centre that a spreadsheet can change.

    `words` says a value as a cell shows it, `read` returns the value that a cell means (ValueError with a message for
    editors if none), `same` whether a value read is the one there was.
    """

    heading: str
    field: str
    words: Callable[[Any], str] = plain
    read: Callable[[Cell], Any] = typed
    same: Callable[[Any, Any], bool] = _same_text

    def cell(self, value: Any) -> Cell:
        """Return what the export writes for a value; whatever writes it sees to formulas."""
        return value if isinstance(value, date) else self.words(value)


def _equal(old: Any, new: Any) -> bool:
    return bool(old == new)


# What is "offered here" was "available now" in spreadsheets that may still be around.
STATUS_NAMES = {"available now": ServiceStatus.AVAILABLE.value} | {
    name.casefold(): each.value for each in ServiceStatus for name in (each.value, each.label, each.info.label)
}
PRECISION_NAMES = {name.casefold(): each.value for each in DatePrecision for name in (each.value, each.label)}

COLUMNS = (
    Column(
        "Status",
        "status",
        lambda value: str(ServiceStatus(value).label),
        _choice_of(STATUS_NAMES, ", ".join(ServiceStatus.labels)),
        _equal,
    ),
    Column(
        "Decision expected",
        "decision_expected",
        lambda value: describe_day(value) if value else "",
        _read_day,
        _equal,
    ),
    Column(
        "What we know of the date",
        "decision_expected_precision",
        lambda value: str(DatePrecision(value).label),
        _choice_of(PRECISION_NAMES, ", ".join(DatePrecision.labels)),
        _equal,
    ),
    Column("Note", "note"),
    Column("How to get it", "access", _access_words, _read_access, lambda old, new: set(old) == set(new)),
    Column("Telephone", "telephone", read=_read_telephone),
    Column("E-mail address", "email"),
    Column("Website", "website"),
    Column("Summary", "summary"),
    Column("Team", "team"),
)
HEADINGS = (CENTRE, SERVICE, *(column.heading for column in COLUMNS))


def label_of(field: str) -> str:
    """Return how editors know a field of a service at a centre; "" for the page as a whole."""
    named = {column.field: column.heading for column in COLUMNS}
    known = {each.name: str(each.verbose_name).capitalize() for each in CentreServicePage._meta.fields}
    return named.get(field) or known.get(field, "")
