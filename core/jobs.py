"""What is due by the clock for the site as a whole."""

from .scheduler.publishing import publish_scheduled_content
from .scheduler.registry import scheduled_job


@scheduled_job("publish what was scheduled", order=10)
def publish_scheduled() -> list[str]:
    """Publish and unpublish what editors have scheduled."""
    return publish_scheduled_content()
