"""The list of events."""

from typing import Any, ClassVar

from core.models import BasePage, BodyMixin


class EventsPage(BodyMixin, BasePage):
    """The list of events: what is coming, and what has been.

    Its template shows `whats_on.facets.events_content`.
    """

    content_panels: ClassVar[list[Any]] = [*BasePage.content_panels, *BasePage.summary_panels, *BodyMixin.body_panels]
    search_fields: ClassVar[list[Any]] = [*BasePage.search_fields, *BodyMixin.body_search_fields]

    is_list = True
    page_description = "The list of events. There is one on the site."
    max_count = 1
    subpage_types: ClassVar[list[str]] = ["events.EventPage"]

    class Meta:
        verbose_name = "list of events"
