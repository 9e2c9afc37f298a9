"""Reports that come after a mail was sent: it could not be delivered, or its reader calls it unwanted.

They come by the bounce mailbox, from a provider of e-mail, or from GOV.UK Notify. Each says an address and an outcome,
and the apps that write to addresses are told.
"""

from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from enum import Enum

from .envelopes import recipient_named_in
from .smtp_errors import blames_mailbox, enhanced_status, reported_status


class Outcome(Enum):
    """What a report says: there is no such mailbox, or its owner does not want our mail."""

    DEAD = "dead"
    UNWANTED = "unwanted"


@dataclass(frozen=True)
class Report:
    """What is reported about an address."""

    address: str
    outcome: Outcome


_listeners: list[Callable[[Report], None]] = []


def on_report(listener: Callable[[Report], None]) -> Callable[[Report], None]:
    """Have a function told of each report; an app does so when it is ready."""
    _listeners.append(listener)
    return listener


def tell(report: Report) -> None:
    """Tell everyone who listens."""
    for listener in _listeners:
        listener(report)


# What is reported of a mail that somebody wants (RFC 5965, 7.3; RFC 6430).
WANTED = {"not-spam", "auth-failure", "dmarc"}


def read_report(content: bytes) -> Report | None:
    """Return what a message in the bounce mailbox reports; None if it is no report, or of nothing for good.

    It believes what names a mail of ours by a signed token (`core.mail.envelopes`), and nothing else: anybody can
    write to that mailbox. Formats: RFC 3464 (delivery status), RFC 5965 (complaints).
    """
    message = message_from_bytes(content, policy=policy.compat32)
    parts = list(message.walk())
    for part in parts:
        if part.get_content_type() == "message/delivery-status" and _says_dead(part):
            address = recipient_named_in(_envelope_of(message))
            return Report(address, Outcome.DEAD) if address else None
        if part.get_content_type() == "message/feedback-report" and _says_unwanted(part):
            named = "\n".join(_text(each) for each in parts)
            address = recipient_named_in(named)
            return Report(address, Outcome.UNWANTED) if address else None
    return None


def _envelope_of(message: Message) -> str:
    """Return the addresses to which a report came."""
    names = ("X-Original-To", "Delivered-To", "Envelope-To", "To")
    return "\n".join(str(value) for name in names for value in message.get_all(name, []))


def _text(part: Message) -> str:
    """Return the headers of a part, and its text where it has one."""
    payload = part.get_payload(decode=True) if not part.is_multipart() else b""
    headers = "\n".join(f"{name}: {value}" for name, value in part.items())
    return f"{headers}\n{payload.decode('ascii', 'replace') if isinstance(payload, bytes) else ''}"


def _says_dead(part: Message) -> bool:
    """Whether a delivery status says for good that there is no such mailbox."""
    blocks = part.get_payload()
    return isinstance(blocks, list) and any(_is_dead(block) for block in blocks if isinstance(block, Message))


def _is_dead(block: Message) -> bool:
    if str(block.get("Action", "")).strip().lower() != "failed":
        return False
    # The server's own words say more than the status of a relay that knows only "5.0.0".
    diagnosed = reported_status(str(block.get("Diagnostic-Code", "")))
    return blames_mailbox(diagnosed or enhanced_status(str(block.get("Status", ""))))


def _says_unwanted(part: Message) -> bool:
    payload = part.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload else payload
    text = inner.as_string() if isinstance(inner, Message) else str(inner)
    fields = EmailMessage(policy=policy.compat32)
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        if colon and name.strip() and name.strip() not in fields:
            fields[name.strip()] = value.strip()
    kind = str(fields.get("Feedback-Type", "")).lower()
    return bool(kind) and kind not in WANTED
