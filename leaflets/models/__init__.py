"""Leaflets, newsletters and their issues, and what the files say."""

from .choices import FileFormat, Frequency, LeafletKind
from .leaflet import LeafletFile, LeafletPage, LeafletsPage
from .newsletter import NewsletterIssuePage, NewsletterPage
from .reading import DocumentReading, ReadingState

__all__ = [
    "DocumentReading",
    "FileFormat",
    "Frequency",
    "LeafletFile",
    "LeafletKind",
    "LeafletPage",
    "LeafletsPage",
    "NewsletterIssuePage",
    "NewsletterPage",
    "ReadingState",
]
