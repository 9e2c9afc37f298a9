"""A mail server that keeps no mail, for the drill and the bench: `python -m benchmarks.smtp_stub FOLDER SECONDS`.

It is a process of its own, and says on which port it listens. Whom a mail was for is written down in FOLDER before the
sender is told, SECONDS later, that the mail was taken. It asks for encryption and for signing in if FOLDER holds a
certificate.
"""

import asyncio
import logging
import re
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TextIO

from aiosmtpd.smtp import SMTP, AuthResult, Envelope
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings

MAILS, CONNECTIONS, REFUSAL, CERTIFICATE = "mails", "connections", "refusal", "certificate.pem"
# Ways to misbehave that are no answer to RCPT.
NO_STARTTLS, NO_AUTH, TOO_LATE = "no STARTTLS", "no AUTH", "too late"
AFTER_DATA, CLOSED = "after DATA: ", "closed in DATA"
# Seconds that a server takes which looks at each mail for very long.
TARPIT = 25.0
MESSAGE_ID = re.compile(rb"^Message-ID: *(\S+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Mail:
    """A mail that was taken: from whom and for whom, as the envelope says, and its Message-ID."""

    sender: str
    recipient: str
    message_id: str


@dataclass
class SmtpStub:
    """The server as whoever started it sees it: its port, and the mails it has taken, in order."""

    folder: Path
    port: int
    mails: list[Mail] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._file: TextIO = (self.folder / MAILS).open(encoding="utf-8")
        self._begun = ""

    def look(self) -> int:
        """Read what was written down since the last look; return how many mails there are now."""
        whole, _, self._begun = (self._begun + self._file.read()).rpartition("\n")
        self.mails += [Mail(*line.split()) for line in whole.splitlines()]
        return len(self.mails)

    def close(self) -> None:
        """Read the rest."""
        self.look()
        self._file.close()

    @property
    def connections(self) -> int:
        """How many connections there have been."""
        return (self.folder / CONNECTIONS).stat().st_size

    @property
    def variables(self) -> dict[str, str]:
        """What makes another process send here, as fast as it can."""
        certificate = self.folder / CERTIFICATE
        if not certificate.exists():
            return {"EMAIL_URL": f"smtp://127.0.0.1:{self.port}", "MAILS_A_MINUTE": "0"}
        address = f"smtp+tls://sender:secret@127.0.0.1:{self.port}"
        return {"EMAIL_URL": address, "MAILS_A_MINUTE": "0", "SSL_CERT_FILE": str(certificate)}

    @contextmanager
    def refusing(self, answer: str) -> Iterator[None]:
        """While this lasts every recipient is refused with this answer, such as "451 Later"; or it misbehaves so."""
        written = self.folder / "answer"
        written.write_text(answer, encoding="ascii")
        refusal = written.rename(self.folder / REFUSAL)
        try:
            yield
        finally:
            refusal.unlink()


@contextmanager
def running(folder: Path, *, pause: float = 0.0) -> Iterator[SmtpStub]:
    """Run a server that writes into an empty folder and takes `pause` seconds to answer."""
    command = [sys.executable, "-m", "benchmarks.smtp_stub", str(folder), str(pause)]
    with subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 (our own module)
        try:
            stub = SmtpStub(folder, int(process.stdout.readline() if process.stdout else ""))
            try:
                yield stub
            finally:
                stub.close()
        finally:
            process.terminate()


def make_certificate(folder: Path) -> None:
    """Write a certificate for this machine into a folder, so that the server there asks for encryption."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "smtp-stub.invalid")])
    now = datetime.now(UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / CERTIFICATE).write_bytes(plain + certificate.public_bytes(Encoding.PEM))


class _Handler:
    """What the server does with a recipient and with a mail."""

    def __init__(self, folder: Path, pause: float) -> None:
        self._mails = (folder / MAILS).open("ab", buffering=0)
        self._refusal = folder / REFUSAL
        self._pause = pause

    @property
    def fault(self) -> str:
        """How it misbehaves now; empty while it does not."""
        try:
            return self._refusal.read_text(encoding="ascii")
        except FileNotFoundError:
            return ""

    async def handle_RCPT(self, _server: SMTP, _session: Any, envelope: Envelope, address: str, _options: Any) -> str:  # noqa: N802 (as aiosmtpd calls it)
        if self.fault[:1].isdecimal():
            return self.fault
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Envelope) -> str:  # noqa: N802 (as aiosmtpd calls it)
        if self.fault.startswith(AFTER_DATA):
            return self.fault.removeprefix(AFTER_DATA)
        if self.fault == CLOSED and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
            return "451 Closed"
        pause = TARPIT if self.fault == TOO_LATE else self._pause
        content = envelope.original_content or b""
        found = MESSAGE_ID.search(content)
        identity = found[1].decode() if found else "-"
        for recipient in envelope.rcpt_tos:
            self._mails.write(f"{envelope.mail_from} {recipient} {identity}\n".encode())
        await asyncio.sleep(pause)
        return "250 OK"


def _let_in(*_: Any) -> AuthResult:
    return AuthResult(success=True)


async def _serve(folder: Path, pause: float) -> None:
    handler = _Handler(folder, pause)
    # What aiosmtpd says of its own use of a name it no longer wants.
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    certificate = None
    if (folder / CERTIFICATE).exists():
        certificate = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        certificate.load_cert_chain(folder / CERTIFICATE)
    with (folder / CONNECTIONS).open("ab", buffering=0) as connections:

        def connected() -> SMTP:
            connections.write(b".")
            if certificate is None:
                return SMTP(handler, hostname="smtp-stub.invalid")
            return SMTP(
                handler,
                hostname="smtp-stub.invalid",
                tls_context=None if handler.fault == NO_STARTTLS else certificate,
                # It takes anybody who signs in.
                authenticator=None if handler.fault == NO_AUTH else _let_in,
                auth_require_tls=False,
            )

        server = await asyncio.get_running_loop().create_server(connected, "127.0.0.1", 0)
        sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), float(sys.argv[2])))
