"""Two centres, and a canary in everything of the one that people of the other may not see."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, GroupApprovalTask, Page, PageViewRestriction, Site, Workflow
from wagtail.search.index import insert_or_update_object

from centres.factories import CentrePageFactory, CentreServicePageFactory, ServicePageFactory
from core.factories import AlertFactory, SiteDocumentFactory
from core.models import Mailing, SiteDocument, SiteImage, SiteSettings
from editors.groups import set_up_groups
from followers.factories import FollowFactory, NoticeFactory
from home.factories import ContentPageFactory
from news.factories import ForumPageFactory, ForumUpdatePageFactory, TopicFactory
from news.models import ForumPage, ForumUpdatePage
from testing.privacy import PRIVATE, as_draft, expired, make_collection_private, make_private
from testing.site import find_site
from users.factories import UserFactory
from users.models import User
from whats_on.factories import EventDateFactory, EventPageFactory

# Each foreign thing has a canary of its own in its words ("zebrafinchdraft") and in its address ("quagga-draft").
FOREIGN = "zebrafinch"
NEST = "quagga-"
# The canary of what belongs to the people of Testville.
OWN = "honeyguide"
# A word of every thing, so that a search for it would find them all.
COMMON = "juggling"
ONLY_SIGN_IN = "Only sign in"
CRY = re.compile(f"(?:{FOREIGN}|{NEST})([a-z]+)")


@dataclass
class World:
    """What is on the site.

    `things` are the keys of foreign things by their kind, `own` those of Testville's, as `admin_addresses` takes them;
    `pages` and `own_pages` are the pages by a name, that of the foreign ones being what their canaries end with.
    """

    things: dict[str, list[Any]] = field(default_factory=dict)
    own: dict[str, list[Any]] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    own_pages: dict[str, Page] = field(default_factory=dict)


def make_world() -> World:
    """Fill a small site."""
    site = find_site()
    own = CentrePageFactory(parent=site.centres, short_name="Testville", title=f"{COMMON} {OWN}centre")
    other = CentrePageFactory(parent=site.centres, short_name="Otherville", title="Otherville centre")
    own_forum = ForumPageFactory(parent=site.forums, title="Testville forum")
    other_forum = ForumPageFactory(parent=site.forums, title="Otherville forum")
    set_up_groups()
    only = Group.objects.create(name=ONLY_SIGN_IN)
    only.permissions.add(Permission.objects.get(codename="access_admin"))
    pages = _foreign_pages(other_forum)
    service = ServicePageFactory(parent=site.services, title=f"{COMMON} {FOREIGN}service", live=False)
    open_service = ServicePageFactory(parent=site.services, title=f"{COMMON} service")
    hidden = CentreServicePageFactory(parent=other, service=service, note=f"{FOREIGN}hidden note")
    own_offer = CentreServicePageFactory(parent=own, service=open_service, note=f"{OWN}offer note")
    event = EventPageFactory(parent=site.events, title=f"{COMMON} {FOREIGN}event", slug=f"{NEST}event", live=False)
    EventDateFactory(event=event, note=f"{FOREIGN}event note")
    pages |= {"service": service, "hidden": hidden, "event": event}
    own_update = ForumUpdatePageFactory(parent=own_forum, title=f"{COMMON} {OWN}update")
    own_draft = ForumUpdatePageFactory(parent=own_forum, title=f"{COMMON} {OWN}draft")
    as_draft(own_draft)
    section = ContentPageFactory(parent=site.home, title=f"{COMMON} {FOREIGN}section", slug=f"{NEST}section")
    pages["inherited"] = ContentPageFactory(
        parent=section, title=f"{COMMON} {FOREIGN}inherited", slug=f"{NEST}inherited"
    )
    make_private(section, PageViewRestriction.GROUPS)
    pages["section"] = section
    pages["mirrored"] = pages["inherited"].create_alias(parent=site.home, update_slug=f"{NEST}mirrored")
    for page in Page.objects.filter(depth__gt=1, latest_revision=None, alias_of=None):
        page.specific.save_revision(clean=False)
    Page.objects.filter(pk__in=[page.pk for page in pages.values()]).update(owner=UserFactory.create())
    pages = {name: Page.objects.get(pk=page.pk).specific for name, page in pages.items()}
    own_update.refresh_from_db()
    world = World(pages=pages)
    _files(world)
    _rest(world, other, pages)
    world.own_pages = {"update": own_update, "draft": own_draft, "offer": own_offer, "centre": own, "forum": own_forum}
    world.own |= {
        "parents": [own.pk],
        "centres": [own.pk],
        "pages": [page.pk for page in world.own_pages.values()],
        "revisions": [own_update.latest_revision_id],
    }
    return world


def _foreign_pages(forum: ForumPage) -> dict[str, Page]:
    """Return updates of another forum, one of each kind of what is not public."""
    pages: dict[str, Page] = {}
    for name in ("draft", "changed", "scheduled", "expired", "login", "password", "group", "beneath", "moderated"):
        pages[name] = ForumUpdatePageFactory(
            parent=forum,
            title=f"{COMMON} {FOREIGN}{name}",
            slug="known" if name == "changed" else f"{NEST}{name}",
            summary=f"{COMMON} {FOREIGN}{name} summary",
            body=[{"type": "text", "value": f"<p>{FOREIGN}{name}</p>"}],
        )
    changed: Any = pages["changed"]
    draft = changed.save_revision(clean=False)
    Page.objects.filter(pk=changed.pk).update(title=f"{COMMON} known")
    ForumUpdatePage.objects.filter(pk=changed.pk).update(summary="Known.", body="[]")
    changed = ForumUpdatePage.objects.get(pk=changed.pk)
    assert changed.draft_title == f"{COMMON} {FOREIGN}changed"
    assert changed.latest_revision == draft
    insert_or_update_object(changed)
    pages["changed"] = changed
    for name in ("draft", "moderated"):
        as_draft(pages[name])
    pages["scheduled"].go_live_at = timezone.now() + timedelta(days=2)
    as_draft(pages["scheduled"])
    pages["scheduled"].save_revision(approved_go_live_at=pages["scheduled"].go_live_at)
    expired(pages["expired"])
    PRIVATE["for those who sign in"](pages["login"])
    PRIVATE["with a password"](pages["password"])
    PRIVATE["for a group"](pages["group"])
    as_draft(pages["beneath"])
    return pages


def _files(world: World) -> None:
    """Add files and pictures: Testville's, Otherville's, the site's, and in a collection that is private."""
    private = Collection.objects.get(name="Otherville").add_child(name="Otherville private")
    make_collection_private(private)
    collections = {
        "other": Collection.objects.get(name="Otherville"),
        "private": private,
        "site": Collection.get_first_root_node(),
    }
    for name, collection in collections.items():
        document, image = _file(f"{FOREIGN}{name}", collection), _picture(f"{FOREIGN}{name}", collection)
        document.tags.add(f"{COMMON} {FOREIGN}tag")
        image.tags.add(f"{COMMON} {FOREIGN}tag")
        world.things.setdefault("documents", []).append(document.pk)
        world.things.setdefault("images", []).append(image.pk)
    for town in ("Testville", "Testville forum"):
        collection = Collection.objects.get(name=town)
        document, image = _file(f"{OWN}document", collection), _picture(f"{OWN}image", collection)
        document.tags.add(f"{COMMON} {OWN}tag")
        image.tags.add(f"{COMMON} {OWN}tag")
        world.own.setdefault("documents", []).append(document.pk)
        world.own.setdefault("images", []).append(image.pk)
        world.own.setdefault("collections", []).append(collection.pk)
    world.things["collections"] = [collection.pk for collection in collections.values()]


