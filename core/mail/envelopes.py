"""The address on the envelope of each mail (VERP): what comes back to it names the mail, and nobody else can.

It is the address of the bounce mailbox with a signed token, such as bounces+delivery-12-3f9c…@example.org. Mailboxes
pay no heed to capitals, so neither does the signature.
"""

import re

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.crypto import constant_time_compare, salted_hmac

from core.models import OwedMail

from .queues import registered_queues

TOKEN = re.compile(r"\+([a-z]+)-([0-9]{1,18})-([0-9a-f]{20})@")


def _signature(kind: str, key: str) -> str:
    return salted_hmac("core.mail.envelope", f"{kind} {key}").hexdigest()[:20]


def envelope_sender(mail: OwedMail) -> str:
    """Return the address to which reports about a mail go; empty without a bounce mailbox."""
    name, _, host = settings.BOUNCE_ADDRESS.rpartition("@")
    kind, key = str(mail._meta.model_name), str(mail.pk)
    return f"{name}+{kind}-{key}-{_signature(kind, key)}@{host}" if name else ""


def put_into_envelope(message: EmailMessage, mail: OwedMail) -> None:
    """Let reports about a mail go to the bounce mailbox. Its readers see the usual sender."""
    if sender := envelope_sender(mail):
        message.extra_headers.setdefault("From", settings.DEFAULT_FROM_EMAIL)
        message.from_email = sender


def recipient_named_in(text: str) -> str:
    """Return the address of the person whose mail the first good token in a text names; empty if there is none."""
    for kind, key, signature in TOKEN.findall(text.lower()):
        if not constant_time_compare(signature, _signature(kind, key)):
            continue
        for queue in registered_queues():
            if queue.model._meta.model_name == kind and (mail := queue.model._default_manager.filter(pk=key).first()):
                return queue.address_of(mail)
    return ""
