"""What events add to the blocks of apps below: a forum update can name the events that go with it."""

from wagtail.blocks import PageChooserBlock

from news.blocks import link_updates_to

link_updates_to("event", PageChooserBlock(page_type="events.EventPage", label="Event", icon="date"))
