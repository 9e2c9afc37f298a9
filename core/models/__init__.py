"""Models every app builds on: the base page, images, documents, settings and alerts."""

from .alerts import Alert, AlertPlace
from .base import CHECK_EVERY, AlsoKnownAsMixin, BasePage, BodyMixin
from .links import LinkCheck, PageLink
from .media import Language, SiteDocument, SiteImage, SiteRendition
from .picture import PictureMixin
from .settings import SiteSettings, UrgentCard

__all__ = [
    "CHECK_EVERY",
    "Alert",
    "AlertPlace",
    "AlsoKnownAsMixin",
    "BasePage",
    "BodyMixin",
    "Language",
    "LinkCheck",
    "PageLink",
    "PictureMixin",
    "SiteDocument",
    "SiteImage",
    "SiteRendition",
    "SiteSettings",
    "UrgentCard",
]
