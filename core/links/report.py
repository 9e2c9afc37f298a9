"""Which links lead nowhere, and where they stand, as an editor may know it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry, Page, PageLogEntry
from wagtail.permissions import policy_registry

from core.models import Alert, LinkCheck, PageLink, SiteDocument, SiteSettings
from core.permissions import pages_of
from core.visibility import hidden_ids, private_collections, public
from users.models import User

from .extraction import FoundLink, links_of, sources_beside_pages

TAKEN_AWAY = ("wagtail.delete", "wagtail.unpublish")


@dataclass(frozen=True)
class DeadLink:
    """A link that leads nowhere.

    `address` is the web address, or the page or file in words; `words` say what is wrong with it; `where` is the title
    of what it stands on, which `edit_url` changes; `clicked` are the words of the link; `since` the first day on which
    it was known to be so, if that is known.
    """

    address: str
    words: str
    where: str
    edit_url: str
    clicked: str = ""
    since: date | None = None


@dataclass(frozen=True)
class _Standing:
    """A link, and on what it stands."""

    link: FoundLink
    where: str
    edit_url: str


@dataclass(frozen=True)
class _Problem:
    address: str
    words: str
    since: date | None


def dead_links(user: User) -> list[DeadLink]:
    """Return the links that lead nowhere on what this editor may change, by where they stand.

    It takes a fixed number of queries.
    """
    standing = [*_on_pages(user), *_elsewhere(user)]
    pages = _problems_of_pages({each.link.page for each in standing if each.link.page}, user)
    documents = _problems_of_documents({each.link.document for each in standing if each.link.document})
    addresses = _problems_of_addresses({each.link.address for each in standing if each.link.address})
    found = []
    for each in standing:
        link = each.link
        problem = pages.get(link.page or 0) or documents.get(link.document or 0) or addresses.get(link.address)
        if problem:
            found.append(DeadLink(problem.address, problem.words, each.where, each.edit_url, link.words, problem.since))
    return found


def _shown() -> "QuerySet[Page]":
    """Return the pages to which a link leads somewhere."""
    return public(Page.objects.all()).exclude(pk__in=hidden_ids())


def _given() -> "QuerySet[SiteDocument]":
    """Return the files that anyone may have, as far as their collections go: a live page uses each of them."""
    return SiteDocument.objects.exclude(collection__in=private_collections().order_by().values("pk"))


def _on_pages(user: User) -> list[_Standing]:
    """Return the links of live pages that may be dead, leaving out those that are not."""
    dead = (
        Q(to_address__is_dead=True)
        | Q(to_page__isnull=False) & ~Q(to_page__in=_shown().order_by().values("pk"))
        | Q(to_document__isnull=False) & ~Q(to_document__in=_given().order_by().values("pk"))
    )
    theirs = PageLink.objects.filter(dead, page__live=True, page__in=pages_of(user).order_by().values("pk"))
    rows = theirs.order_by("page__title", "page", "pk").annotate(title=F("page__title"), web=F("to_address__address"))
    return [
        _Standing(
            FoundLink(row.words, row.to_page, row.to_document, row.web or ""),
            row.title,
            reverse("wagtailadmin_pages:edit", args=[row.page_id]),
        )
        for row in rows
    ]


def _elsewhere(user: User) -> list[_Standing]:
    """Return all links of the alerts and settings that this editor may change."""
    return [
        _Standing(link, *_place(thing))
        for thing in sources_beside_pages()
        if policy_registry.get_by_type(type(thing)).user_has_permission(user, "change")
        for link in sorted(links_of(thing), key=lambda link: (link.words, link.address))
    ]


def _place(thing: Alert | SiteSettings) -> tuple[str, str]:
    if isinstance(thing, Alert):
        return f"Alert: {thing.title}", reverse("wagtailsnippets_core_alert:edit", args=[thing.pk])
    return "Site settings", reverse("wagtailsettings:edit", args=["core", "sitesettings", thing.site_id])


def _problems_of_pages(keys: set[int], user: User) -> dict[int, _Problem]:
    """Return what is wrong with these pages; the title of a draft only to those who may know of it."""
    pages = Page.objects.filter(pk__in=keys).in_bulk()
    fine = set(public(Page.objects.filter(pk__in=keys)).values_list("pk", flat=True))
    hidden = set(hidden_ids()) & keys
    own = set(
        policy_registry.get_by_type(Page).explorable_instances(user).filter(pk__in=keys).values_list("pk", flat=True)
    )
    log = PageLogEntry.objects.filter(page__in=keys, action__in=TAKEN_AWAY).order_by("timestamp")
    days = {key: timezone.localdate(at) for key, at in log.values_list("page_id", "timestamp")}
    problems = {}
    for key in keys - (fine - hidden):
        page = pages.get(key)
        if page is None:
            problems[key] = _Problem("A page that was deleted", "The page was deleted", days.get(key))
        elif not page.live:
            title = page.title if key in own else "A page of other editors"
            problems[key] = _Problem(title, "The page is not published", days.get(key))
        elif key in fine:
            problems[key] = _Problem(page.title, "The page is not shown, because another is not published", None)
        else:
            problems[key] = _Problem(page.title, "Only some people may see the page", None)
    return problems


def _problems_of_documents(keys: set[int]) -> dict[int, _Problem]:
    titles = dict(SiteDocument.objects.filter(pk__in=keys).values_list("pk", "title"))
    given = set(_given().filter(pk__in=keys).values_list("pk", flat=True))
    model = ContentType.objects.get_for_model(SiteDocument)
    log = ModelLogEntry.objects.filter(content_type=model, object_id__in=map(str, keys), action="wagtail.delete")
    days = {key: timezone.localdate(at) for key, at in log.values_list("object_id", "timestamp")}
    return {
        key: _Problem(f"File: {titles[key]}", "Only some people may have the file", None)
        if key in titles
        else _Problem("A file that was deleted", "The file was deleted", days.get(str(key)))
        for key in keys - given
    }


def _problems_of_addresses(addresses: Iterable[str]) -> dict[str, _Problem]:
    checks = LinkCheck.objects.filter(address__in=addresses, is_dead=True)
    return {check.address: _Problem(check.address, check.answer, check.failing_since) for check in checks}
