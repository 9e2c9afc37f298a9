"""What the dashboard says of e-mail when the site cannot send any."""

from collections.abc import Mapping
from typing import Any

from wagtail.admin.ui.components import Component

from core.mail.queues import registered_queues
from core.models import Mailing, MailState


class BrokenMailPanel(Component):
    """Says that the mail server cannot be used, since when, why, and how many mails wait."""

    name = "broken_mail"
    template_name = "followers/admin/broken_panel.html"
    order = 10

    def __init__(self, mailing: Mailing) -> None:
        self.mailing = mailing

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the state of the server, and how many mails of all apps wait."""
        waiting = sum(
            queue.model._default_manager.filter(state=MailState.WAITING).count() for queue in registered_queues()
        )
        return {"mailing": self.mailing, "waiting": waiting}