def _file(name: str, collection: Collection) -> SiteDocument:
    file = ContentFile(f"{name} bytes".encode(), f"{name}.csv")
    document: SiteDocument = SiteDocumentFactory(title=f"{COMMON} {name}", collection=collection, file=file)
    return document


def _picture(name: str, collection: Collection) -> SiteImage:
    file = get_test_image_file(filename=f"{name}.png")
    image: SiteImage = SiteImage.objects.create(title=f"{COMMON} {name}", file=file, collection=collection)
    return image


def _rest(world: World, other: Page, pages: dict[str, Page]) -> None:
    """Add people, alerts, notices, followers, and what addresses of the admin are about beside pages and files."""
    submitter: User = UserFactory.create(email=f"{FOREIGN}user@example.org", first_name=f"{FOREIGN}user")
    later = timezone.now() + timedelta(minutes=30)
    workflow_state = other.get_workflow().start(pages["moderated"], submitter)
    FollowFactory.create(
        page=other, follower__email=f"{FOREIGN}follower@example.com", follower__paused_at=timezone.now()
    )
    # Both are made when they are first asked for.
    Mailing.objects.create(pk=Mailing.ONLY)
    SiteSettings.for_site(Site.objects.get())
    redirect = Redirect.objects.create(old_path=f"/{NEST}old", redirect_page=pages["draft"], site=Site.objects.get())
    world.things |= {
        "pages": [pages[name].pk for name in ("draft", "changed", "group", "hidden")],
        "parents": [other.pk],
        "centres": [other.pk],
        "events": [pages["event"].pk],
        "revisions": [pages["draft"].latest_revision_id, pages["changed"].latest_revision_id],
        "restrictions": [PageViewRestriction.objects.get(page=pages["group"]).pk],
        "task_states": [workflow_state.current_task_state.pk],
        "workflow_states": [workflow_state.pk],
        "users": [submitter.pk],
        "groups": [Group.objects.get(name="Otherville editors").pk],
        "core/alert": [AlertFactory.create(title=f"{COMMON} {FOREIGN}alert", starts_at=later).pk],
        "news/topic": [TopicFactory.create().pk],
        "notices": [NoticeFactory.create(page=other, title=f"{COMMON} {FOREIGN}notice", topics=[other]).pk],
        "sites": [Site.objects.get().pk],
        "workflows": [Workflow.objects.latest("pk").pk],
        "tasks": [GroupApprovalTask.objects.latest("pk").pk],
        "redirects": [redirect.pk],
    }


def foreign_names(text: str) -> set[str]:
    """Return the names of the foreign things of which a text tells."""
    return set(CRY.findall(text))
