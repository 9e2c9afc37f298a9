"""Scheduled jobs for search."""

from core.scheduler.registry import scheduled_job

from .log import forget


@scheduled_job("delete old searches", order=80)
def forget_searches() -> None:
    """Delete the searches that are no longer kept."""
    forget()
