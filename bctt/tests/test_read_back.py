"""Calendars and feeds, read back by programs that have nothing to do with Python: ical.js and rss-parser."""

import json
import subprocess
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conftest import FRONTEND
from home.factories import SmallSite
from news.factories import NewsPageFactory
from whats_on.factories import EventDateFactory, EventPageFactory
from whats_on.models import DateState

PRESSURE = "Blood pressure <140 & over 90 for those aged <5 or >65"


@pytest.mark.django_db
def test_others_read_in_calendars_and_feeds_what_is_true(
    client: Client, small_site: SmallSite, node: list[str], tmp_path: Path
) -> None:
    day = (timezone.localtime() + timedelta(days=30)).replace(hour=14, minute=0, second=0, microsecond=0)
    event = EventPageFactory(parent=small_site.events, title="ਸਿਹਤ <140 & more", slug="health", summary=PRESSURE)
    dates = {
        "times": EventDateFactory.create(event=event, starts_at=day, ends_at=day + timedelta(hours=2)),
        "days": EventDateFactory.create(
            event=event, timing="all_day", starts_at=day + timedelta(days=1), ends_at=day + timedelta(days=3)
        ),
        "cancelled": EventDateFactory.create(
            event=event, state=DateState.CANCELLED, note="Rain.", starts_at=day + timedelta(days=5)
        ),
        "moved": EventDateFactory.create(
            event=event, state=DateState.MOVED, moved_from=day, note="Rain.", starts_at=day + timedelta(days=6)
        ),
        "open": EventDateFactory.create(event=event, starts_at=day + timedelta(days=7), ends_at=None),
    }
    event.save_revision().publish()
    draft = event.get_latest_revision_as_object()
    draft.dates.remove(next(each for each in draft.dates.all() if each.key == dates["times"].key))
    draft.save_revision().publish()
    post = NewsPageFactory(parent=small_site.news, title="Aged <5 or >65?", summary=PRESSURE)
    post.create_alias(update_slug="again")
    urls = {"all": "/calendars/events.ics", "own": f"/calendars/events/{event.pk}.ics"}
    urls["one"] = f"/calendars/events/{event.pk}/{dates['days'].key}.ics"
    urls |= {ending: f"/feeds/news.{ending}" for ending in ("atom", "rss")}

    read = read_back(node, {name: client.get(url).content for name, url in urls.items()}, tmp_path)

    entries = {entry["start"]: entry for entry in read["all"]["events"]}
    assert read["all"]["lifetime"] == 6 * 60 * 60
    assert read["own"]["events"] == read["all"]["events"]
    assert [entry["start"] for entry in read["one"]["events"]] == [f"{day + timedelta(days=1):%Y-%m-%d}"]
    told = {
        name: entries[f"{start:%Y-%m-%d}" if name == "days" else f"{start:%Y-%m-%dT%H:%M:%S}"]
        for name, start in ((name, timezone.localtime(date.starts_at)) for name, date in dates.items())
    }
    assert len(entries) == len(told) == 5
    assert {name: entry["status"] for name, entry in told.items()} == {
        **dict.fromkeys(("days", "moved", "open"), "CONFIRMED"),
        **dict.fromkeys(("times", "cancelled"), "CANCELLED"),
    }
    assert told["days"]["title"] == "ਸਿਹਤ <140 & more"
    assert told["times"]["title"] == "Cancelled: ਸਿਹਤ <140 & more"
    assert PRESSURE in told["days"]["description"]
    assert (told["days"]["isDay"], told["days"]["end"]) == (True, f"{day + timedelta(days=4):%Y-%m-%d}")
    assert told["open"]["end"] is None
    assert "Moved from" in told["moved"]["description"]
    for ending in ("atom", "rss"):
        [item] = read[ending]["items"]
        assert item["title"] == "Aged <5 or >65?"
        # Of Atom, rss-parser gives the HTML itself.
        assert (unescape(item["snippet"]) if ending == "atom" else item["snippet"]) == PRESSURE
        assert item["id"] == f"urn:uuid:{post.translation_key}"
        assert item["link"] == f"http://testserver{post.url}"


def read_back(node: list[str], files: dict[str, bytes], folder: Path) -> dict[str, Any]:
    """Return what the programs read in each file."""
    paths = {}
    for name, content in files.items():
        path = folder / name
        path.write_bytes(content)
        paths[str(path)] = name
    command = [*node, str(FRONTEND / "read_back.mjs"), *paths]
    done = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 (our own command)
    return {paths[path]: found for path, found in json.loads(done.stdout).items()}
