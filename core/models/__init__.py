"""Models every app builds on: the base page, images, documents, settings and alerts."""

from .alerts import Alert, AlertPlace
from .base import AlsoKnownAsMixin, BasePage
from .media import SiteDocument, SiteImage, SiteRendition
from .settings import SiteSettings

__all__ = [
    "Alert",
    "AlertPlace",
    "AlsoKnownAsMixin",
    "BasePage",
    "SiteDocument",
    "SiteImage",
    "SiteRendition",
    "SiteSettings",
]
