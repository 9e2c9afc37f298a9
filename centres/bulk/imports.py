"""What a spreadsheet would change in services at centres: matched, checked and shown before anything is saved."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from django.conf import settings
from django.core import signing
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Field

from centres.models import CentrePage, CentreServicePage, ServicePage
from core.spreadsheets import Cell, escape_formula
from users.models import User

from .columns import CENTRE, COLUMNS, HEADINGS, SERVICE, Column, label_of, plain, typed
from .plans import PagePlan, centres_to_change, fingerprint, newest, pages_to_change, plan_changes
from .spreadsheets import CellProblem, Sheet

# Saving a page, its history and what search knows of it takes a while; a web server waits a minute at most.
MAX_CHANGES = 300
TOKEN_SECONDS = 60 * 60

Cells = dict[str, Cell | CellProblem]


@dataclass(frozen=True)
class DryRun:
    """What would be done, with the number of the row that asks for it, and what is wrong.

    `token` is what confirming sends; it is empty while there is any problem, or nothing to save.
    """

    plans: list[tuple[int, PagePlan]] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)
    unchanged: int = 0
    token: str = ""


class TokenError(Exception):
    """A confirmation that is too old, somebody else's, or made up."""


def exported_row(page: CentreServicePage, centre_names: Mapping[int, str]) -> dict[str, Cell]:
    """Return a row of the export by heading: the newest draft, in the cells that the import reads."""
    draft = newest(page)
    cells: dict[str, Cell] = {
        CENTRE: plain(centre_names[page.centre_id]),
        SERVICE: plain(page.title),
    }
    return cells | {column.heading: column.cell(getattr(draft, column.field)) for column in COLUMNS}


def names_of_centres() -> dict[int, str]:
    """Return what the export calls each centre: its short name, or its title where another has the same short name."""
    centres = list(CentrePage.objects.values_list("pk", "short_name", "title"))
    keys = _by_name((pk, name) for pk, short_name, title in centres for name in (short_name, title))
    return {pk: short_name if len(keys[_key(short_name)]) == 1 else title for pk, short_name, title in centres}


def _key(name: str) -> str:
    return " ".join(plain(name).split()).casefold()


