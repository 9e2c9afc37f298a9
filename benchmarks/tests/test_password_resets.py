"""Forgotten passwords under attack: the figures are those that the drill promises."""

from collections.abc import Callable

import pytest

from accounts.models import AccountMail
from benchmarks.password_resets import attack_resets
from home.factories import SmallSite


@pytest.mark.database
@pytest.mark.security
def test_fifty_networks_get_three_mails_an_hour_and_learn_nothing_from_the_time(
    small_site: SmallSite, measured: Callable[[str], None]
) -> None:
    figures = attack_resets(times=20)
    measured(
        f"Forgotten passwords: {figures.mails_in_an_hour} mails an hour to one account (3), the median times for known "
        f"and unknown addresses {figures.difference_ms:.1f} ms apart (10)"
    )
    assert figures.mails_in_an_hour == 3
    assert 0 < figures.known_ms < 1000
    assert figures.difference_ms <= 10
    # All of it did what it does in life: each known address is owed its mail.
    assert AccountMail.objects.exclude(user=None).count() == 3 + 20
    assert AccountMail.objects.filter(user=None).count() == 1 + 20
