"""What is done at once, or by a worker where one runs (READ_FILES_IN_BACKGROUND)."""

from django_tasks import task

from .services import read_document


@task(backend="files")
def read_file(document_id: int) -> None:
    """Read the file of a document."""
    read_document(document_id)
