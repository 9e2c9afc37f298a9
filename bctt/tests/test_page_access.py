"""Page access in the admin: every address, as each group, against what belongs to another centre."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    PageViewRestriction,
    Revision,
    Site,
    Workflow,
)

from centres.factories import CentrePageFactory, CentreServicePageFactory, ServicePageFactory
from core.factories import AlertFactory, SiteDocumentFactory
from core.models import Alert, Mailing, SiteDocument, SiteImage, SiteSettings
from editors.groups import set_up_groups
from followers.factories import FollowFactory, NoticeFactory
from followers.models import Follower, Notice
from home.factories import SmallSite
from news.factories import ForumPageFactory
from testing.people import member_of
from testing.privacy import make_private
from users.factories import UserFactory
from users.models import User

SECRET = "zebrafinch"
GROUPS = ("Testville editors", "Testville publishers", "Testville forum editors", "Followers officers")
# What signs its user out, is about the user alone, or fails on purpose.
ELSEWHERE = re.compile(r"logout|login|password_reset|account|sprite|jsi18n|failwhale")
# What most forms of the admin ask for; the link chooser fails without its address (Wagtail 8.0.1).
POSTED = {
    "title": "changed",
    "action-publish": "1",
    "confirm": "1",
    "slug": "changed",
    "reason": "changed",
    "external-link-chooser-url": "https://example.org/",
    "external-link-chooser-link_text": "changed",
}


@dataclass
class World:
    """Two centres, and what only people of the other one may see.

    `ids` gives for each name in an address what to put there; for "pk" it depends on a word of the address.
    """

    ids: dict[str, list[Any]] = field(default_factory=dict)
    other: list[Page] = field(default_factory=list)


@pytest.fixture
def world(small_site: SmallSite) -> World:
    own = CentrePageFactory(parent=small_site.centres, short_name="Testville", title="Testville centre")
    other = CentrePageFactory(parent=small_site.centres, short_name="Otherville", title="Otherville centre")
    ForumPageFactory(parent=small_site.forums, title="Testville forum")
    service = ServicePageFactory(parent=small_site.services, title=f"{SECRET} service", live=False)
    draft = CentreServicePageFactory(parent=other, service=service, live=False, note=f"{SECRET} note")
    first, second = draft.save_revision(), draft.save_revision()
    set_up_groups()
    for page in Page.objects.exclude(depth=1):
        if page.latest_revision_id is None:
            page.specific.save_revision()
    collection = Collection.objects.get(name="Otherville")
    document = SiteDocumentFactory(title=f"{SECRET} document", collection=collection)
    image = SiteImage.objects.create(title=f"{SECRET} image", file=get_test_image_file(), collection=collection)
    restriction = make_private(draft)
    workflow_state = other.get_workflow().start(draft, UserFactory.create())
    alert = AlertFactory.create(title=f"{SECRET} alert")
    FollowFactory.create(page=other, follower__email=f"{SECRET}@example.com", follower__paused_at=timezone.now())
    # Both are made when they are first asked for.
    Mailing.objects.create(pk=Mailing.ONLY)
    SiteSettings.for_site(small_site.site)
    notice = NoticeFactory.create(page=other, title=f"{SECRET} notice", topics=[other])
    assert own.pk
    pages = [draft.pk, other.pk]
    return World(
        other=[other, draft],
        ids={
            "page_id": pages,
            "parent_page_id": pages,
            "page_to_move_id": pages,
            "destination_id": pages,
            "page_to_copy_id": pages,
            "root_page_id": pages,
            "revision_id": [first.pk],
            "revision_id_a": [first.pk],
            "revision_id_b": [second.pk],
            "document_id": [document.pk],
            "image_id": [image.pk],
            "collection_id": [collection.pk],
            "restriction_id": [restriction.pk],
            "task_state_id": [workflow_state.current_task_state.pk],
            "workflow_state_id": [workflow_state.pk],
            "user_id": [UserFactory.create().pk],
            "group_id": [Group.objects.get(name="Otherville editors").pk],
            "action_name": ["approve"],
            "instance_pk": [draft.pk],
            "object_id": [draft.pk],
            "pk": [draft.pk],
            "documents": [document.pk],
            "images": [image.pk],
            "alert": [alert.pk],
            "notice_id": [notice.pk],
            "collections": [collection.pk],
            "groups": [Group.objects.get(name="Otherville editors").pk],
            "users": [UserFactory.create().pk],
            "sites": [Site.objects.get().pk],
            "workflows": [Workflow.objects.latest("pk").pk],
            "site_pk": [Site.objects.get().pk],
            "app_label": ["wagtailcore"],
            "model_name": ["page"],
            "content_type_app_name": ["centres"],
            "content_type_model_name": ["centreservicepage"],
            "action_type": ["delete", "move", "publish", "unpublish", "still-correct", "change-status"],
            "action": ["delete", "move", "publish", "unpublish", "still-correct", "change-status"],
            "filter_spec": ["max-10x10"],
        },
    )


def addresses(world: World) -> Iterator[str]:
    """Yield every address of the admin, with the other centre's things in it."""
    for pattern, route in patterns(get_resolver().url_patterns, ""):
        if not route.startswith("admin/") or ELSEWHERE.search(f"/{route}"):
            continue
        names = list(pattern.pattern.converters) or list(re.compile(str(pattern.pattern.regex.pattern)).groupindex)
        holes = re.findall(r"<[^>]+>", route)
        word = next((word for word in route.split("/") if word in world.ids), "pk")
        found = [world.ids.get(word if name == "pk" else name, ["1"]) for name in names]
        for values in product(*found) if len(names) == len(holes) else [()]:
            address = route
            for hole, value in zip(holes, values, strict=False):
                address = address.replace(hole, str(value), 1)
            if "(" not in address and "<" not in address:
                yield f"/{address.replace('^', '').replace('$', '')}"


