"""What editors' screens say of followers."""

from collections.abc import Iterable

from django import template
from wagtail.models import Page

from centres.bulk.plans import PagePlan
from followers.queries import follower_count
from followers.queries import follower_count_text as text_of
from followers.topics import topics_about, topics_of

register = template.Library()


@register.simple_tag
def follower_count_text(page: Page, parent: Page | None) -> str:
    """Return how many people would be told of a page, or of one that is to be made beneath `parent`, in words."""
    return text_of(follower_count(topics_of(page, parent)))


@register.simple_tag
def follower_count_text_of_plans(plans: Iterable[tuple[int, PagePlan]]) -> str:
    """Return how many people would be told of any of several services at centres, in words."""
    keys = {key for _, plan in plans for key in (plan.page.centre_id, plan.page.service_id)}
    return text_of(follower_count(topics_about(keys)))
