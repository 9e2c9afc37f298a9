"""What home tells the apps above it."""

from django.dispatch import Signal

# Sent when the first content has been put on the site, or brought up to date.
starter_content_loaded = Signal()
