"""Forgotten passwords under attack: how many mails one account gets, and whether the time tells who has one."""

from dataclasses import dataclass
from statistics import median
from time import perf_counter

from django.test import Client
from django.urls import reverse

from accounts.models import AccountMail
from users.factories import UserFactory

# Each from a network of its own, so that no limit answers in place of the work.
NETWORKS = [f"10.{number // 250}.{number % 250}.7" for number in range(2_000)]


@dataclass(frozen=True)
class ResetFigures:
    """What an attacker gets: mails in an hour to one account from 50 networks, and median times in milliseconds."""

    mails_in_an_hour: int
    known_ms: float
    unknown_ms: float

    @property
    def difference_ms(self) -> float:
        """How far the times are apart."""
        return abs(self.known_ms - self.unknown_ms)


def attack_resets(times: int = 100) -> ResetFigures:
    """Ask for links to new passwords, and return what that brings; each kind of address is asked for so many times.

    It writes into the database that is used, and sends nothing.
    """
    networks = iter(NETWORKS)
    _ask("nobody@example.org", next(networks))  # what a process looks up once
    person = UserFactory.create(email="attacked@example.org")
    for _ in range(50):
        _ask(person.email, next(networks))
    owed = AccountMail.objects.filter(user=person).count()
    known, unknown = [], []
    for number in range(times):
        # Each has an address of its own, and they take turns: what else the machine does meets both alike.
        one = UserFactory.create(email=f"person{number}@attacked.example.org")
        known.append(_ask(one.email, next(networks)))
        unknown.append(_ask(f"nobody{number}@attacked.example.org", next(networks)))
    return ResetFigures(owed, median(known), median(unknown))


def _ask(address: str, network: str) -> float:
    """Ask for a link, and return how long that took in milliseconds. Raises AssertionError if it is refused."""
    client = Client(REMOTE_ADDR=network)
    begin = perf_counter()
    response = client.post(reverse("accounts_forgotten_password"), {"email": address})
    took = (perf_counter() - begin) * 1000
    if response.status_code != 302:
        raise AssertionError(response.status_code)
    return took
