"""Scheduled jobs for people who sign in."""

from core.scheduler.registry import scheduled_job

from . import services


@scheduled_job("delete what is no longer kept of mails about accounts", order=80)
def delete_old_mails() -> None:
    """Keep the mails of the last weeks, without addresses once nobody can use their links."""
    services.forget_old_mails()
