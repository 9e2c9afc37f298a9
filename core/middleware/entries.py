"""What people type in addresses and forms, as it comes in."""

import re
from collections.abc import Callable
from itertools import chain
from typing import Any, cast

from django.core.paginator import InvalidPage
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from cleaning.addresses import clean_entry
from core.addresses import is_in_admin

# The largest number that PostgreSQL takes for a row of any table of Wagtail's.
LARGEST_NUMBER = 2**31 - 1
# What these parameters of the admin look like: the page of a list, and where to go afterwards.
IGNORED_UNLESS = {"p": re.compile(r"[1-9][0-9]{0,8}\Z"), "next": re.compile(r".*/", re.DOTALL)}
# Wagtail's rich text editor sends its text so; the ranges of what is bold or a link count its letters.
RICH_TEXT = re.compile(r'\s*\{.*"(blocks|entityMap)"', re.DOTALL)


class EntryMiddleware:
    """Cleans what people type where it comes in: all that an address or a form says, whoever reads it.

    Control characters, among them the null character that PostgreSQL refuses, and signs that nobody can see are left
    out (`cleaning.text`); e-mail and web addresses, telephone numbers and postcodes come in plain letters
    (`cleaning.addresses`). A password is taken as it is. So is the JSON of the rich text editor, which counts letters;
    `core.rich_text.CleanRichTextArea` cleans the text that is made of it.

    A number in a path that no database can hold is the number of nothing: 404.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.GET = cast(Any, _clean_entries(request.GET))
        # No cookie of ours has a null character; PostgreSQL refuses to look for the session of one that has.
        for name in [name for name, value in request.COOKIES.items() if "\0" in value]:
            del request.COOKIES[name]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Clean what a form sends; refuse numbers that are too large. Raises Http404."""
        if any(isinstance(value, int) and value > LARGEST_NUMBER for value in kwargs.values()):
            raise Http404
        if request.method == "POST":
            request.POST = cast(Any, _clean_entries(request.POST))
        return None


class AdminNumbersMiddleware:
    """Answers 400, in plain words, where an address of the admin says something else than a number in its place.

    Several of Wagtail's own screens (8.0.1: choosers, actions on ticked rows, the API) look for the row of whatever is
    there, and fail. What is no page of a list shows its first one, and what is no path leads nowhere.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A block's preview calls the name of the block `id`.
        is_preview = request.path_info == reverse("wagtailadmin_block_preview")
        if is_in_admin(request) and not is_preview:
            # Actions on ticked rows take all rows.
            others = {"all"} if "/bulk/" in request.path_info else set()
            entries = ((name, value) for name, values in request.GET.lists() for value in values)
            if not all(_may_be_number(name, value) or (name == "id" and value in others) for name, value in entries):
                return render(request, "400.html", status=400)
            lost = [
                name
                for name, form in IGNORED_UNLESS.items()
                if name in request.GET and not form.match(request.GET[name])
            ]
            if lost:
                kept = request.GET.copy()
                for name in lost:
                    del kept[name]
                request.GET = cast(Any, kept)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Show the first page of a list that has no such page, where Wagtail's screen fails."""
        if isinstance(exception, InvalidPage) and is_in_admin(request) and request.method == "GET":
            return redirect(request.path)
        return None


def _may_be_number(name: str, value: str) -> bool:
    """Whether a parameter of this name, if it is one for a key, has one; a filter that nobody chose has none."""
    is_key = name.rpartition("_")[2] == "id"
    if not is_key and name != "target_pages[]":
        return True
    if not value:
        return is_key and name != "id"
    return value.isascii() and value.isdecimal() and len(value) <= 10 and int(value) <= LARGEST_NUMBER


def _clean_entries(entries: QueryDict) -> QueryDict:
    """Return what an address or a form says as it is kept; the same object where nothing is to be done."""
    if all(each.isascii() and each.isprintable() for each in chain(entries, *(each for _, each in entries.lists()))):
        return entries
    cleaned = QueryDict(mutable=True, encoding=entries.encoding)
    for name, values in entries.lists():
        cleaned.setlist(name.replace("\0", ""), [_clean_value(name, value) for value in values])
    return cleaned


def _clean_value(name: str, value: str) -> str:
    if "password" in name or RICH_TEXT.match(value):
        return value.replace("\0", "")
    return clean_entry(value)
