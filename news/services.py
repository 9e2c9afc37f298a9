"""Every write of news and forums that is more than a save."""

from .models import ForumUpdatePage


def update_parent(page: ForumUpdatePage) -> None:
    """Record the forum beneath which an update is now."""
    moved = ForumUpdatePage.objects.get(pk=page.pk)
    moved.sync_from_forum()
    moved.save(update_fields=["forum"], clean=False)
