"""Scheduled jobs of signing in."""

from core.scheduler.registry import scheduled_job

from . import services
from .lock_outs import forget_old_tries


@scheduled_job("delete old failed sign-ins", order=80)
def delete_old_tries() -> None:
    """Keep failed sign-ins no longer than they count."""
    forget_old_tries()


@scheduled_job("delete what is no longer kept of mails about accounts", order=80)
def delete_old_mails() -> None:
    """Keep the mails of the last weeks, without addresses once nobody can use their links."""
    services.forget_old_mails()
