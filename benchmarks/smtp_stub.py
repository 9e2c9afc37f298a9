"""A mail server that keeps no mail, for the drill and the bench: `python -m benchmarks.smtp_stub FOLDER SECONDS`.

It is a process of its own, and says on which port it listens. Whom a mail was for is written down in FOLDER before the
sender is told, SECONDS later, that the mail was taken.
"""

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from aiosmtpd.smtp import SMTP, Envelope
from django.conf import settings

MAILS, CONNECTIONS, REFUSAL = "mails", "connections", "refusal"
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
        return {"EMAIL_URL": f"smtp://127.0.0.1:{self.port}", "MAILS_A_MINUTE": "0"}

    @contextmanager
    def refusing(self, answer: str) -> Iterator[None]:
        """While this lasts every recipient is refused with this answer, such as "451 Later"."""
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


class _Handler:
    """What the server does with a recipient and with a mail."""

    def __init__(self, folder: Path, pause: float) -> None:
        self._mails = (folder / MAILS).open("ab", buffering=0)
        self._refusal = folder / REFUSAL
        self._pause = pause

    async def handle_RCPT(self, _server: SMTP, _session: Any, envelope: Envelope, address: str, _options: Any) -> str:  # noqa: N802 (as aiosmtpd calls it)
        try:
            return self._refusal.read_text(encoding="ascii")
        except FileNotFoundError:
            envelope.rcpt_tos.append(address)
            return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Envelope) -> str:  # noqa: N802 (as aiosmtpd calls it)
        content = envelope.original_content or b""
        found = MESSAGE_ID.search(content)
        identity = found[1].decode() if found else "-"
        for recipient in envelope.rcpt_tos:
            self._mails.write(f"{envelope.mail_from} {recipient} {identity}\n".encode())
        await asyncio.sleep(self._pause)
        return "250 OK"


async def _serve(folder: Path, pause: float) -> None:
    handler = _Handler(folder, pause)
    with (folder / CONNECTIONS).open("ab", buffering=0) as connections:

        def connected() -> SMTP:
            connections.write(b".")
            return SMTP(handler, hostname="smtp-stub.invalid")

        server = await asyncio.get_running_loop().create_server(connected, "127.0.0.1", 0)
        sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), float(sys.argv[2])))
