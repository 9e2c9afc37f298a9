"""Leaflets, newsletters and their issues, and what the files say."""

from .choices import FileFormat, LeafletKind, NewsletterFrequency
from .leaflet import LeafletFile, LeafletPage, LeafletsPage
from .newsletter import NewsletterIssuePage, NewsletterPage
from .reading import DocumentReading, ReadingState

__all__ = [
    "DocumentReading",
    "FileFormat",
    "LeafletFile",
    "LeafletKind",
    "LeafletPage",
    "LeafletsPage",
    "NewsletterFrequency",
    "NewsletterIssuePage",
    "NewsletterPage",
    "ReadingState",
]
