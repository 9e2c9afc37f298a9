"""The urgent-help card: what somebody who may need help now sees before any result."""

from django.utils.html import strip_tags

from core.models import SiteSettings, UrgentCard

from .models import Urgency

# What the card says where the site settings say nothing: an emergency cannot wait for an editor.
# Source: NHS 111 and 999 as in "urgent-help" of the project's facts, see docs/starter-content.md.
ALWAYS = [
    UrgentCard("999", "Life is at risk", "<p>Call 999 if someone’s life is at risk.</p>", is_emergency=True),
    UrgentCard("111", "Urgent, not an emergency", "<p>Use 111.nhs.uk or call 111.</p>"),
    UrgentCard("111", "Mental health crisis", "<p>Call 111 and choose the mental health option.</p>"),
]
FIRST = {Urgency.EMERGENCY: 0, Urgency.URGENT: 1, Urgency.CRISIS: 2}


def urgent_cards(urgency: Urgency, settings: SiteSettings) -> list[UrgentCard]:
    """Return the three kinds of help, the one that is likely needed first."""
    said = {card.title: card for card in settings.urgent_cards}
    cards = [said.get(card.title, card) for card in ALWAYS]
    first = cards[FIRST[urgency]]
    return [first, *(card for card in cards if card is not first)]


def as_text(cards: list[UrgentCard]) -> str:
    """Return the cards as plain text, one on each line."""
    return "\n".join(f"{card.number}, {card.title}: {' '.join(strip_tags(card.text).split())}" for card in cards)
