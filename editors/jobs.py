"""Scheduled jobs for editors."""

from core.scheduler.registry import scheduled_job

from .reminders import remind


@scheduled_job("remind editors of checks", order=40)
def remind_editors() -> list[str]:
    """Remind editors of the pages that are due a check."""
    return remind()
