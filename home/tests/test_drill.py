"""The drill of drafts that save by themselves: what it counts, and that it can fail."""

from contextlib import nullcontext

import pytest
from django.core.management import CommandError, call_command

from home.drill import Outcome, drill
from home.management.commands import drill_autosave


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_an_editor_saves_and_keeps_what_was_saved() -> None:
    [outcome] = drill(editors=1, seconds=1, pause=0)
    assert outcome.saves > 1
    assert not outcome.problems
    assert outcome.slowest_ms > 0


def test_the_command_fails_if_anything_was_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = Outcome(saves=3)
    lost.problems["Lost: “a”, the draft says “b”"] += 1
    monkeypatch.setattr(drill_autosave, "drill", lambda **_: [lost])
    monkeypatch.setattr(drill_autosave, "scratch_database", lambda folder: nullcontext())
    with pytest.raises(CommandError, match="refused or lost"):
        call_command("drill_autosave")
