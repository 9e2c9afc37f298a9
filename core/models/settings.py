"""What editors can set once for the whole site."""

from dataclasses import dataclass
from typing import Any, ClassVar, TypedDict

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, MaxLengthValidator, URLValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField, StreamField

from core.blocks import LINE_FEATURES, FooterLinkBlock
from core.editorial_rules.references import OwnReferencesForm
from core.editorial_rules.validators import wording_errors
from core.telephones import TELEPHONE_LENGTH, telephone_validator


@dataclass(frozen=True)
class UrgentCard:
    """One kind of help in an emergency: the number to call, when, and rich text that says more."""

    number: str
    title: str
    text: str
    is_emergency: bool = False


def validate_security_contact(value: str) -> None:
    """Refuse what is neither an e-mail address nor an https address (RFC 9116, 2.5.3). Raises ValidationError."""
    is_address = value.startswith("https://")
    try:
        (URLValidator(["https"]) if is_address else EmailValidator())(value.removeprefix("mailto:"))
    except ValidationError as error:
        raise ValidationError(
            "Enter an e-mail address, or a web address that begins with https://", code="invalid"
        ) from error


class FooterItem(TypedDict):
    """A link of the footer as stored: the id of a page, or an address."""

    text: str
    page: int | None
    url: str


@register_setting(icon="cog")
class SiteSettings(BaseSiteSetting):
    """The organisation's name and contact, the urgent-help texts and the footer."""

    organisation_name = models.CharField(
        max_length=100,
        default="Better Care Together Thurrock",
        help_text="Shown at the top of every page and after every page's title.",
    )
    strapline = models.CharField(
        max_length=160, blank=True, help_text="A few words under the name in the footer. May stay empty."
    )
    contact_email = models.EmailField(
        "e-mail address", blank=True, help_text="For questions about the site. Shown in the footer."
    )
    contact_telephone = models.CharField(
        "telephone",
        max_length=TELEPHONE_LENGTH,
        blank=True,
        validators=[telephone_validator],
        help_text="Shown in the footer. For example: 01632 960000",
    )
    contact_address = models.TextField(
        "postal address",
        validators=[MaxLengthValidator(300)],
        blank=True,
        help_text="Shown in the footer, line by line.",
    )
    contact_note = models.CharField(
        max_length=200, blank=True, help_text="For example, when the telephone is answered."
    )
    urgent_999 = RichTextField(
        "999: life is at risk", features=LINE_FEATURES, blank=True, help_text="When to call 999."
    )
    urgent_111 = RichTextField(
        "111: urgent, not life at risk",
        features=LINE_FEATURES,
        blank=True,
        help_text="When to use NHS 111, and how.",
    )
    urgent_mental_health = RichTextField(
        "111: mental health crisis",
        features=LINE_FEATURES,
        blank=True,
        help_text="How to get help in a mental health crisis.",
    )
    footer_links = StreamField(
        [("link", FooterLinkBlock())],
        blank=True,
        help_text="Links at the bottom of every page, such as Accessibility, Cookies and Privacy.",
    )
    security_contact = models.CharField(
        max_length=200,
        blank=True,
        validators=[validate_security_contact],
        help_text="Where experts may report a security problem: an e-mail address or a web address. "
        "Published at /.well-known/security.txt; while empty, that address says “not found”.",
    )

    base_form_class = OwnReferencesForm
    panels: ClassVar[list[Any]] = [
        MultiFieldPanel([FieldPanel("organisation_name"), FieldPanel("strapline")], heading="Name"),
        MultiFieldPanel(
            [
                FieldPanel("contact_email"),
                FieldPanel("contact_telephone"),
                FieldPanel("contact_address"),
                FieldPanel("contact_note"),
            ],
            heading="Contact",
        ),
        MultiFieldPanel(
            [FieldPanel("urgent_999"), FieldPanel("urgent_111"), FieldPanel("urgent_mental_health")],
            heading="Urgent help",
        ),
        MultiFieldPanel([FieldPanel("footer_links"), FieldPanel("security_contact")], heading="Footer and security"),
    ]

    class Meta:
        verbose_name = "site settings"

    def __str__(self) -> str:
        return f"Settings of {self.organisation_name}"

    def clean(self) -> None:
        """Refuse links that do not say where they lead. Raises ValidationError keyed by field."""
        super().clean()
        if errors := wording_errors(self, titles=()):
            raise ValidationError(errors)

    @property
    def urgent_cards(self) -> list[UrgentCard]:
        """Where to get urgent help, as far as editors have said it: 999, 111, 111 in a mental health crisis."""
        cards = [
            UrgentCard("999", "Life is at risk", self.urgent_999, is_emergency=True),
            UrgentCard("111", "Urgent, not an emergency", self.urgent_111),
            UrgentCard("111", "Mental health crisis", self.urgent_mental_health),
        ]
        return [card for card in cards if card.text]

    @property
    def footer_items(self) -> list[FooterItem]:
        """The footer's links as stored, without fetching the pages they lead to."""
        return [
            FooterItem(
                text=item["value"].get("text") or "",
                page=item["value"].get("page"),
                url=item["value"].get("url") or "",
            )
            for item in self.footer_links.raw_data
        ]
