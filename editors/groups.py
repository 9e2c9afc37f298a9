"""Who may do what: groups of editors, their collections and workflows, from the centres and forums there are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from centres.models import CentrePage
from home.models import HomePage
from news.models import ForumPage
from users.models import User

SITE_EDITORS = "Site editors"
FOLLOWERS_OFFICERS = "Followers officers"
# Wagtail makes these; their rights reach everywhere.
WAGTAILS_OWN = ("Editors", "Moderators")

SIGN_IN = {"wagtailadmin.access_admin"}
WRITE = {"add_page", "change_page"}
PUBLISH = {*WRITE, "publish_page", "lock_page", "unlock_page"}
FILES = {
    *("wagtailimages.add_image", "wagtailimages.change_image", "wagtailimages.choose_image"),
    *("wagtaildocs.add_document", "wagtaildocs.change_document", "wagtaildocs.choose_document"),
}
MANAGE_FILES = {*FILES, "wagtailimages.delete_image", "wagtaildocs.delete_document"}
MANAGE_COLLECTIONS = {
    *("wagtailcore.add_collection", "wagtailcore.change_collection", "wagtailcore.delete_collection"),
}
# Lists that belong to the site as a whole. Its settings, people, groups, sites and workflows are an administrator's.
WHOLE_SITE = {
    *("core.add_alert", "core.change_alert", "core.delete_alert"),
    *("news.add_topic", "news.change_topic", "news.delete_topic"),
    *("search.add_synonymgroup", "search.change_synonymgroup", "search.delete_synonymgroup"),
    *(
        "search.add_urgentphrase",
        "search.change_urgentphrase",
        "search.delete_urgentphrase",
        "search.view_loggedsearch",
    ),
    *("wagtailredirects.add_redirect", "wagtailredirects.change_redirect", "wagtailredirects.delete_redirect"),
    *("followers.view_notice", "followers.change_notice"),
    "wagtailsearchpromotions.add_searchpromotion",
    "wagtailsearchpromotions.change_searchpromotion",
    "wagtailsearchpromotions.delete_searchpromotion",
}
# The only people who see addresses of followers.
FOLLOWERS = {
    *("followers.view_follower", "followers.change_follower", "followers.delete_follower"),
    *("followers.view_notice", "followers.change_notice"),
}


@dataclass(frozen=True)
class GroupKind:
    """A kind of group that every centre or forum has: how its name ends, and what its people may do with pages."""

    ending: str
    pages: frozenset[str]


EDITORS = GroupKind("editors", frozenset(WRITE))
PUBLISHERS = GroupKind("publishers", frozenset(PUBLISH))
# Forums have few hands and much to tell, so their editors publish.
FORUM_EDITORS = GroupKind("editors", frozenset(PUBLISH))
# How the name of a centre’s workflow ends.
APPROVES = ": a publisher approves"


@transaction.atomic
def set_up_groups() -> list[str]:
    """Make what is missing of the groups, collections and workflows, and give each group exactly its rights.

    It can be run again at any time: people stay in their groups, and a group follows its centre or forum when that is
    renamed. Wagtail's own groups, which may change every page, go unless somebody is in them. Returns the groups'
    names.
    """
    home = HomePage.objects.first()
    if home is None:
        return []
    editors = _group(SITE_EDITORS, {*SIGN_IN, *WHOLE_SITE})
    _set_pages(editors, home, {*PUBLISH, "bulk_delete_page"})
    _set_files(editors, Collection.get_first_root_node(), {*MANAGE_FILES, *MANAGE_COLLECTIONS})
    _set_workflow("Site editors approve", home, [editors])
    groups = [editors, _group(FOLLOWERS_OFFICERS, {*SIGN_IN, *FOLLOWERS})]
    for centre in CentrePage.objects.order_by("path"):
        groups += set_up_centre(centre)
    for forum in ForumPage.objects.order_by("path"):
        groups += set_up_forum(forum)
    _remove_wagtails_own()
    return [group.name for group in groups]


@transaction.atomic
def set_up_centre(centre: CentrePage) -> list[Group]:
    """Make or mend the two groups of a centre, its collection and its workflow."""
    groups = _groups_of(centre, centre.short_name, [EDITORS, PUBLISHERS])
    site_editors = Group.objects.filter(name=SITE_EDITORS)
    _set_workflow(f"{centre.short_name}{APPROVES}", centre, [groups[1], *site_editors])
    return groups


@transaction.atomic
def set_up_forum(forum: ForumPage) -> list[Group]:
    """Make or mend the group of a forum and its collection."""
    return _groups_of(forum, forum.title, [FORUM_EDITORS])


SET_UP: dict[type[Page], Callable[..., list[Group]]] = {CentrePage: set_up_centre, ForumPage: set_up_forum}


def set_up_groups_of(page: Page) -> None:
    """Make or mend what belongs to `page`, if it is a centre or a forum, by the name that residents read."""
    model = page.specific_class
    if model in SET_UP:
        SET_UP[model](model._default_manager.get(pk=page.pk))


@transaction.atomic
def remove_groups_of(page: Page) -> None:
    """Remove what was made for a centre or a forum that is about to be gone for good.

    A group that somebody gave rights on another page stays, and so does a collection that still holds files or other
    collections, and the history of what was approved; a workflow that was used is switched off.
    """
    kinds = {kind.ending for kind in (EDITORS, PUBLISHERS, FORUM_EDITORS)}
    elsewhere = GroupPagePermission.objects.exclude(page=page.pk).values("group")
    own = Group.objects.filter(page_permissions__page=page.pk).exclude(pk__in=elsewhere).distinct()
    groups = [group for group in own if group.name.rpartition(" ")[2] in kinds]
    shared = GroupCollectionPermission.objects.exclude(group__in=groups).values("collection")
    collections = list(
        Collection.objects.filter(group_permissions__group__in=groups, depth__gt=1).exclude(pk__in=shared).distinct()
    )
    for workflow in Workflow.objects.filter(workflow_pages__page=page.pk, name__endswith=APPROVES):
        if workflow.workflow_pages.exclude(page=page.pk).exists():
            continue
        tasks = list(GroupApprovalTask.objects.filter(workflow_tasks__workflow=workflow).distinct())
        if workflow.workflow_states.exists():
            workflow.deactivate()
        else:
            workflow.delete()
        for task in tasks:
            if not task.workflow_tasks.exists() and not task.task_states.exists():
                task.delete()
    for group in groups:
        group.delete()
    for collection in collections:
        if not collection.get_children().exists() and not _holds_files(collection):
            collection.delete()


def _holds_files(collection: Collection) -> bool:
    kinds = (get_image_model(), get_document_model())
    return any(kind._default_manager.filter(collection=collection.pk).exists() for kind in kinds)


def centre_of(user: User) -> str:
    """Return the name of the centre that somebody looks after; empty unless it is exactly one."""
    if user.is_superuser:
        return ""
    pages = GroupPagePermission.objects.filter(group__user=user).values("page")
    names = CentrePage.objects.filter(pk__in=pages).values_list("short_name", flat=True)[:2]
    others = GroupPagePermission.objects.filter(group__user=user).exclude(page__in=CentrePage.objects.values("pk"))
    return names[0] if len(names) == 1 and not others.exists() else ""


def _groups_of(page: Page, name: str, kinds: Iterable[GroupKind]) -> list[Group]:
    """Return the groups of a centre or forum, which share a collection with its name."""
    groups = [_group_of(page, name, kind) for kind in kinds]
    collection = _collection_of(groups, name)
    for group in groups:
        _set_files(group, collection, FILES)
    return groups


def _group(name: str, rights: Iterable[str]) -> Group:
    group, _ = Group.objects.get_or_create(name=name)
    group.permissions.set(_permissions(rights))
    return group


def _group_of(page: Page, name: str, kind: GroupKind) -> Group:
    """Return the group of this kind that has rights on this very page, with the name of the page as it is now."""
    wanted = f"{name} {kind.ending}"[:150]
    own = Group.objects.filter(page_permissions__page=page.pk, name__endswith=f" {kind.ending}").first()
    others = Group.objects.filter(name=wanted).exclude(pk__in=[own.pk] if own else [])
    if others.filter(page_permissions__isnull=False).exists():
        # Another page has the name: the number of the page tells them apart.
        wanted = f"{name[:120]} ({page.pk}) {kind.ending}"
    if own and own.name != wanted:
        own.name = wanted
        own.save(update_fields=["name"])
    group = _group(own.name if own else wanted, SIGN_IN)
    _set_pages(group, page, kind.pages)
    return group


def _collection_of(groups: list[Group], name: str) -> Collection:
    """Return the collection that the groups share, with this name."""
    own = GroupCollectionPermission.objects.filter(group__in=groups).select_related("collection").first()
    if own is None:
        return Collection.get_first_root_node().add_child(name=name)
    if own.collection.name != name:
        own.collection.name = name
        own.collection.save()
    return own.collection


def _permissions(names: Iterable[str]) -> list[Permission]:
    """Return permissions by names such as "core.add_alert"; those of images and documents are Wagtail's own."""
    wanted = {tuple(name.split(".")) for name in names}
    codenames = {codename for _, codename in wanted}
    found = Permission.objects.filter(codename__in=codenames).select_related("content_type")
    return [each for each in found if (each.content_type.app_label, each.codename) in wanted]