def patterns(found: list[Any], before: str) -> Iterator[tuple[URLPattern, str]]:
    for each in found:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns, route)
        else:
            yield each, route


def state() -> dict[str, list[Any]]:
    """Return everything that people of one centre may not change, as the database has it."""
    other = Page.objects.filter(path__startswith=Page.objects.get(title="Otherville centre").path)
    return {
        "pages": [page.specific.serializable_data() for page in other.order_by("path")],
        "places": list(Page.objects.order_by("path").values_list("pk", "path", "url_path", "live", "locked")),
        "revisions": list(Revision.objects.order_by("pk").values_list("pk", "approved_go_live_at")),
        "documents": list(SiteDocument.objects.values()),
        "images": list(SiteImage.objects.values()),
        "collections": list(Collection.objects.values()),
        "restrictions": list(PageViewRestriction.objects.values()),
        "groups": list(Group.objects.values()),
        "rights": [
            *GroupPagePermission.objects.values(),
            *GroupCollectionPermission.objects.values(),
            *Group.permissions.through.objects.values(),
        ],
        "people": list(User.objects.order_by("pk").values_list("pk", "email", "is_active", "is_superuser")),
        "settings": list(SiteSettings.objects.values()),
        "alerts": list(Alert.objects.values()),
        "notices": list(Notice.objects.values()),
        "followers": list(Follower.objects.values()),
        "mailing": list(Mailing.objects.values()),
        "workflows": list(Workflow.objects.values()),
        "sites": list(Site.objects.values()),
    }


@pytest.mark.parametrize("group", GROUPS)
def test_nothing_of_another_centre_can_be_seen_or_changed(world: World, group: str) -> None:
    user = member_of(group)
    client = Client(raise_request_exception=False)
    client.force_login(user)
    before = state()
    # What followers are told is told to the public, and officers see who they are.
    told = "" if group == "Followers officers" else "| notice|@example"
    seen, failed = [], []
    walked = list(addresses(world))
    ticked = "&".join(f"id={page.pk}" for page in world.other)
    for address in walked:
        for response in (client.get(f"{address}?{ticked}&q={SECRET}"), client.post(f"{address}?{ticked}", POSTED)):
            if response.status_code >= 500:
                failed.append(address)
            body = response.getvalue().decode(errors="replace").replace(f"q={SECRET}", "")
            if re.search(rf"{SECRET}( (service|note|document|image|alert)\b{told})", body):
                seen.append(address)
    assert len(walked) > 200
    assert not failed
    assert not seen
    assert state() == before
