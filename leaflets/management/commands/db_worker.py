"""The worker of django-tasks-db, which refuses development settings on a server."""

from django_tasks_db.management.commands import db_worker

from core.acting import ActsForOthers


class Command(ActsForOthers, db_worker.Command):
    """Does in the background what READ_FILES_IN_BACKGROUND leaves to it."""
