"""Models every app builds on: the base page, images, documents, settings, alerts, mails, tallies, security events."""

from .alerts import Alert, AlertPlace
from .base import CHECK_EVERY, AlsoKnownAsMixin, BasePage, BodyMixin
from .links import LinkCheck, PageLink
from .mail import Mailing, MailState, OwedMail
from .media import Language, SiteDocument, SiteImage, SiteRendition
from .picture import PictureMixin
from .rate_limits import Tally
from .security import SecurityEvent
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
    "MailState",
    "Mailing",
    "OwedMail",
    "PageLink",
    "PictureMixin",
    "SecurityEvent",
    "SiteDocument",
    "SiteImage",
    "SiteRendition",
    "SiteSettings",
    "Tally",
    "UrgentCard",
]
