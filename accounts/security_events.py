"""What the security log says of signing in, beside signing in and out themselves."""

from django.http import HttpRequest

from core.security_log import LOCKED_OUT, log_security_event, register_security_action
from users.models import User

__all__ = ["LOCKED_OUT", "note"]

FACTOR_ADDED = register_security_action(
    "security.second_factor_added", "Second step added", "Added a second step of signing in"
)
FACTOR_REMOVED = register_security_action(
    "security.second_factor_removed", "Second step removed", "Removed a second step of signing in"
)
FACTOR_RESET = register_security_action(
    "security.second_factor_reset", "Second step reset", "Reset the second step of signing in, and ended all sessions"
)
CODES_MADE = register_security_action(
    "security.recovery_codes_made", "New recovery codes", "Made new recovery codes; the old ones are gone"
)
CODE_USED = register_security_action("security.recovery_code_used", "Recovery code used", "Used a recovery code")
SESSIONS_ENDED = register_security_action("security.sessions_ended", "Sessions ended", "Signed out everywhere else")
SINGLE_SIGN_ON = register_security_action(
    "security.single_sign_on", "Single sign-on", "Came from the directory to sign in"
)


def note(action: str, *, about: User | None, user: User | None = None, request: HttpRequest | None = None) -> None:
    """Note that something happened to the account of `about`; `user` did it (none: somebody unknown)."""
    log_security_event(action, about=about, user=user, request=request)
