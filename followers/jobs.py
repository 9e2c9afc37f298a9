"""Scheduled jobs for those who follow."""

from core.scheduler.registry import scheduled_job

from . import notices, services


@scheduled_job("note what was published", order=20)
def note_publications() -> None:
    """Note what nobody noted when it was published."""
    notices.catch_up()


@scheduled_job("prepare mails to followers", order=30)
def prepare() -> None:
    """Make deliveries for the notices and digests that are due."""
    notices.prepare()


@scheduled_job("delete what is no longer kept of followers", order=80)
def purge() -> None:
    """Keep what the privacy page says, and no longer."""
    services.purge()
