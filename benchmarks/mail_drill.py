"""Mails to very many while their senders are killed and the mail server refuses: what `manage.py drill_mails` does."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from core.models import Mailing, MailState
from followers.models import Delivery, Follower, Notice, Recipient

from . import smtp_stub
from .followers import add_followers
from .smtp_stub import Mail, SmtpStub
from .temporary_database import process_environment

# Seconds that the mail server takes to answer when it has a mail: most kills come before the sender knows.
PAUSE = 0.005
# For how long it misbehaves each time, in seconds, and how.
REFUSING = 1.0
FAULTS = (
    "451 Later",
    "421 No time",
    smtp_stub.NO_STARTTLS,
    smtp_stub.NO_AUTH,
    "554 5.7.1 Relay access denied",
    smtp_stub.AFTER_DATA + "552 Too big",
    smtp_stub.CLOSED,
    smtp_stub.TOO_LATE,
)
# Seconds after which the mails of a sender that was killed are another's, and those that may be at the server.
LEASE = 5
DATA_TIMEOUT = 40
# The longest, in seconds, between two things that must happen.
PATIENCE = 300.0


class DrillError(Exception):
    """The drill could not go on; the message says why."""


@dataclass(frozen=True)
class Plan:
    """How many follow, how many send at once, how often one of them is killed, and the seed of all chance."""

    followers: int
    senders: int
    kills: int
    seed: int


@dataclass(frozen=True)
class DrillReport:
    """What the mail server took, over how many connections; by sender, how many mails and processes there were.

    `refused` is how often a sender noted that it was refused; `doubles` how many mails came twice.
    """

    mails: int
    connections: int
    shares: list[tuple[int, int]]
    refused: int
    doubles: int
    errors: list[str]


class Senders:
    """Processes that do what is due, again and again; for one that is killed there is another at once.

    Each sends from an address of its own, by which the mail server knows it: `sender-2-5@localhost` is the fifth
    process of the second sender.
    """

    def __init__(self, number: int, folder: Path, variables: dict[str, str]) -> None:
        self.started = [0] * number
        self._errors = folder / "errors"
        self._variables = variables
        self._alive: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> "Senders":
        for place in range(len(self.started)):
            self._start(place)
        return self

    def __exit__(self, *_: object) -> None:
        """Let them finish the mail they are at."""
        for process in self._alive.values():
            process.terminate()
        while self._alive:
            self._alive.popitem()[1].wait()

    def _start(self, place: int) -> None:
        self.started[place] += 1
        address = f"sender-{place}-{self.started[place]}@localhost"
        with self._errors.open("ab") as errors:
            self._alive[address] = subprocess.Popen(
                [sys.executable, "manage.py", "tick", "--forever", "--every=1"],
                cwd=settings.BASE_DIR,
                env=process_environment(DEFAULT_FROM_EMAIL=address, **self._variables),
                stderr=errors,
            )

    def has(self, address: str) -> bool:
        """Whether the process that sends from this address lives."""
        return address in self._alive

    def kill(self, address: str) -> None:
        """Kill a process without warning, and start another."""
        process = self._alive.pop(address)
        process.kill()
        process.wait()
        self._start(int(address.split("-")[1]))

    def problems(self) -> str:
        """Return what they complained of; a process that ended by itself is a complaint."""
        ended = [address for address, process in self._alive.items() if process.poll() is not None]
        return "\n".join([*ended, self._errors.read_text(encoding="utf-8", errors="replace")]).strip()


@dataclass
class Drill:
    """One drill under way."""

    plan: Plan
    server: SmtpStub
    senders: Senders

    def run(self) -> None:
        """Kill and refuse at moments by chance, and wait until every mail is sent or given up."""
        number, chance = self.plan.followers, Random(self.plan.seed)  # noqa: S311 (no secret)
        kills = chance.sample(range(number // 20, number * 9 // 10), self.plan.kills)
        faults = [(number * (place + 1) // (len(FAULTS) + 2), fault) for place, fault in enumerate(FAULTS)]
        for mails, answer in sorted([*((each, "") for each in kills), *faults]):
            self._wait(lambda mails=mails: self.server.look() >= mails)  # type: ignore[misc]
            if answer:
                self._misbehave(answer)
            else:
                self._wait(lambda: bool(self.server.look()) and self.senders.has(self.server.mails[-1].sender))
                time.sleep(chance.uniform(0, 2 * PAUSE))
                self.senders.kill(self.server.mails[-1].sender)
        self._wait(_is_all_sent, every=1.0)

    def _misbehave(self, fault: str) -> None:
        with self.server.refusing(fault):
            for _ in range(4):
                time.sleep(REFUSING / 4)
                # Tried again at once, and not only when the waiting is over: each fault meets many mails.
                _let_time_pass()
        _let_time_pass()

    def _wait(self, is_so: Callable[[], bool], *, every: float = 0.005) -> None:
        ends_at = time.monotonic() + PATIENCE
        while not is_so():
            if problems := self.senders.problems():
                raise DrillError(problems)
            if time.monotonic() > ends_at:
                raise DrillError(f"Nothing happened for {PATIENCE:.0f} seconds after {self.server.look()} mails.")
            time.sleep(every)


def _is_all_sent() -> bool:
    _let_time_pass()
    return not (
        Notice.objects.filter(prepared_at=None).exists()
        or Recipient.objects.filter(delivery=None).exists()
        or Delivery.objects.filter(state=MailState.WAITING).exists()
    )


def _let_time_pass() -> None:
    """Let the minutes go by that a mail waits to be tried again, and the server is left alone, once it has failed."""
    now = timezone.now()
    Delivery.objects.filter(state=MailState.WAITING, due_at__gt=now).update(due_at=now)
    Mailing.objects.filter(rests_until__gt=now).update(rests_until=now)


def drill(plan: Plan, folder: Path) -> DrillReport:
    """Tell so many followers of one publication, in an empty database; return what came of it.

    `folder` is empty and for the mail server's notes.
    """
    add_followers(plan.followers)
    smtp_stub.make_certificate(folder)
    with smtp_stub.running(folder, pause=PAUSE) as server:
        leases = {"MAIL_LEASE_SECONDS": str(LEASE), "EMAIL_DATA_TIMEOUT": str(DATA_TIMEOUT)}
        variables = {**leases, "LOG_LEVEL": "ERROR", **server.variables}
        with Senders(plan.senders, folder, variables) as senders:
            Drill(plan, server, senders).run()
    shares = Counter(int(mail.sender.split("-")[1]) for mail in server.mails)
    tries = Delivery.objects.aggregate(tries=Sum("tries"))["tries"]
    refused = tries - Delivery.objects.filter(state=MailState.SENT).count()
    paused = Follower.objects.exclude(paused_at=None).count()
    return DrillReport(
        mails=len(server.mails),
        connections=server.connections,
        shares=[(shares[place], number) for place, number in enumerate(senders.started)],
        refused=refused,
        doubles=len(server.mails) - len({mail.recipient for mail in server.mails}),
        errors=[
            *errors_in(server.mails, set(Follower.objects.values_list("email", flat=True)), plan.kills),
            *([f"{paused} followers were paused."] if paused else []),
            *(f"Sender {place + 1} sent nothing." for place in range(plan.senders) if not shares[place]),
            *([] if refused else ["No refusal was noted."]),
            *([words] if (words := senders.problems()) else []),
        ],
    )


def errors_in(mails: list[Mail], addresses: set[str], kills: int) -> list[str]:
    """Return a sentence for each thing wrong with these mails, of which each address should have had one.

    A mail may come twice, with the same Message-ID, for each time that a sender was killed.
    """
    counts = Counter(mail.recipient for mail in mails)
    pairs = {(mail.recipient, mail.message_id) for mail in mails}
    doubles = counts.total() - len(counts)
    wrong = {
        "followers had no mail": len(addresses - counts.keys()),
        "mails went to somebody else": len(counts.keys() - addresses),
        f"mails came twice, more than the {kills} kills explain": doubles if doubles > kills else 0,
        "mails came again with another Message-ID": len(pairs) - len(counts),
        "mails had the Message-ID of another": len(pairs) - len({mail.message_id for mail in mails}),
    }
    return [f"{number} {words}." for words, number in wrong.items() if number]
