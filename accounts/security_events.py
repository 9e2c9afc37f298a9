"""What the log of security says of signing in."""

import logging

from django.http import HttpRequest

from users.models import User

logger = logging.getLogger(__name__)

LOCKED_OUT = "security.locked_out"
FACTOR_ADDED = "security.second_factor_added"
FACTOR_REMOVED = "security.second_factor_removed"
FACTOR_RESET = "security.second_factor_reset"
CODES_MADE = "security.recovery_codes_made"
CODE_USED = "security.recovery_code_used"
SESSIONS_ENDED = "security.sessions_ended"
SINGLE_SIGN_ON = "security.single_sign_on"


def note(action: str, *, about: User | None, user: User | None = None, request: HttpRequest | None = None) -> None:
    """Note that something happened to the account of `about`; `user` did it (none: somebody unknown)."""
    logger.info("%s: account %s, by %s", action, about.pk if about else "unknown", user.pk if user else "unknown")
