"""What would be wrong with drafts if they were published as they are, for the ways to publish that show no form."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from wagtail.fields import StreamField
from wagtail.models import Page


@dataclass(frozen=True)
class InvalidDraft:
    """A draft that must be mended before it is published, and what is wrong with it, in sentences."""

    page: Page
    sentences: list[str]


def invalid_drafts(pages: Iterable[Page]) -> list[InvalidDraft]:
    """Return those of `pages` whose newest draft must be mended first; what is live as it is counts for nothing."""
    drafts = [page.get_latest_revision_as_object() for page in pages if page.has_unpublished_changes or not page.live]
    found = [InvalidDraft(draft, publish_error_sentences(draft)) for draft in drafts]
    return [each for each in found if each.sentences]


def publish_error_sentences(page: Page) -> list[str]:
    """Return what must be mended before a page is published, each sentence once."""
    sentences: list[str] = []
    try:
        page.full_clean()
    except ValidationError as error:
        sentences += error.messages
    for field in page._meta.fields:
        if isinstance(field, StreamField):
            try:
                field.stream_block.clean(getattr(page, field.name))
            except ValidationError as error:
                sentences += block_error_messages(error)
    return list(dict.fromkeys(sentences))


def block_error_messages(error: ValidationError) -> list[str]:
    """Return what is wrong with blocks, however deep."""
    inner = getattr(error, "block_errors", None)
    if not inner:
        return list(error.messages)
    errors = inner.values() if isinstance(inner, dict) else inner
    return [sentence for each in errors if each for sentence in block_error_messages(each)]
