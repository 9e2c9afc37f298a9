"""Every address of the admin, with everything that its holes really take.

Tests that must hold for the whole admin (what may be seen, second factors, odd input) walk `admin_addresses`.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, resolve
from taggit.models import TagBase
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.contrib.settings.registry import registry as settings_registry
from wagtail.documents import get_document_model
from wagtail.models import GroupApprovalTask, Page, get_page_models
from wagtail.snippets.models import get_snippet_models

from editors.dashboard import KINDS
from editors.guide import tasks

Things = Mapping[str, Sequence[Any]]
Values = dict[str, Any]

ADMIN = "admin/"
# Wagtail's "not found" and "error" screens for designers, and what answers any other address.
NO_SCREENS = ("admin/test404/", "admin/failwhale/", "admin/.*/")
GROUP = re.compile(r"\(\?P(<\w+>)[^)]*\)")
HOLE = re.compile(r"<(?:\w+:)?(\w+)>")
# What holes of these names are about, by the words in `things`.
ABOUT = {
    "page_id": "pages",
    "page_pk": "pages",
    "parent_page_id": "parents",
    "page_to_move_id": "pages",
    "destination_id": "parents",
    "revision_id": "revisions",
    "revision_id_a": "revisions",
    "revision_id_b": "revisions",
    "document_id": "documents",
    "doc_id": "documents",
    "image_id": "images",
    "uploaded_file_id": "uploads",
    "collection_id": "collections",
    "restriction_id": "restrictions",
    "task_state_id": "task_states",
    "task_id": "tasks",
    "workflow_state_id": "workflow_states",
    "workflow_pk": "workflows",
    "notice_id": "notices",
    "redirect_id": "redirects",
    "query_id": "queries",
    "session_id": "sessions",
    "uidb64": "tokens",
    "token": "tokens",
}
# What "page_id" is about where other pages are not found, by the beginning of the address; any page if none is given.
PAGES_BY_ADDRESS = {"admin/centres/<": "centres", "admin/events/<": "events"}
# What "pk" is about, by the first of these that the address begins with.
PK_BY_ADDRESS = {
    "admin/api/main/pages/": "pages",
    "admin/api/main/documents/": "documents",
    "admin/api/main/images/": "images",
    "admin/pages/": "pages",
    "admin/documents/": "documents",
    "admin/images/": "images",
    "admin/collections/": "collections",
    "admin/workflows/tasks/": "tasks",
    "admin/workflows/": "workflows",
    "admin/users/": "users",
    "admin/groups/": "groups",
    "admin/sites/": "sites",
    "admin/settings/": "sites",
}
# Where views of ours stand in for Wagtail's.
OURS = (
    *("/admin/login/", "/admin/logout/", "/admin/password_reset/"),
    *("/admin/images/multiple/add/", "/admin/documents/multiple/add/", "/admin/redirects/import/"),
)
# Words that holes take, whatever there is on the site.
WORDS: dict[str, tuple[str, ...]] = {
    "filter_spec": ("max-10x10", "original"),
    "revision_id_a": ("earliest", "live"),
    "revision_id_b": ("latest",),
}
# Parts of addresses with holes for a model, the names of both, and the models that they take.
TOGETHER: dict[str, tuple[str, str, Callable[[], Sequence[Any]]]] = {
    "<slug:content_type_app_name>": ("content_type_app_name", "content_type_model_name", get_page_models),
    "pages/create/": ("app_label", "model_name", get_page_models),
    "editing-sessions/ping/": ("app_label", "model_name", lambda: [Page, get_document_model(), *get_snippet_models()]),
    "workflows/tasks/add/": ("app_label", "model_name", lambda: [GroupApprovalTask]),
    "tag-autocomplete/<": ("app_name", "model_name", TagBase.__subclasses__),
    "settings/<": ("app_name", "model_name", lambda: list(settings_registry)),
}


def admin_addresses(things: Things) -> Iterator[str]:
    """Yield every address of the admin, without parameters.

    `things` says for each kind ("pages", "parents" of pages, "documents", "core/alert" for a snippet…) what to put
    into holes that are about it; a kind that is missing or empty gets 1. Fails if an address leads to another view
    than the one it was made for.
    """
    for route, pattern in admin_routes():
        names = HOLE.findall(route)
        for values in _fillings(route, names, things):
            address = "/" + HOLE.sub(lambda hole, values=values: str(values[hole[1]]), route)  # type: ignore[misc]
            found = resolve(address)
            is_meant = found.func is pattern.callback or pattern.name == found.url_name
            # Ours stand before Wagtail's at these addresses, and are yielded for themselves.
            assert is_meant or address.startswith(OURS), address
            if is_meant:
                yield address


def admin_routes() -> Iterator[tuple[str, URLPattern]]:
    """Yield each pattern of the admin with its route, in which regular expressions are written as holes as well."""
    for pattern, route in _patterns(get_resolver().url_patterns, ""):
        plain = re.sub(r"[\^$\\]", "", GROUP.sub(r"\1", route))
        if plain.startswith(ADMIN) and plain not in NO_SCREENS:
            yield plain, pattern


def _patterns(found: list[Any], before: str) -> Iterator[tuple[URLPattern, str]]:
    for each in found:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _patterns(each.url_patterns, route)
        else:
            yield each, route


def _fillings(route: str, names: list[str], things: Things) -> Iterator[Values]:
    """Yield what to put into the holes of a route."""
    together = _named_together(route)
    others = [name for name in names if not together or name not in together[0]]
    choices = [_choices(route, name, things) for name in others]
    for known, values in product(together or [{}], product(*choices)):
        yield {**known, **dict(zip(others, values, strict=True))}


def _choices(route: str, name: str, things: Things) -> Sequence[Any]:
    if name in ("pk", "object_id", "instance_pk"):
        snippet = next((each for each in _labels(get_snippet_models()) if f"/{each}/" in route), "")
        kind = snippet or next((kind for begin, kind in PK_BY_ADDRESS.items() if route.startswith(begin)), "pages")
    elif name == "action_name":
        return list(PagesAdminAPIViewSet.actions) if "/api/" in route else ["approve", "reject"]
    elif name == "kind":
        return list(KINDS)
    elif name == "slug":
        return list(tasks())
    else:
        kind = ABOUT.get(name, name)
        if name == "page_id":
            special = next((each for begin, each in PAGES_BY_ADDRESS.items() if route.startswith(begin)), kind)
            kind = special if things.get(special) else kind
    return [*WORDS.get(name, ()), *(things.get(kind) or ([] if name in WORDS else [1]))]


def _named_together(route: str) -> list[Values]:
    """Return what goes together in the holes of a route: the words for a model, and for what is done to it."""
    if "bulk/" in route:
        return [
            {"app_label": app, "model_name": model, "action": action}
            for app, models in _bulk_actions().items()
            for model, actions in models.items()
            for action in actions
        ]
    for begin, (app, model, models) in TOGETHER.items():
        if begin in route:
            return [{app: each._meta.app_label, model: each._meta.model_name} for each in models()]
    return []


def _bulk_actions() -> dict[str, dict[str, dict[str, Any]]]:
    # Asking for any looks for all.
    bulk_action_registry.get_bulk_actions_for_model("", "")
    found: dict[str, dict[str, dict[str, Any]]] = bulk_action_registry.actions
    return found


def _labels(models: Sequence[Any]) -> list[str]:
    return [f"{model._meta.app_label}/{model._meta.model_name}" for model in models]
