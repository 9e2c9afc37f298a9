"""Several editors whose drafts save by themselves at once: what `manage.py drill_autosave` does and counts."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from django.db import connections
from django.test import Client
from django.urls import reverse

from home.factories import ContentPageFactory, make_site
from home.models import ContentPage
from users.factories import AdministratorFactory
from users.models import User

# Wagtail saves half a second after somebody stops typing; people type for longer than that.
PAUSE_SECONDS = 0.5


@dataclass
class EditorReport:
    """What one editor met: how often it saved, what went wrong by its words, and how long each save took."""

    saves: int = 0
    slowest_ms: float = 0.0
    problems: Counter[str] = field(default_factory=Counter)


def drill(*, editors: int, seconds: float, pause: float = PAUSE_SECONDS) -> list[EditorReport]:
    """Let so many editors change a page each, in an empty database, saving again and again; return what each met.

    Afterwards every page must say what its editor saved last; otherwise that is a problem too.
    """
    site = make_site()
    ends_at = time.monotonic() + seconds
    work = []
    for number in range(editors):
        page = ContentPageFactory.create(parent=site.home, title=f"Page {number}", slug=f"page-{number}")
        page.save_revision()
        work.append((page, AdministratorFactory.create(), ends_at, pause))
    with ThreadPoolExecutor(editors) as pool:
        return list(pool.map(lambda each: _in_a_thread(*each), work))


def _in_a_thread(page: ContentPage, user: User, ends_at: float, pause: float) -> EditorReport:
    try:
        return edit(page, user, ends_at, pause)
    finally:
        connections.close_all()


def edit(page: ContentPage, user: User, ends_at: float, pause: float) -> EditorReport:
    """Save drafts of one page, which has one, until the time `ends_at` of `time.monotonic` is over."""
    report, client = EditorReport(), Client(raise_request_exception=False)
    client.force_login(user)
    address, newest = reverse("wagtailadmin_pages:edit", args=[page.pk]), page.get_latest_revision()
    sent = {"loaded_revision_id": newest.pk, "loaded_revision_created_at": newest.created_at.isoformat()}
    said = page.summary
    while time.monotonic() < ends_at:
        summary = f"What was saved {report.saves + 1} times."
        began = time.monotonic()
        response: Any = client.post(address, _form(page, summary) | sent, headers={"accept": "application/json"})
        report.slowest_ms = max(report.slowest_ms, (time.monotonic() - began) * 1000)
        if response.status_code == 200:
            answer = response.json()
            sent = {"loaded_revision_id": answer["revision_id"], "overwrite_revision_id": answer["revision_id"]}
            sent["loaded_revision_created_at"] = answer["revision_created_at"]
            report.saves += 1
            said = summary
        else:
            error = response.exc_info[1] if response.exc_info else response.content.decode()[:200]
            report.problems[f"{response.status_code}: {error}"] += 1
        time.sleep(pause)
    kept = ContentPage.objects.get(pk=page.pk).get_latest_revision_as_object().summary
    if kept != said:
        report.problems[f"Lost: “{said}”, the draft says “{kept}”"] += 1
    return report


def _form(page: ContentPage, summary: str) -> dict[str, Any]:
    """Return what the editor's form of a plain page sends."""
    rows = {f"comments-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS")}
    texts = {"title": page.title, "slug": page.slug, "summary": summary}
    return {**texts, **rows, "comments-MAX_NUM_FORMS": "", "body-count": "0", "check_every_months": "6"}
