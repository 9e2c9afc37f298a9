"""What `manage.py check --deploy` asks of the settings of e-mail."""

from typing import Any

from django.conf import settings
from django.core.checks import WARNING, CheckMessage, Tags, register

# With these, mail counts as sent and reaches nobody.
NOWHERE = ("console", "dummy", "filebased", "locmem")


@register(Tags.security, deploy=True)
def check_mail_goes_somewhere(**_: Any) -> list[CheckMessage]:
    """Warn if mail is only printed, written to a file or kept in memory."""
    if settings.EMAIL_BACKEND.split(".")[-2] not in NOWHERE:
        return []
    hint = "Set EMAIL_URL to your mail server, or NOTIFY_API_KEY."
    return [
        CheckMessage(WARNING, "E-mail to followers reaches nobody, but counts as sent.", hint=hint, id="followers.W001")
    ]
