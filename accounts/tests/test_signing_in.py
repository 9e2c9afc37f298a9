"""Signing in and out with an address and a password."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from users.factories import UserFactory
from users.models import User

pytestmark = [pytest.mark.database, pytest.mark.django_db]

PASSWORD = "correct-horse-battery"


@pytest.fixture
def editor() -> User:
    """Somebody who may do everything."""
    return UserFactory.create(email="juggler@example.org", is_superuser=True)


def sign_in(client: Client, email: str = "juggler@example.org", password: str = PASSWORD, **data: Any) -> Any:
    return client.post(reverse("account_login"), {"username": email, "password": password, **data})


def test_somebody_signs_in_and_out_at_the_admins_own_addresses(client: Client, editor: User) -> None:
    assert reverse("account_login") == reverse("wagtailadmin_login") == "/admin/login/"
    assert reverse("account_logout") == reverse("wagtailadmin_logout") == "/admin/logout/"
    assert sign_in(client)["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/login/")["Location"] == "/admin/"
    assert "Sign out" in client.get("/admin/logout/").content.decode()
    response = client.post("/admin/logout/", follow=True)
    assert "You have signed out." in response.content.decode()
    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    assert "sessionid" not in client.cookies or not client.cookies["sessionid"].value