def _by_name(named: Iterable[tuple[int, str]]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for pk, name in named:
        found[_key(name)].add(pk)
    return found


class _RowError(Exception):
    """A row that is about no page that the user may change."""

    def __init__(self, problem: CellProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class _Places:
    """Which page a centre's and a service's name mean, for one user; made with a fixed number of queries."""

    def __init__(self, user: User) -> None:
        centres = CentrePage.objects.values_list("pk", "short_name", "title")
        self.centres = _by_name((pk, name) for pk, *names in centres for name in names)
        self.services = _by_name(ServicePage.objects.values_list("pk", "title"))
        self.my_centres = set(centres_to_change(user).values_list("pk", flat=True))
        mine = pages_to_change(user).values_list("centre", "service", "pk")
        self.pages = {(centre, service): pk for centre, service, pk in mine}

    def find(self, number: int, cells: Cells) -> int:
        """Return the key of the page that a row is about. Raises _RowError if there is none the user may change."""
        centre_name, service_name = (_name_in(number, heading, cells) for heading in (CENTRE, SERVICE))
        centres = self.centres.get(_key(centre_name), set())
        if len(centres) != 1:
            count = "More than one centre is" if centres else "No centre is"
            raise _RowError(CellProblem(number, CENTRE, f"{count} called “{centre_name}”."))
        [centre] = centres
        services = self.services.get(_key(service_name), set())
        matching = [self.pages[centre, service] for service in services if (centre, service) in self.pages]
        if len(matching) == 1:
            return matching[0]
        if matching:
            message = f"{centre_name} lists more than one service called “{service_name}”."
        elif centre not in self.my_centres:
            raise _RowError(CellProblem(number, CENTRE, f"You may not change this service at {centre_name}."))
        elif services:
            message = f"{centre_name} does not list “{service_name}”. Use “Add services” first."
        else:
            message = f"No service is called “{service_name}”."
        raise _RowError(CellProblem(number, SERVICE, message))


def _name_in(number: int, heading: str, cells: Cells) -> str:
    """Return the name in a cell. Raises _RowError if there is none."""
    cell = cells[heading]
    if isinstance(cell, CellProblem):
        raise _RowError(cell)
    try:
        name = typed(cell)
    except ValueError as error:
        raise _RowError(CellProblem(number, heading, str(error))) from error
    if not name:
        raise _RowError(CellProblem(number, heading, "This is empty."))
    return name


def look_through(sheet: Sheet, user: User) -> DryRun:
    """Return what saving a spreadsheet would do. Nothing is saved, and the queries do not grow with the rows."""
    headings = {heading.casefold(): heading for heading in HEADINGS}
    problems = _heading_problems(sheet.headings, headings)
    if problems:
        return DryRun(problems=problems)
    if not sheet.rows:
        return DryRun(problems=[CellProblem(0, "", "This file has headings and no rows beneath them.")])
    rows: dict[int, tuple[int, Cells]] = {}
    places = _Places(user)
    for number, row in sheet.rows:
        cells = {headings[name.casefold()]: cell for name, cell in row.items() if name}
        try:
            page = places.find(number, cells)
        except _RowError as error:
            problems.append(error.problem)
            continue
        if page in rows:
            problems.append(
                CellProblem(number, SERVICE, f"Row {rows[page][0]} is about the same service at this centre.")
            )
        else:
            rows[page] = (number, cells)
    wanted: dict[int, dict[str, Any]] = {}
    for each in pages_to_change(user).filter(pk__in=rows).select_related("latest_revision"):
        values, wrong = _read_row(newest(each), *rows[each.pk])
        problems += wrong
        if values:
            wanted[each.pk] = values
    plans = plan_changes(wanted, user)
    return _dry_run(plans, {pk: number for pk, (number, _) in rows.items()}, user, problems, len(rows) - len(wanted))


def _heading_problems(given: tuple[str, ...], known: dict[str, str]) -> list[CellProblem]:
    problems, seen = [], set()
    for place, name in enumerate(given, 1):
        if not name:
            problems.append(CellProblem(1, f"Column {place}", "This column has no heading."))
        elif name.casefold() not in known:
            problems.append(CellProblem(1, name, f"This column is not known. Known are: {', '.join(HEADINGS)}."))
        elif name.casefold() in seen:
            problems.append(CellProblem(1, name, "This column is there twice."))
        seen.add(name.casefold())
    missing = [name for name in (CENTRE, SERVICE) if name.casefold() not in seen]
    return problems + [CellProblem(1, name, "This column is missing.") for name in missing]


def _read_row(draft: CentreServicePage, number: int, cells: Cells) -> tuple[dict[str, Any], list[CellProblem]]:
    """Return the values in a row that are not those of the draft, by field, and what is wrong in it."""
    values: dict[str, Any] = {}
    problems: list[CellProblem] = []
    for column in COLUMNS:
        if column.heading not in cells:
            continue
        cell, old = cells[column.heading], getattr(draft, column.field)
        if isinstance(cell, CellProblem):
            problems.append(cell)
        elif not _is_as_exported(cell, column, old):
            try:
                new = column.read(cell)
            except ValueError as error:
                problems.append(CellProblem(number, column.heading, str(error)))
            else:
                if not column.same(old, new):
                    values[column.field] = new
    return values, problems


def _is_as_exported(cell: Cell, column: Column, old: Any) -> bool:
    """Whether nobody has touched a cell; what it holds is then right by being there, whatever the rules of today."""
    if isinstance(cell, date):
        return bool(cell == old)
    return not isinstance(old, date) and plain(cell).strip() == escape_formula(column.words(old)).strip()


def _dry_run(
    plans: list[PagePlan], rows: Mapping[int, int], user: User, problems: Iterable[CellProblem] = (), unchanged: int = 0
) -> DryRun:
    """Put plans and problems in the order of the rows."""
    numbered = sorted(((rows[plan.page.pk], plan) for plan in plans), key=lambda numbered_plan: numbered_plan[0])
    all_problems = [*problems]
    for number, plan in numbered:
        if plan.obstacle:
            all_problems.append(
                CellProblem(number, SERVICE, f"{plan.page.heading} cannot be changed now. {plan.obstacle}")
            )
        for name, messages in plan.errors.items():
            all_problems += [CellProblem(number, label_of(name), message) for message in messages]
    if len(plans) > MAX_CHANGES:
        all_problems.append(
            CellProblem(0, "", f"This would change {len(plans)} pages; {MAX_CHANGES} can be saved at once.")
        )
    all_problems.sort(key=lambda problem: problem.row)
    changed = [(number, plan) for number, plan in numbered if plan.values]
    token = _token(changed, user) if changed and not all_problems else ""
    if len(token) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE - 10_000:
        return DryRun(changed, [CellProblem(0, "", "This would change too much at once. Split the file.")], unchanged)
    return DryRun(changed, all_problems, unchanged, token)


def _token(plans: list[tuple[int, PagePlan]], user: User) -> str:
    """Return the rows and their values, signed, with the fingerprint of what the editor sees."""
    rows = [(number, plan.page.pk, plan.values) for number, plan in plans]
    content = {"rows": rows, "seen": fingerprint(plan for _, plan in plans)}
    return signing.dumps(content, salt=_salt(user), compress=True, serializer=_Serializer)


class _Serializer:
    """JSON with dates."""

    def dumps(self, content: Any) -> bytes:
        return json.dumps(content, separators=(",", ":"), cls=DjangoJSONEncoder).encode("latin-1")

    def loads(self, data: bytes) -> Any:
        return json.loads(data.decode("latin-1"))


def _salt(user: User) -> str:
    return f"centres.bulk.imports.{user.pk}"


@dataclass(frozen=True)
class Confirmed:
    """What an editor has seen and confirmed: the values by page, the rows they come from, the plans' fingerprint."""

    wanted: dict[int, dict[str, Any]]
    rows: dict[int, int]
    seen: str

    def again(self, plans: list[PagePlan], user: User) -> DryRun:
        """Return the dry run anew, with what these changes would do now."""
        there = {plan.page.pk for plan in plans}
        gone = [
            CellProblem(row, SERVICE, "You may not change this page any more, or it is gone.")
            for pk, row in self.rows.items()
            if pk not in there
        ]
        return _dry_run(plans, self.rows, user, gone, sum(not plan.values for plan in plans))


def _field(name: str) -> "Field[Any, Any]":
    return cast("Field[Any, Any]", CentreServicePage._meta.get_field(name))


def read_token(token: str, user: User) -> Confirmed:
    """Return what a token of a dry run says. Raises TokenError if it is not this user's, or older than an hour."""
    try:
        content = signing.loads(token, salt=_salt(user), max_age=TOKEN_SECONDS, serializer=_Serializer)
    except signing.BadSignature as error:
        raise TokenError from error
    wanted = {
        pk: {name: _field(name).to_python(value) for name, value in values.items()} for _, pk, values in content["rows"]
    }
    return Confirmed(wanted, {pk: number for number, pk, _ in content["rows"]}, content["seen"])
