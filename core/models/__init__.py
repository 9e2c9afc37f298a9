"""Models every app builds on: the base page, images, documents, settings and alerts."""

from .alerts import Alert, AlertPlace
from .base import AlsoKnownAsMixin, BasePage, BodyMixin
from .media import SiteDocument, SiteImage, SiteRendition
from .settings import SiteSettings

__all__ = [
    "Alert",
    "AlertPlace",
    "AlsoKnownAsMixin",
    "BasePage",
    "BodyMixin",
    "SiteDocument",
    "SiteImage",
    "SiteRendition",
    "SiteSettings",
]
