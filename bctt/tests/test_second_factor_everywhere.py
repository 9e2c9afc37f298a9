"""No address of the admin goes round the second factor."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bctt.tests.second_factor_walk import FREE, SESSIONS, past_grace, seen_in_grace, walk
from home.factories import ContentPageFactory
from testing.pages import SmallSite
from users.factories import AdministratorFactory
from users.models import User

CANARY = "zebrafinch"


@pytest.mark.django_db
@pytest.mark.security
@pytest.mark.parametrize("session", SESSIONS, ids=lambda each: each.__name__)
def test_nobody_gets_anywhere_without_the_second_factor(
    small_site: SmallSite,
    settings: Any,
    session: Callable[[Client, User], None],
    measured: Callable[[str], None],
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    page = ContentPageFactory.create(parent=small_site.home, title=f"{CANARY} page", live=False)
    user = AdministratorFactory.create()
    found = walk(page.pk, [CANARY], session=session, user=user)
    measured(
        f"Second factor, {session.__name__}: {len(found.bypasses)} ways round it (0) at {found.addresses} addresses"
    )
    assert found.bypasses == []
    assert found.addresses > 300
    # It reached the screens that it may reach, and whoever is let in does see the canary.
    assert len(found.answered) >= len(FREE[session.__name__]) - 4
    if session is past_grace:
        assert seen_in_grace(page.pk, [f"{CANARY} page"], user) >= 10
