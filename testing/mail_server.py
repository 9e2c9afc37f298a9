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
        self.fails_to_open: Exception | None = None
        self.opened: list[int] = []
        self.closed: list[int] = []

    def take(self, message: EmailMessage) -> None:
        """Take a mail, or raise the error that it was told to."""
        (address,) = message.to
        self.asked.append(address)
        if error := self.refuses.get(address) or self.refuses.get("*"):
            raise error
        self.taken.append(message)

    def refuse(self, address: str, code: int, status: str = "") -> None:
        """Refuse an address from now on, with this code, a status such as "5.1.1", and words that name it."""
        said = f"{status} <{address}> is odd".strip().encode()
        self.refuses[address] = smtplib.SMTPRecipientsRefused({address: (code, said)})

    def run(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Stand in the place of Django's mail server for tests."""

        def send(_: EmailBackend, messages: list[EmailMessage]) -> int:
            for message in messages:
                self.take(message)
            return len(messages)

        def open_connection(backend: EmailBackend) -> None:
            if self.fails_to_open:
                raise self.fails_to_open
            self.opened.append(id(backend))

        monkeypatch.setattr(EmailBackend, "send_messages", send)
        monkeypatch.setattr(EmailBackend, "open", open_connection)
        monkeypatch.setattr(EmailBackend, "close", lambda backend: self.closed.append(id(backend)))
