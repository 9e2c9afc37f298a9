"""Asks every address of the site with values that nobody means: what the drill of security and its tests count.

Neither the addresses nor their parameters are listed by hand: addresses are those of the URL configuration and of the
live pages, parameters are what a view looks for when it is asked.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from unittest.mock import patch
from urllib.parse import quote, urlencode

from django.apps import apps
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIRequest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from wagtail.models import Page

from core.factories import AlertFactory, SiteDocumentFactory, SiteImageFactory
from users.factories import AdministratorFactory

# What fails on purpose, signs its user out, or is a file.
LEFT_OUT = ("failwhale", "logout", "media/", "static/")
# What addresses begin with that are asked.
ONLY = "/"
# What a hole of an address is filled with that is no key.
WORDS = {
    "app_label": "core",
    "model_name": "sitedocument",
    "app_name": "taggit",
    "content_type_app_name": "centres",
    "content_type_model_name": "centrepage",
    "action_type": "delete",
    "action": "delete",
    "action_name": "approve",
    "filter_spec": "max-10x10",
    "ending": "atom",
    "name": "file.pdf",
}
# Tried one after the other for a hole that takes a key, until the address answers.
MOST_TRIED = 2
NOT_MEANT = (
    *("", "0", "-1", "1", "00", "1e9", "NaN", "0x10", "٣", "1_0", "true", "None", "None,None"),
    *(str(2**31), str(2**63 - 1), str(2**63), str(2**64), "9" * 40, "9" * 5000, f"-{2**63 + 1}"),
    *("0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "2026-02-30", "31/12/9999", "9999-12-31 23:59"),
    *("\0", "a\0b", "\ufdfa", "\ufdfa" * 200, "\ufdfa" * 3000, "ß" * 255, "İ" * 255, "\u0390" * 300, "각" * 300),
    *("\u200b", "\u00ad", "\u202e", "\ud7ff", "\U0010ffff", "e\u0301" * 200, "\u0301" * 2000),
    *("a " * 100, "a " * 3000, "b c " * 60, "x" * 5000, "(" * 300, '"' * 301, "' OR 1=1 --", "%", "_", "\\", "*", "?"),
    *(
        "../../etc/passwd",
        "//example.org",
        "javascript:alert(1)",
        "{{ 7 }}",
        "%s%s%n",
        "a:b AND c",
        "-a -b",
        "a & !b | <->",
    ),
    *("csv", "xlsx", "json", "title", "-title", "pk__gt", "page__owner__password", "all"),
)


class _Watched(QueryDict):
    """What an address says, which notes for what a view looks."""

    looked_for: set[str] = set()

    def __getitem__(self, key: str) -> Any:
        self.looked_for.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.looked_for.add(str(key))
        return super().__contains__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.looked_for.add(key)
        return super().get(key, default)

    def getlist(self, key: str, default: Any = None) -> Any:
        self.looked_for.add(key)
        return super().getlist(key, default)


@contextmanager
def watched() -> Iterator[set[str]]:
    """Yield the names of parameters that views look for while this lasts."""

    def read(request: WSGIRequest) -> QueryDict:
        return _Watched(request.META.get("QUERY_STRING", ""), encoding=request.encoding)

    replaced = cached_property(read)
    replaced.__set_name__(WSGIRequest, "GET")
    with patch.object(WSGIRequest, "GET", replaced), patch.object(_Watched, "looked_for", set()):
        yield _Watched.looked_for


@dataclass
class Figures:
    """What came of it: how many requests, by status; the addresses that failed with what was raised, each once.

    `reached` are the addresses that were found, `parameters` how many parameters they have, `left` the routes that
    could not be filled in.
    """

    requests: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)
    reached: set[str] = field(default_factory=set)
    parameters: int = 0
    left: list[str] = field(default_factory=list)

    @property
    def addresses(self) -> int:
        """How many addresses there are."""
        return len(self.reached)


@dataclass
class _Site:
    """The two who ask: an administrator in the admin, and nobody elsewhere."""

    administrator: Client
    anyone: Client
    asked: int = 0

    def get(self, address: str) -> Any:
        """Ask for an address; whatever it does is undone. No limit of one visitor is met."""
        self.asked += 1
        client = self.administrator if address.startswith("/admin/") else self.anyone
        visitor = f"2001:db8:{self.asked >> 16:x}:{self.asked & 0xFFFF:x}::1"
        with transaction.atomic():
            response: Any = client.get(address, REMOTE_ADDR=visitor)
            # A file that is sent while it is made fails while it is read.
            if response.streaming:
                try:
                    b"".join(response)
                except Exception as error:  # noqa: BLE001 (whatever it is, it is what the drill looks for)
                    response.status_code, response.exc_info = 500, (type(error), error, None)
            transaction.set_rollback(True)
        return response


def fuzz(*, requests: int, number: int = 0) -> Figures:
    """Ask the site, which has content, so many times, with values by chance that `number` decides; nothing is kept.

    The database must be one for trying. Returns the figures.
    """
    figures = Figures()
    with transaction.atomic():
        _add_what_there_is_little_of()
        administrator = Client(raise_request_exception=False)
        administrator.force_login(AdministratorFactory.create())
        site = _Site(administrator, Client(raise_request_exception=False))
        targets = list(_targets(site, figures))
        _ask(site, targets, figures, requests, number)
        transaction.set_rollback(True)
    cache.clear()
    return figures


def _ask(site: _Site, targets: list[tuple[str, list[str]]], figures: Figures, requests: int, number: int) -> None:
    values = st.sampled_from(NOT_MEANT) | st.text(max_size=30) | st.integers().map(str) | st.dates().map(str)
    pairs = [(address, name) for address, names in targets for name in names or ["q"]]

    @seed(number)
    @settings(
        max_examples=requests,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(pairs), values, st.lists(st.tuples(st.integers(0, 50), values), max_size=2))
    def ask(pair: tuple[str, str], value: str, others: list[tuple[int, str]]) -> None:
        address, name = pair
        names = dict(targets)[address]
        more = [(names[place % len(names)], other) for place, other in others if names]
        said = urlencode([(name, value), *more], quote_via=quote, errors="replace")
        _note(figures, site.get(f"{address}?{said}"), f"{address}?{said}")

    ask()


def _note(figures: Figures, response: Any, address: str) -> None:
    figures.statuses[response.status_code] += 1
    figures.requests += 1
    if response.status_code >= 500:
        error = response.exc_info[1] if response.exc_info else None
        figures.failures.setdefault(
            f"{type(error).__name__} at {address.partition('?')[0]}", f"{error!s:.200} {address:.300}"
        )


def _targets(site: _Site, figures: Figures) -> Iterator[tuple[str, list[str]]]:
    """Yield every address, with the parameters that it looks for."""
    for candidates in _addresses(figures):
        for address in candidates:
            with watched() as looked_for:
                response = site.get(address)
            _note(figures, response, address)
            if response.status_code < 400:
                break
        figures.reached.add(address)
        figures.parameters += len(looked_for)
        yield address, sorted(looked_for)


def _addresses(figures: Figures) -> Iterator[list[str]]:
    """Yield for each page type and each route what its address may be, likeliest first."""
    for page in {page.specific_class: page for page in Page.objects.filter(depth__gt=1, live=True)}.values():
        if (url := page.get_url()).startswith(ONLY):
            yield [url]
    for pattern, route in patterns(get_resolver().url_patterns, ""):
        is_left_out = any(word in route for word in LEFT_OUT) or "(" in route or pattern.name == "wagtail_serve"
        if is_left_out or not f"/{route}".startswith(ONLY):
            continue
        found = []
        for filled in _fillings(list(pattern.pattern.converters), route):
            address = f"/{route}"
            for name, value in filled.items():
                address = address.replace(_hole(route, name), quote(value), 1)
            found.append(address.replace("^", "").replace("$", ""))
        if "<" in found[-1]:
            figures.left.append(route)
        else:
            yield found


def patterns(found: list[Any], before: str) -> Iterator[tuple[URLPattern, str]]:
    """Yield the patterns of a URL configuration, each with its whole route."""
    for each in found:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns, route)
        else:
            yield each, route


def _hole(route: str, name: str) -> str:
    return next(part for part in _holes(route) if part.strip("<>").rpartition(":")[2] == name)


def _holes(route: str) -> list[str]:
    return [f"<{part.partition('>')[0]}>" for part in route.split("<")[1:]]


def _fillings(names: list[str], route: str) -> Iterator[dict[str, str]]:
    """Yield what the holes of an address may be filled with, likeliest first: the keys of rows by their models."""
    if not names:
        yield {}
        return
    words = {word.rstrip("s") for part in [*names, *route.split("/")] for word in part.split("_")}

    def likely(model: Any) -> tuple[bool, str]:
        name = model._meta.model_name
        return not any(len(word) > 2 and word in name for word in words), name

    keys = []
    for model in sorted(apps.get_models(), key=likely):
        key = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
        if key is not None and str(key) not in keys:
            keys.append(str(key))
    for key in keys[:MOST_TRIED]:
        yield {name: WORDS.get(name, key) for name in names}


def _add_what_there_is_little_of() -> None:
    for make in (AlertFactory, SiteDocumentFactory, SiteImageFactory):
        make.create()
