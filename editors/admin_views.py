"""The editors' dashboard: what there is to do, each list of it in full, and the guide."""

from collections.abc import Mapping
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.admin.ui.components import Component

from users.models import User

from .dashboard import KINDS, everything_to_do, to_do
from .groups import centre_of
from .guide import tasks


class ToDoPanel(Component):
    """The panel at the top of the dashboard."""

    name = "to_do"
    template_name = "editors/admin/to_do_panel.html"
    order = 50

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what this editor may mend, and the name of the one centre he or she looks after, if it is one."""
        request = parent_context["request"]
        return {"lists": everything_to_do(request.user), "centre": centre_of(request.user), "request": request}


def to_do_view(request: HttpRequest, kind: str) -> HttpResponse:
    """Show all there is to do of one kind. 404 for a kind that does not exist."""
    if kind not in KINDS:
        raise Http404
    return render(request, "editors/admin/to_do.html", {"to_do": to_do(cast(User, request.user), kind)})


class GuidePanel(Component):
    """The tasks of the guide, on the dashboard."""

    name = "guide"
    template_name = "editors/admin/guide_panel.html"
    order = 60

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the tasks."""
        return {"tasks": tasks().values()}


def guide_view(request: HttpRequest) -> HttpResponse:
    """List the tasks of the guide."""
    return render(request, "editors/admin/guide.html", {"tasks": tasks().values()})


def guide_task_view(request: HttpRequest, slug: str) -> HttpResponse:
    """Show how one task is done. 404 for one that the guide does not have."""
    if slug not in tasks():
        raise Http404
    return render(request, "editors/admin/guide_task.html", {"task": tasks()[slug]})
