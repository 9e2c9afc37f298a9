"""Scheduled jobs for those who follow."""

from core.scheduler.registry import scheduled_job

from . import bundles, followed_pages, notices, services


@scheduled_job("note what can be read", order=20)
def note_publications() -> None:
    """Note what can be read now, and what nobody noted when it was published."""
    notices.note_awaited()
    notices.catch_up()


@scheduled_job("note which followed pages are gone or back", order=25)
def note_followed_pages() -> None:
    """Tell who follows a page that it is gone, or back."""
    followed_pages.note_gone_and_back()


@scheduled_job("prepare mails to followers", order=30)
def prepare() -> None:
    """Note who is to be told of what, and make one mail of all that one person is told now."""
    notices.prepare()
    bundles.bundle()


@scheduled_job("delete what is no longer kept of followers", order=80)
def purge() -> None:
    """Keep what the privacy page says, and no longer."""
    services.purge()
