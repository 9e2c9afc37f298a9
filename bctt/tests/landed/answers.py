"""What residents read in an answer of the site that an upgrade must not change, and what was lost between two answers.

Nothing here knows how the project is made: it reads HTML, feeds and calendars, so that answers recorded from one
release can be compared with those of any later one.
"""

import json
import lzma
import re
from collections import Counter
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag
from django.http.response import HttpResponseBase

# Its "status", and as far as there are any "location", "title" and "h1" (texts), "statuses" (of each thing by its name,
# the words for how sure it is) and the lists of texts that STILL_THERE names.
Answer = dict[str, Any]

SAME = ("status", "location", "title", "h1")
# What a status was called, and what the same status is called now (decision 88).
RENAMED_STATUSES = {"Available now": "Offered here"}
# Added to a date that was moved.
ADDED_STATUSES = {"Moved from another date"}
# Centres that are gone come last now, after those that the front page has room for.
LAST_IN_LISTS = ["Not going ahead"]
# These no longer say when it will be decided whether they come (decision 93): a year, in what was recorded.
DECIDED = {"Offered here", "Temporarily closed", "Confirmed, not open yet", "Not going ahead", "Ended"}
YEAR = re.compile(r"\d{4}")
STILL_THERE = ("hours", "telephones", "dates", "files", "entries")

_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DAY = rf"\d{{1,2}}(?: {_MONTH}(?: \d{{4}})?)? to \d{{1,2}} {_MONTH}(?: \d{{4}})?|\d{{1,2}} {_MONTH}(?: \d{{4}})?"
_ROUGHLY = rf"{_MONTH} \d{{4}}|(?:spring|summer|autumn) \d{{4}}|winter \d{{4}} to \d{{4}}|end of \d{{4}}"
# With a word after a dash, which says what became of a milestone: "summer 2019 – delayed".
DATE = re.compile(rf"\b(?:{_DAY}|{_ROUGHLY}|(?:19|20)\d{{2}})\b(?: – \w+)?", re.IGNORECASE)
_WEEKDAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
TIME = re.compile(r"\b\d{1,2}(?::\d{2})?(?:am|pm)\b|\b(?:midday|midnight|24 hours)\b")
_OPEN_OR_CLOSED = r"(?:Open|Closed) (?:now|today)"
HOURS = re.compile(rf"{TIME.pattern}|\b{_OPEN_OR_CLOSED}\b|^{_WEEKDAY}\b.*\b(?:Open|Closed|[Bb]ank holiday)\b")
WORD_OF_HOURS = re.compile(rf"{TIME.pattern}|\b(?:{_WEEKDAY}|{_OPEN_OR_CLOSED}|Open|Closed|tomorrow|[Bb]ank holiday)\b")
TELEPHONE = re.compile(r"(?<![\d.])(?:\+44[\s-]?\d|0\d)[\d\s-]{7,12}\d")
# Elements whose text is one line to a reader, unless they hold others.
LINES = ("tr", "li", "p", "dt", "dd", "h1", "h2", "h3", "h4", "caption", "summary", "address", "blockquote")
OF_CALENDARS = re.compile(r"^(?:UID|SUMMARY|STATUS|DTSTART|DTEND)\b.*$", re.MULTILINE)
HOST = re.compile(r"https?://[^/\s]+")
OF_FEEDS = re.compile(r"<(title|link|id|guid|updated|published|pubDate|loc)\b[^>]*>([^<]+)<")


def read_answers(file: Path) -> dict[str, Any]:
    """Return the answers that were recorded in a compressed file."""
    answers: dict[str, Any] = json.loads(lzma.decompress(file.read_bytes()))
    return answers


def soup_of(response: HttpResponseBase) -> BeautifulSoup | None:
    """Return the HTML of an answer; None if it is none."""
    if not response.get("Content-Type", "").startswith("text/html"):
        return None
    return BeautifulSoup(_content(response), "html.parser")


def answer_of(response: HttpResponseBase, soup: BeautifulSoup | None) -> Answer:
    """Return what must stay of an answer, whose HTML is `soup`; of one without content only where it leads."""
    answer: Answer = {"status": response.status_code}
    if response.status_code != 200:
        answer["location"] = response.get("Location")
    elif soup:
        answer |= _answer_of_page(soup)
    else:
        answer["entries"] = _entries(response["Content-Type"], _content(response))
    return {name: value for name, value in answer.items() if value}


