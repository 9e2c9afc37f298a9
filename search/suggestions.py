"""What to offer while somebody is still typing."""

from dataclasses import dataclass

from django.http import HttpRequest
from wagtail.models import Page, Site

from centres.models import CentreServicePage
from centres.queries import RANK, public_centre_services

from .catalogue import SERVICE, Catalogue, CatalogueEntry, catalogue
from .normalisation import normalise, stem
from .retrieval import RESULT_KINDS, ResultKind, model_of
from .texts import Texts

MOST = 8
# Of pages found by their titles, and of the centres of one service.
PAGES, ROWS = 4, 4
SHORTEST = 2


@dataclass(frozen=True)
class Suggestion:
    """Something to offer: its name, what it is in a few words, and where it leads."""

    text: str
    kind: str
    url: str


def suggest(request: HttpRequest, site: Site, query: str) -> list[Suggestion]:
    """Return up to `MOST` public entries whose names or other words begin as `query` does, likeliest first."""
    words = normalise(query).split()
    if not words or (len(words[0]) < SHORTEST and len(words) == 1):
        return []
    known, texts = catalogue(), Texts(site)
    entries = sorted(
        (each for each in known.entries if _begins(each, words)), key=lambda each: (each.kind != SERVICE, each.title)
    )
    suggestions = _rows(request, entries, known)
    suggestions += [
        _suggestion(request, each.title, ResultKind.CENTRE.label, each.url_path)
        for each in known.centres
        if any(_starts(name.split(), words) for name in each.names)
    ]
    offered = {each.url for each in suggestions}
    # A service at a centre has the title of its service, which says nothing of the centre.
    titled = texts.pages.not_type(CentreServicePage).autocomplete(" ".join(words))[: MOST + PAGES]
    others = [
        _suggestion(request, page.title, RESULT_KINDS.get(model_of(page), ResultKind.PAGE).label, page.url_path)
        for page in titled
    ]
    suggestions += [each for each in others if each.url not in offered][:PAGES]
    return suggestions[:MOST]


def _rows(request: HttpRequest, entries: list[CatalogueEntry], known: Catalogue) -> list[Suggestion]:
    """Return services and roles, and beneath the likeliest service the centres that list it, surest first."""
    found = [
        _suggestion(
            request,
            each.title,
            str((ResultKind.SERVICE if each.kind == SERVICE else ResultKind.ROLE).label),
            each.url_path,
        )
        for each in entries
    ]
    services = [each for each in entries if each.kind == SERVICE]
    if len(services) == 1:
        pages = public_centre_services().filter(service=services[0].pk).select_related("service", "centre")
        rows = [
            _suggestion(request, page.heading, page.status_info.label, page.url_path)
            for page in pages.order_by(RANK, "centre__short_name")[:ROWS]
        ]
        found[1:1] = rows
    return found


def _suggestion(request: HttpRequest, text: str, kind: str, url_path: str) -> Suggestion:
    return Suggestion(text, kind, Page(url_path=url_path).get_url(request) or "")


def _begins(entry: CatalogueEntry, words: list[str]) -> bool:
    names = [normalise(entry.title).split(), *(list(phrase.stems) for phrase in entry.phrases)]
    return any(_starts(name, words) for name in names)


def _starts(name: list[str], words: list[str]) -> bool:
    """Whether a name has all words, the last of them perhaps only begun."""
    *whole, begun = words
    stems = {stem(word) for word in name}
    return all(stem(word) in stems for word in whole) and any(
        word.startswith(begun) or word == stem(begun) for word in name
    )
