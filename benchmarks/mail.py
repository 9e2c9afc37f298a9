"""How quickly very many mails are prepared and sent, and in how much memory: what `manage.py bench_mails` measures."""

import resource
import smtplib
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from django.db import connection

from core.mail.sending import send as send_owed
from core.models import MailState
from followers.jobs import prepare as prepare_followers
from followers.mail_queues import write_deliveries
from followers.models import Delivery

from . import smtp_stub
from .followers import add_followers
from .temporary_database import fresh_process, process_environment

# Sending and the bare loop take turns, so that a busy moment of the machine slows both: seconds, and mails.
TURN = 2.0
BARE = 1000
BARE_SENDER = "bare@localhost"
# Units of `ru_maxrss` in a megabyte.
IN_A_MEGABYTE = 1024**2 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Prepared:
    """What preparing took: seconds, and by how many megabytes the most memory in use grew."""

    seconds: float
    growth_mb: float


@dataclass(frozen=True)
class Sent:
    """Mails in a second, as this project sends them and by a bare loop of `smtplib`; and the growth, in megabytes."""

    rate: float
    bare_rate: float
    growth_mb: float

    @property
    def ratio(self) -> float:
        """How much of the speed of a bare loop there is."""
        return self.rate / self.bare_rate


def bench(deliveries: int, folder: Path) -> tuple[Prepared, Sent, int]:
    """Prepare and send so many mails, in an empty database, each in a process of its own; `folder` is for the server.

    The last number is how many followers were reached.
    """
    add_followers(deliveries)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # What PostgreSQL does by itself within minutes: count what the tables hold, to plan by.
            cursor.execute("ANALYZE")
    with smtp_stub.running(folder) as server:
        variables = process_environment(LOG_LEVEL="ERROR", **server.variables)
        with fresh_process(variables) as process:
            prepared = process.submit(prepare).result()
        with fresh_process(variables) as process:
            sent = process.submit(send, server.port).result()
    return prepared, sent, len({mail.recipient for mail in server.mails if mail.sender != BARE_SENDER})


def prepare() -> Prepared:
    """Prepare what is to be told."""
    before, begun = _memory(), time.perf_counter()
    prepare_followers()
    return Prepared(time.perf_counter() - begun, _memory() - before)


def send(port: int) -> Sent:
    """Send what is prepared, and between times mails of the same size in a bare loop."""
    before = _memory()
    message = _message()
    rates, bare_rates = [], []
    waiting = Delivery.objects.filter(state=MailState.WAITING)
    before_turn, left = 0, waiting.count()
    while 0 < left != before_turn:
        begun = time.perf_counter()
        send_owed(TURN)
        took = time.perf_counter() - begun
        before_turn, left = left, waiting.count()
        rates.append((before_turn - left) / took)
        bare_rates.append(_bare_rate(port, message))
    return Sent(median(rates), median(bare_rates), _memory() - before)


def _message() -> bytes:
    """Return one of the mails as it goes over the wire."""
    [delivery] = Delivery.objects.all()[:1]
    email = write_deliveries([delivery])(delivery)
    return email.message().as_bytes(linesep="\r\n") if email else b""


def _bare_rate(port: int, message: bytes) -> float:
    begun = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as server:
        for _ in range(BARE):
            server.sendmail(BARE_SENDER, ["nobody@example.org"], message)
    return BARE / (time.perf_counter() - begun)


def _memory() -> float:
    """Return the most memory that this process has had in use so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / IN_A_MEGABYTE
