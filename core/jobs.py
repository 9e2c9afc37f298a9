"""What is due by the clock for the site as a whole."""

from .due import due
from .services import publish_due


@due("publish what was scheduled", order=10)
def publish_scheduled() -> list[str]:
    """Publish and unpublish what editors have scheduled."""
    return publish_due()