def _set_pages(group: Group, page: Page, codenames: Iterable[str]) -> None:
    """Let a group do this with a page and all beneath it, and nothing with any other."""
    wanted = Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=codenames)
    GroupPagePermission.objects.filter(group=group).exclude(page=page, permission__in=wanted).delete()
    for permission in wanted:
        GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)


def _set_files(group: Group, collection: Collection, names: Iterable[str]) -> None:
    """Let a group do this with the files of a collection, and nothing with any other."""
    wanted = _permissions(names)
    GroupCollectionPermission.objects.filter(group=group).exclude(collection=collection, permission__in=wanted).delete()
    for permission in wanted:
        GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)


def _set_workflow(name: str, page: Page, approvers: list[Group]) -> None:
    """Let these groups approve what is submitted on a page and beneath it; another workflow that is there stays.

    One that was made here, which its name says, follows the name of the page.
    """
    existing = WorkflowPage.objects.filter(page=page).select_related("workflow").first()
    if existing:
        workflow = existing.workflow
        task = GroupApprovalTask.objects.filter(workflow_tasks__workflow=workflow).first()
        if task:
            task.groups.add(*approvers)
        for each in (workflow, task):
            if each and each.name != name and each.name.endswith(name[-len(APPROVES) :]):
                each.name = name
                each.save(update_fields=["name"])
        return
    workflow = Workflow.objects.create(name=name)
    task = GroupApprovalTask.objects.create(name=name)
    task.groups.set(approvers)
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowPage.objects.create(workflow=workflow, page=page)


def _remove_wagtails_own() -> None:
    """Remove the groups that Wagtail made, and their workflow, unless somebody uses them."""
    unused = list(Group.objects.filter(name__in=WAGTAILS_OWN, user__isnull=True))
    for task in GroupApprovalTask.objects.filter(groups__in=unused, task_states__isnull=True).distinct():
        if not task.groups.exclude(pk__in=[group.pk for group in unused]).exists():
            Workflow.objects.filter(workflow_tasks__task=task, workflow_states__isnull=True).delete()
            task.delete()
    for group in unused:
        group.delete()
