"""A mail server within the process, which refuses what a test tells it to."""

import smtplib

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend


class FakeMailServer:
    """What it took, which addresses it was asked to write to, and what it is to answer instead, by address or "*"."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.asked: list[str] = []
        self.refuses: dict[str, Exception] = {}
        self.opened: list[int] = []
        self.closed: list[int] = []

    def take(self, message: EmailMessage) -> None:
        """Take a mail, or raise the error that it was told to."""
        (address,) = message.to
        self.asked.append(address)
        if error := self.refuses.get(address) or self.refuses.get("*"):
            raise error
        self.taken.append(message)

    def refuse(self, address: str, code: int) -> None:
        """Refuse an address from now on, with this code and with words that name it."""
        self.refuses[address] = smtplib.SMTPRecipientsRefused({address: (code, f"<{address}> is odd".encode())})

    def run(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Stand in the place of Django's mail server for tests."""

        def send(_: EmailBackend, messages: list[EmailMessage]) -> int:
            for message in messages:
                self.take(message)
            return len(messages)

        monkeypatch.setattr(EmailBackend, "send_messages", send)
        monkeypatch.setattr(EmailBackend, "open", lambda backend: self.opened.append(id(backend)))
        monkeypatch.setattr(EmailBackend, "close", lambda backend: self.closed.append(id(backend)))