def differences(before: Answer, after: Answer) -> list[str]:
    """Return what the answer `after` lacks or says otherwise than the one `before`, a line each.

    A later release may say more: another date is no difference. What it says twice may not be said once only, and
    what has a status may not have another one.
    """
    found = [
        f"{name}: {before.get(name)!r} became {after.get(name)!r}"
        for name in SAME
        if before.get(name) != after.get(name)
    ]
    for name in STILL_THERE:
        lost = _without_hosts(before.get(name, [])) - _without_hosts(after.get(name, []))
        if name == "dates" and _is_decided(after):
            lost = Counter({text: count for text, count in lost.items() if not YEAR.fullmatch(text)})
        found += [f"{name}: {text!r} is not there any more" for text in lost.elements()]
    for what, words in before.get("statuses", {}).items():
        was, now = _as_called_now(words), _as_called_now(after.get("statuses", {}).get(what, []))
        if not now and was == LAST_IN_LISTS:
            continue
        if Counter(was) - Counter(now) or set(now) - set(was) - ADDED_STATUSES:
            found.append(f"statuses: {what!r} was {words}, and is {now}")
    return found


def _is_decided(answer: Answer) -> bool:
    return bool(DECIDED.intersection(answer.get("statuses", {}).get(answer.get("h1", ""), [])))


def _as_called_now(statuses: list[str]) -> list[str]:
    return [RENAMED_STATUSES.get(status, status) for status in statuses]


def _without_hosts(texts: list[str]) -> Counter[str]:
    """Return what an answer says with addresses from the site's root: its name is a setting, and was not always."""
    return Counter(HOST.sub("", text) for text in texts)


def _content(response: HttpResponseBase) -> str:
    content: bytes = getattr(response, "content")  # noqa: B009 (streamed answers have none)
    return content.decode()


def _answer_of_page(soup: BeautifulSoup) -> Answer:
    main = soup.main or soup
    answer: Answer = {
        # Which page of a list it is was not always said.
        "title": re.sub(r", page \d+(?= – )", "", _text(soup.title)),
        "h1": _text(soup.h1),
        "statuses": {},
        "hours": [],
        "dates": [],
        "telephones": [str(link["href"]) for link in main.select("a[href^='tel:']")],
        "files": [str(link["href"]) for link in main.select("a[href^='/documents/']")],
    }
    for mark in main.select(".nhsuk-tag"):
        answer["statuses"].setdefault(_what_has(mark, answer["h1"]), []).append(_text(mark))
    for line in _lines(main):
        answer["dates"] += DATE.findall(line)
        answer["telephones"] += TELEPHONE.findall(line)
        if HOURS.search(line):
            answer["hours"].append(" ".join(WORD_OF_HOURS.findall(line)))
    return answer


def _what_has(mark: Tag, h1: str) -> str:
    """Return what a status belongs to: the link beside it, or what the page is about."""
    for around in mark.parents:
        if around.name in {"section", "main"}:
            break
        # A file for calendars is no thing that has a status.
        link = around.find("a", href=lambda href: bool(href) and not href.endswith(".ics"))
        if isinstance(link, Tag):
            return _text(link)
    return h1


def _lines(main: Tag) -> list[str]:
    """Return the text of what stands in a line of its own, rows of tables in one piece."""
    # What belongs to a picture is not said by the page: the map names the years of its data.
    outermost = [
        tag
        for tag in main.find_all(LINES)
        if not tag.find_parent("figure") and (tag.name == "tr" or not (tag.find(LINES) or tag.find_parent("tr")))
    ]
    return [_text(tag) for tag in outermost]


def _text(tag: Tag | None) -> str:
    return " ".join(tag.get_text(" ").split()) if tag else ""


def _entries(content_type: str, text: str) -> list[str]:
    """Return what names and dates the entries of a calendar, a feed or the sitemap."""
    if content_type.startswith("text/calendar"):
        unfolded = re.sub(r"\r?\n[ \t]", "", text).replace("\r", "")
        return OF_CALENDARS.findall(unfolded)
    if "json" in content_type:
        items = json.loads(text).get("items", [])
        return [f"{name} {item[name]}" for item in items for name in ("id", "url", "title", "date_published")]
    return [f"{name} {value}" for name, value in OF_FEEDS.findall(text)]
