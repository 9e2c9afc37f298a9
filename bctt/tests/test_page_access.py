"""Page access in the admin: every address, as each group, against what belongs to another centre."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet
from django.test import Client
from pytest_django import DjangoDbBlocker
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    PageViewRestriction,
    Revision,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from core.models import Alert, Mailing, SiteDocument, SiteImage, SiteSettings
from followers.models import Follower, Notice
from testing.database_copies import DatabaseCopies
from testing.people import member_of
from users.models import User

from .access_world import COMMON, ONLY_SIGN_IN, OWN, World, foreign_names, make_world
from .admin_addresses import admin_addresses


@dataclass(frozen=True)
class Visitor:
    """What people of a group may know of what is foreign, by its name, and the pages whose numbers they try."""

    pages: tuple[str, ...]
    own: tuple[str, ...] = ()
    knows: frozenset[str] = frozenset()


# Each group is tried with other pages, because what refuses them is the same. Editors may do less than publishers.
GROUPS = {
    "Testville publishers": Visitor(("draft", "changed"), own=("centre", "offer")),
    "Testville forum editors": Visitor(("group", "hidden"), own=("update",)),
    # What followers are told is told to the public, and officers see who they are.
    "Followers officers": Visitor(("draft", "group"), knows=frozenset({"notice", "follower"})),
    ONLY_SIGN_IN: Visitor(("draft",)),
}
# Who else works on the site is no secret to whoever does: these reports can be narrowed to a colleague.
NAMES_COLLEAGUES = re.compile(r"^/admin/reports/(workflow|workflow_tasks|site-history)/")
# What signs its user out, is about the user alone, or fails on purpose.
ELSEWHERE = re.compile(r"logout|login|password_reset|account|sprite|jsi18n")
# What most forms of the admin ask for; the link chooser fails without its address (Wagtail 8.0.1).
POSTED = {
    "title": "changed",
    "action-publish": "1",
    "confirm": "1",
    "slug": "changed",
    "reason": "changed",
    "external-link-chooser-url": "https://example.org/",
    "external-link-chooser-link_text": "changed",
    "include_descendants": "on",
}
JSON = {"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"}
# What the editor's scripts send, and what answers them otherwise than people.
FOR_SCRIPTS = re.compile(r"^/admin/(api/|pages/\d+/|(documents|images)/multiple|editing-sessions|workflows)")
EXPORTS = ("", "export=csv", "export=xlsx")
# What the views at addresses like these really take, with {page} for a foreign page and so on; all that fits is asked.
PARAMETERS: list[tuple[str, tuple[str, ...]]] = [
    (r"^/admin/pages/(\d+/(results/)?)?$", ("ordering=-title", f"q={COMMON}", "ordering=ord", "export=csv")),
    (r"^/admin/pages/search/", (f"q={COMMON}", f"q={COMMON}&ordering=title", "content_type=news.forumupdatepage")),
    (r"^/admin/choose-page/(\d+/)?$", ("page_type=news.forumupdatepage", "page_type=home.contentpage", "multiple=1")),
    (r"^/admin/choose-page/$", ("page_type=centres.servicepage", "page_type=events.eventpage", "user_perms=copy_to")),
    (r"^/admin/choose-page/search/", (f"q={COMMON}", f"q={COMMON}&page_type=news.forumupdatepage", "q=known")),
    (r"^/admin/choose-page/chosen-multiple/", ("{ids}",)),
    (
        r"^/admin/bulk/",
        ("id=all", f"id=all&q={COMMON}", "id=all&childOf={parent}", "{ids}&next=/admin/", "{own_ids}"),
    ),
    (r"^/admin/(documents|images)/(results/)?$", (f"q={COMMON}", "collection_id={collection}", "ordering=title")),
    (r"^/admin/(documents|images)/(results/)?$", (f"tag={COMMON}+{OWN}tag", "layout=list", "p=1")),
    (r"^/admin/(documents|images)/chooser/(results/)?$", (f"q={COMMON}", "collection_id={collection}", "multiple=1")),
    (r"^/admin/images/chooser/(results/)?$", (f"tag={COMMON}+{OWN}tag", "select_format=1", "layout=list")),
    (r"^/admin/(documents|images)/chooser/chosen-multiple/$", ("{ids}", "{own_ids}")),
    (r"^/admin/snippets/choose/.*chosen-multiple/$", ("{ids}",)),
    (r"^/admin/snippets/(choose/)?\w+/\w+/(results/)?$", (f"q={COMMON}",)),
    (r"^/admin/reports/", EXPORTS),
    (r"^/admin/reports/site-history/", (f"label={COMMON}", "label=zebra", "action=wagtail.create", "user={user}")),
    (r"^/admin/reports/(locked|aging-pages)/", (f"title={COMMON}", "live=true", "last_published_by={user}")),
    (r"^/admin/reports/workflow(_tasks)?/", ("status=in_progress", "requested_by={user}")),
    (r"^/admin/pages/\d+/(history|usage|workflow_history)/", ("user={user}", "describe_on_delete=1", "p=1")),
    (r"^/admin/tag-autocomplete/", (f"term={COMMON}", "term=z")),
    (r"^/admin/api/main/pages/$", ("fields=*", f"search={COMMON}", "descendant_of=root", "child_of={own_page}")),
    (r"^/admin/api/main/pages/$", ("child_of={own_page}&for_explorer=1", "has_children=true", "id={page}")),
    (r"^/admin/api/main/pages/find/$", ("id={page}", "html_path=/forums/otherville-forum/quagga-draft/")),
    (r"^/admin/api/main/(documents|images)/$", ("fields=*", f"search={COMMON}", "order=title", "id={document}")),
    (r"^/admin/api/main/(documents|images)/(find/)?$", ("id={document}", "title=juggling+zebrafinchother")),
    (r"^/admin/(users|groups|redirects|searchpicks|collections)/(results/)?$", (f"q={COMMON}", "export=csv")),
    (r"^/admin/centres/(services|milestones|partners|grid)/", (f"q={COMMON}", "export=csv", "export=xlsx")),
    (r"^/admin/centres/change-status/", ("{ids}",)),
    (r"^/admin/followers/told/", (f"q={COMMON}", "export=csv")),
]
# Where the people of a centre find what is theirs, so that a walk that sees nothing fails.
SEEN_BY_PUBLISHERS = {
    "/admin/": f"{OWN}centre",
    "/admin/pages/search/?q=juggling": f"{OWN}centre",
    "/admin/choose-page/search/?q=juggling": f"{OWN}centre",
    "/admin/documents/": f"{OWN}document",
    "/admin/documents/?q=juggling": f"{OWN}document",
    "/admin/images/": f"{OWN}image",
    "/admin/images/?q=juggling": f"{OWN}image",
    "/admin/documents/chooser/": f"{OWN}document",
    "/admin/documents/chooser/results/?q=juggling": f"{OWN}document",
    "/admin/images/chooser/": f"{OWN}image",
    "/admin/images/chooser/results/?q=juggling": f"{OWN}image",
    "/admin/api/main/pages/?search=juggling": f"{OWN}centre",
    "/admin/api/main/pages/?fields=*": f"{OWN}centre",
    "/admin/api/main/documents/?search=juggling": f"{OWN}document",
    "/admin/api/main/documents/?fields=*": f"{OWN}document",
    "/admin/api/main/images/?search=juggling": f"{OWN}image",
    "/admin/api/main/images/?fields=*": f"{OWN}image",
    "/admin/bulk/wagtailcore/page/publish/?id=all": f"{OWN}centre",
    "/admin/bulk/wagtailcore/page/move/?id=all&q=juggling": f"{OWN}centre",
    "/admin/bulk/core/sitedocument/add_tags/?id=all": f"{OWN}document",
    "/admin/bulk/core/siteimage/add_tags/?id=all&q=juggling": f"{OWN}image",
    "/admin/reports/site-history/?label=juggling": f"{OWN}centre",
    "/admin/reports/site-history/?export=csv": f"{OWN}centre",
    "/admin/tag-autocomplete/?term=juggling": f"{OWN}tag",
    "/admin/centres/services/": "juggling service",
}
LINK = re.compile(r"""["'(=]((?:/documents/|/media/|http://testserver/(?:documents|media)/)[^"')\s\\&]+)""")


@pytest.fixture(scope="module")
def _world(database_copies: DatabaseCopies, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock(), database_copies.lasting("two centres", make_world) as made:
        yield made


@pytest.fixture
def world(_world: World, db: None) -> World:
    return _world


def walked(world: World, visitor: Visitor) -> list[str]:
    """Return what is asked for: every address with what is foreign and with what is one's own, and its parameters."""
    tried = foreign_addresses(world, visitor)
    if visitor.own:
        own = {**world.own, "pages": [world.own_pages[name].pk for name in visitor.own]}
        tried += [each for each in admin_addresses(own) if not ELSEWHERE.search(each)]
    addresses = list(dict.fromkeys(tried))
    return [url for address in addresses for url in (address, *with_parameters(address, world))]


def foreign_addresses(world: World, visitor: Visitor) -> list[str]:
    things = {**world.things, "pages": [world.pages[name].pk for name in visitor.pages]}
    return [each for each in admin_addresses(things) if not ELSEWHERE.search(each)]


def foreign(url: str, text: str, visitor: Visitor) -> set[str]:
    """Return the names of what an answer tells that it should not."""
    known = {"user"} if NAMES_COLLEAGUES.search(url) else set()
    return foreign_names(text) - visitor.knows - known


def with_parameters(address: str, world: World) -> Iterator[str]:
    """Yield an address with each of the parameters that its view takes."""
    for pattern, queries in PARAMETERS:
        if re.search(pattern, address):
            for query in queries:
                yield f"{address}?{filled(query, address, world)}"


def filled(query: str, address: str, world: World) -> str:
    kind = kind_of(address)
    things, own = world.things, world.own
    return query.format(
        ids="&".join(f"id={pk}" for pk in [*things[kind], *own.get(kind, [])]),
        own_ids="&".join(f"id={pk}" for pk in own.get(kind, [])) or "id=1",
        page=things["pages"][0],
        parent=things["parents"][0],
        own_page=world.own_pages["centre"].pk,
        document=things["images" if "images" in address else "documents"][0],
        collection=things["collections"][0],
        user=things["users"][0],
    )


def kind_of(address: str) -> str:
    """Return what the numbers in the parameter `id` are about."""
    kinds = {"document": "documents", "image": "images", "user/": "users", "alert": "core/alert", "topic": "news/topic"}
    return next((kind for word, kind in kinds.items() if word in address), "pages")


def text_of(response: Any) -> str:
    """Return the words of an answer, a workbook's included; a file is closed."""
    content = b"".join(response) if response.streaming else response.content
    if content.startswith(b"PK"):
        return workbook_text(content)
    return f"{response.get('Location', '')} {content.decode(errors='replace')}"


def workbook_text(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return " ".join(book.read(name).decode(errors="replace") for name in book.namelist())


def state(world: World) -> dict[str, list[Any]]:
    """Return everything that people of one centre may not change, as the database has it."""
    own = world.own["pages"]
    # What is made for a centre or a forum goes with it; `granted` says that none of it becomes more.
    own_groups = Group.objects.filter(name__startswith="Testville ").values("pk")
    others = Page.objects.exclude(pk__in=own).order_by("path")
    others_revisions = Revision.objects.exclude(object_id__in=[str(pk) for pk in own])
    return {
        "pages": [page.specific.serializable_data() for page in others.filter(pk__in=world.things["pages"])],
        "places": list(others.values_list("pk", "path", "url_path", "live", "locked", "draft_title", "expire_at")),
        "revisions": list(others_revisions.order_by("pk").values_list("pk", "approved_go_live_at")),
        "documents": list(SiteDocument.objects.filter(pk__in=world.things["documents"]).values()),
        "images": list(SiteImage.objects.filter(pk__in=world.things["images"]).values()),
        "tags": list(SiteDocument.tags.through.objects.exclude(object_id__in=world.own["documents"]).values()),
        "collections": list(Collection.objects.values()),
        "restrictions": list(PageViewRestriction.objects.values()),
        "groups": list(Group.objects.exclude(pk__in=own_groups).values()),
        "rights": [
            *GroupPagePermission.objects.exclude(page__in=own).exclude(group__in=own_groups).values(),
            *GroupCollectionPermission.objects.exclude(group__in=own_groups).values(),
            *Group.permissions.through.objects.exclude(group__in=own_groups).values(),
        ],
        "people": list(User.objects.order_by("pk").values_list("pk", "email", "is_active", "is_superuser")),
        "settings": list(SiteSettings.objects.values()),
        "alerts": list(Alert.objects.values()),
        "notices": list(Notice.objects.values()),
        "followers": list(Follower.objects.values()),
        "mailing": list(Mailing.objects.values()),
        "workflows": list(Workflow.objects.exclude(name__startswith="Testville").values()),
        "sites": list(Site.objects.values()),
    }


def granted() -> set[str]:
    """Return what anybody may do on the site, one's own groups included, as the database has it."""
    tables: list[QuerySet[Any]] = [
        Group.objects.all(),
        Group.permissions.through.objects.all(),
        GroupPagePermission.objects.all(),
        GroupCollectionPermission.objects.all(),
        User.groups.through.objects.all(),
        User.user_permissions.through.objects.all(),
        Workflow.objects.all(),
        WorkflowPage.objects.all(),
        WorkflowTask.objects.all(),
        GroupApprovalTask.groups.through.objects.all(),
    ]
    return {f"{rows.model._meta.label} {row}" for rows in tables for row in rows.values()}


@pytest.mark.filterwarnings("ignore:[Uu]nclosed file:ResourceWarning")
@pytest.mark.security
@pytest.mark.parametrize("group", GROUPS)
def test_nothing_foreign_is_seen_wherever_somebody_looks(
    world: World, group: str, measured: Callable[[str], None]
) -> None:
    client, visitor = browser_of(group), GROUPS[group]
    seen: dict[str, set[str]] = {}
    failed, answers = [], {}
    files: set[str] = set()
    refused = ""
    for url in walked(world, visitor):
        # What is refused without parameters is refused with them; ticked things are parameters themselves.
        if refused and url.startswith(f"{refused}?") and "/bulk/" not in url:
            continue
        response = client.get(url)
        text = text_of(response)
        answers[url] = response.status_code, text
        if "?" not in url:
            refused = url if response.status_code in (302, 403, 404) else ""
        # Only people of the centre can ask for what is beneath it.
        if response.status_code in (400, 500) and "child_of" not in url:
            failed.append(url)
        if names := foreign(url, text, visitor):
            seen[url] = names
        files.update(urlsplit(link).path for link in LINK.findall(text))
    for url in files:
        if names := foreign(url, text_of(client.get(url)), visitor):
            seen[url] = names
    measured(f"{group}: {len(seen)} of {len(answers) + len(files)} answers show something foreign (0)")
    assert len(answers) > 400
    assert failed == []
    assert seen == {}
    if group == "Testville publishers":
        found = {url: answers[url][0] for url, own in SEEN_BY_PUBLISHERS.items() if own not in answers[url][1]}
        assert found == {}
        assert any(f"{OWN}image" in url for url in files)
        assert any(f"{OWN}document" in url for url in files)


@pytest.mark.filterwarnings("ignore:[Uu]nclosed file:ResourceWarning")
# Whoever only signs in may do less than officers.
@pytest.mark.parametrize("group", [group for group in GROUPS if group != ONLY_SIGN_IN])
def test_nothing_foreign_can_be_changed(world: World, group: str) -> None:
    client, visitor = browser_of(group), GROUPS[group]
    before, granted_before = state(world), granted()
    seen: dict[str, set[str]] = {}
    failed = []

    def post(url: str, headers: dict[str, str] | None = None) -> None:
        response = client.post(url, POSTED, headers=headers)
        if response.status_code >= 500:
            failed.append(url)
        if names := foreign(url, text_of(response), visitor):
            seen[url] = names

    for address in foreign_addresses(world, visitor):
        if "/bulk/" in address:
            # One's own things may go; what is foreign may not.
            with transaction.atomic():
                post(f"{address}?{filled('{ids}', address, world)}")
                post(f"{address}?id=all")
                assert state(world) == before, address
                assert granted() <= granted_before, address
                transaction.set_rollback(True)
        else:
            post(address)
            if visitor.own and FOR_SCRIPTS.search(address):
                post(address, JSON)
    assert failed == []
    assert seen == {}
    assert state(world) == before
    assert granted() == granted_before


def browser_of(group: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(member_of(group))
    return client
