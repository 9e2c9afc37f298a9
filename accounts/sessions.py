"""Sessions of people who sign in: which there are, when they end, and ending them.

They end after some time without a click (SESSION_IDLE_MINUTES), and in any case SESSION_DAYS after signing in. That is
noted every few minutes only, so that most requests write nothing; visitors have no session at all.
"""

import re
import time
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest
from django.utils import timezone

from users.models import User

SIGNED_IN = "signed_in_at"
SEEN = "seen_at"
NOTED = "noted_as"
# How often it is noted that a session is in use, in seconds.
EVERY = 5 * 60

# What a browser calls itself, and what people call it. The first that is found counts: most name several others.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "an Android phone or tablet"),
    ("CrOS", "a Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "a Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class SessionInWords:
    """A session as its owner sees it. Times are aware."""

    browser: str
    is_this_one: bool
    signed_in_at: datetime
    seen_at: datetime


def begin(request: HttpRequest) -> None:
    """Note when somebody has signed in."""
    request.session[SIGNED_IN] = request.session[SEEN] = int(time.time())


def has_ended(request: HttpRequest) -> bool:
    """Whether the session of somebody who is signed in is over; if so it is ended. If not, note that it is in use."""
    session, now = request.session, int(time.time())
    signed_in_at, seen_at = session.get(SIGNED_IN, now), session.get(SEEN, now)
    idle, longest = settings.SESSION_IDLE_MINUTES * 60, settings.SESSION_DAYS * 24 * 60 * 60
    if now - seen_at > idle or now - signed_in_at > longest:
        logout(request)
        return True
    if SIGNED_IN not in session or now - seen_at >= min(EVERY, idle // 2) or session.get(NOTED) != session.session_key:
        session[SIGNED_IN], session[SEEN] = signed_in_at, now
        _note(request)
    return False


def sessions_of(request: HttpRequest) -> list[SessionInWords]:
    """Return where the person of a request is signed in, this session first, then those that were in use last."""
    user = cast(User, request.user)
    rows = UserSession.objects.purge_and_list(user)
    found = [
        SessionInWords(browser_in_words(row.user_agent), row.is_current(), row.created_at, row.last_seen_at)
        for row in rows
    ]
    return sorted(found, key=lambda each: (not each.is_this_one, -each.seen_at.timestamp()))


def end_sessions_of(user: User) -> None:
    """Sign somebody out everywhere."""
    for session in UserSession.objects.filter(user_id=user.pk):
        session.end()


def browser_in_words(agent: str) -> str:
    """Return such as "Firefox on Windows" for what a browser calls itself."""
    browser = next((words for name, words in BROWSERS if re.search(rf"{name}\w*/", agent)), "A browser")
    system = next((words for name, words in SYSTEMS if name in agent), "")
    return f"{browser} on {system}" if system else browser


def _note(request: HttpRequest) -> None:
    """Note in the list that this session is in use: it gets a new key now and then, and may not be there yet."""
    session = request.session
    if session.session_key is None:
        session.save()
    session[NOTED] = session.session_key
    rows = UserSession.objects.filter(session_key=session.session_key, user_id=request.user.pk)
    if not rows.update(last_seen_at=timezone.now()):
        UserSession.objects.create_from_request(request)
