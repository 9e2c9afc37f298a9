"""The security log: who signed in or was kept out, who took data away, and whose rights changed.

Whatever matters for safety is noted with `log_security_event`. An app above core names its own actions with
`register_security_action` in its `AppConfig.ready`. Administrators read the log under Reports → Security
(`core.security.report`); it is kept for a year. It holds no password, no token, and nobody's network address.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from wagtail.log_actions import LogActionRegistry, LogFormatter, get_active_log_context

from core.models import SecurityEvent
from core.visitors import keyed_hash, network_of
from users.models import User

KEPT = timedelta(days=365)

_actions: dict[str, tuple[str, str]] = {}


def register_security_action(action: str, label: str, sentence: str) -> str:
    """Name an action of the log, and return it.

    `action` is such as "security.signed_in", `label` how the filter of the report calls it, and `sentence` what the
    report says of one: "Signed in from {network}", where names in braces are keys of the event's `data`. An app calls
    this when it is loaded, before anything is logged.
    """
    _actions[action] = (label, sentence)
    return action


SIGNED_IN = register_security_action("security.signed_in", "Signed in", "Signed in")
SIGNED_OUT = register_security_action("security.signed_out", "Signed out", "Signed out")
SIGN_IN_FAILED = register_security_action("security.sign_in_failed", "Sign-in failed", "Could not sign in")
LOCKED_OUT = register_security_action("security.locked_out", "Locked out", "Locked out after too many tries")
DRAFT_LINK = register_security_action("security.draft_link", "Link to a draft", "Made a link that shows the draft")
EXPORTED = register_security_action("security.exported", "Export", "Downloaded {what}")
PERSONAL_EXPORT = register_security_action(
    "security.personal_export", "Export of one person’s data", "Read what is kept of one person"
)
PERSONAL_ERASURE = register_security_action(
    "security.personal_erasure", "Erasure of one person’s data", "Erased what was kept of one person"
)
GROUPS_OF_USER = register_security_action("security.groups_of_user", "Groups of a person", "{change}")
POWERS_OF_USER = register_security_action("security.powers_of_user", "Powers of a person", "{change}")
RIGHTS_OF_GROUP = register_security_action("security.rights_of_group", "Rights of a group", "{change}")
PRIVACY = register_security_action("security.privacy", "Who may see it", "{change}")


def log_security_event(
    action: str,
    *,
    about: Model | None = None,
    user: User | None = None,
    data: dict[str, Any] | None = None,
    request: HttpRequest | None = None,
) -> SecurityEvent:
    """Note that something happened, and return the row.

    `action` is a registered one; `about` what it happened to (a user, a page, a group; none: the site as a whole);
    `user` who did it (none: whoever is signed in to the admin, and else the site itself or somebody unknown); `data`
    what the sentence of the action needs, as JSON can say it. With a `request` the event says from where: as a few
    letters that stand for the visitor's network, by which one place is told from another and no more.

    Never put into `data` what somebody typed: people type passwords into the wrong field. Use `hidden` for it.
    Raises ValidationError for an action that nobody registered, or an `about` that is not saved.
    """
    data = dict(data or {})
    if request is not None:
        data["network"] = hidden(network_of(request))
    found = user or get_active_log_context().user
    event = SecurityEvent(
        action=action,
        content_type=ContentType.objects.get_for_model(about, for_concrete_model=False) if about else None,
        object_id=str(about.pk) if about else "",
        label=str(about) if about else settings.WAGTAIL_SITE_NAME,
        user=found if found is not None and found.pk else None,
        timestamp=timezone.now(),
        data=data,
    )
    event.save()
    return event


def hidden(text: str) -> str:
    """Return eight letters that stand for `text`: the same for the same text, and no way back to it."""
    return keyed_hash(text.strip().lower())[:8]


def forget_old_events(now: datetime | None = None) -> None:
    """Delete what is older than a year from the security log, and nothing else. `now` is aware."""
    SecurityEvent.objects.filter(timestamp__lt=(now or timezone.now()) - KEPT).delete()


def register_actions_with_wagtail(actions: LogActionRegistry) -> None:
    """Give Wagtail the label and the sentence of every registered action."""
    for action, (label, sentence) in _actions.items():
        formatter = type("SecurityFormatter", (_SecurityFormatter,), {"label": label, "sentence": sentence})
        actions.register_action(action)(formatter)


class _SecurityFormatter(LogFormatter):
    sentence = ""

    def format_message(self, log_entry: SecurityEvent) -> str:
        """Return the sentence of an event, with what it knows put in."""
        return self.sentence.format_map(defaultdict(lambda: "…", log_entry.data))
