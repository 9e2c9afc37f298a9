"""What editors' screens say of followers."""

from django import template
from wagtail.models import Page

from followers.queries import count_of, told_words
from followers.topics import topics_of

register = template.Library()


@register.simple_tag
def told_text(page: Page, parent: Page | None) -> str:
    """Return how many people would be told of a page, or of one that is to be made beneath `parent`, in words."""
    return told_words(count_of(topics_of(page, parent)))
