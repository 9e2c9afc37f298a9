"""The drill of drafts that save by themselves: what it counts, and that it can fail."""

from contextlib import nullcontext
from time import monotonic

import pytest
from django.core.management import CommandError, call_command

from benchmarks.autosave_drill import EditorReport, edit
from benchmarks.management.commands import drill_autosave
from home.factories import ContentPageFactory, SmallSite
from home.models import ContentPage
from users.models import User


@pytest.fixture
def page(small_site: SmallSite) -> ContentPage:
    page: ContentPage = ContentPageFactory.create(parent=small_site.home)
    page.save_revision()
    return page


def test_an_editor_saves_and_keeps_what_was_saved(administrator: User, page: ContentPage) -> None:
    outcome = edit(page, administrator, monotonic() + 1, 0)
    assert outcome.saves > 1
    assert not outcome.problems
    assert outcome.slowest_ms > 0


def test_what_is_refused_is_a_problem(administrator: User, page: ContentPage) -> None:
    administrator.is_superuser = False
    administrator.save()
    outcome = edit(page, administrator, monotonic() + 0.2, 0)
    assert outcome.saves == 0
    assert outcome.problems


def test_the_command_fails_if_anything_was_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = EditorReport(saves=3)
    lost.problems["Lost: “a”, the draft says “b”"] += 1
    monkeypatch.setattr(drill_autosave, "drill", lambda **_: [lost])
    monkeypatch.setattr(drill_autosave, "temporary_database", lambda folder: nullcontext())
    with pytest.raises(CommandError, match="refused or lost"):
        call_command("drill_autosave")
