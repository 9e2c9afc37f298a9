"""What home adds to the admin: a line in the history of pages that were made from the starter content."""

from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from core.starter_content import MADE


@hooks.register("register_log_actions")
def register_starter_content_action(actions: LogActionRegistry) -> None:
    """Name the action by which the loader knows its pages again."""
    actions.register_action(MADE, "Starter content", "Made from the starter content")
