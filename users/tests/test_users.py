"""People who sign in: known by an e-mail address, whatever its capitals."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from cleaning.tests.spellings import SPELLINGS, VICTIM
from users.factories import UserFactory
from users.models import User

pytestmark = [pytest.mark.database, pytest.mark.django_db]

PASSWORD = "correct-horse-battery"
DUPLICATE = "Somebody already signs in with this e-mail address."


def user_form(**fields: Any) -> dict[str, Any]:
    return {
        "email": "juggler@example.org",
        "first_name": "Jo",
        "last_name": "Juggler",
        "is_active": "on",
        **fields,
    }


def sign_in(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.post("/admin/login/", {"username": email, "password": password})


def test_there_is_no_user_name() -> None:
    assert "username" not in {field.name for field in User._meta.get_fields()}
    assert User.USERNAME_FIELD == "email"


def test_an_address_is_kept_in_lower_case() -> None:
    user = User.objects.create_user("Jo.Juggler@EXAMPLE.org", PASSWORD)
    assert user.email == "jo.juggler@example.org"
    assert user.check_password(PASSWORD)
    assert (user.is_staff, user.is_superuser, user.is_active) == (False, False, True)


def test_an_administrator_has_every_right() -> None:
    user = User.objects.create_superuser("Admin@example.org", PASSWORD)
    assert user.email == "admin@example.org"
    assert (user.is_staff, user.is_superuser) == (True, True)
    assert user.has_perm("wagtailadmin.access_admin")


def test_an_administrator_can_be_made_from_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", "--noinput", "--email", "Admin@example.org", verbosity=0)
    assert User.objects.get(email="admin@example.org").is_superuser


@pytest.mark.parametrize("make", [User.objects.create_user, User.objects.create_superuser])
def test_a_user_needs_an_address(make: Any) -> None:
    with pytest.raises(ValueError, match="needs an e-mail address"):
        make("", PASSWORD)


def test_a_user_without_a_password_cannot_sign_in(client: Client) -> None:
    user = User.objects.create_user("juggler@example.org")
    assert not user.has_usable_password()
    assert sign_in(client, user.email, "").status_code == 200


@pytest.mark.parametrize("email", ["juggler@example.org", "JUGGLER@example.org", "juggler@EXAMPLE.ORG"])
def test_an_address_belongs_to_one_person_whatever_its_capitals(email: str) -> None:
    User.objects.create_user("Juggler@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(email)
    with pytest.raises(ValidationError) as error:
        User(email=email, first_name="Jo", last_name="Juggler", password="x").full_clean()
    assert error.value.message_dict == {"email": [DUPLICATE]}


def test_the_database_refuses_the_same_address_in_other_capitals() -> None:
    # Two such users could neither sign in: the address would be looked up and found twice.
    User(email="juggler@example.org").save()
    with pytest.raises(IntegrityError), transaction.atomic():
        User(email="Juggler@example.org").save()


def test_a_user_is_shown_by_name_or_else_by_address() -> None:
    assert str(User(first_name="Jo", last_name="Juggler", email="jo@example.org")) == "Jo Juggler"
    assert str(User(email="jo@example.org")) == "jo@example.org"


@pytest.mark.parametrize("typed", ["juggler@example.org", "Juggler@Example.org", " juggler@example.org "])
def test_people_sign_in_with_their_address_whatever_its_capitals(client: Client, typed: str) -> None:
    user = UserFactory.create(email="juggler@example.org", is_superuser=True)
    response = sign_in(client, typed)
    assert response.status_code == 302
    assert response["Location"] == "/admin/"
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("juggler@example.org", "wrong-horse-battery"),
        ("juggler@example.org", PASSWORD.upper()),
        ("nobody@example.org", PASSWORD),
        ("Jo Juggler", PASSWORD),
        ("", ""),
        ("a" * 1000 + "@example.org", PASSWORD),
        ("🤹@example.org", PASSWORD),
        ("%", PASSWORD),
    ],
    ids=["wrong password", "other capitals", "nobody", "name", "nothing", "long", "emoji", "wildcard"],
)
def test_nobody_signs_in_with_anything_else(client: Client, email: str, password: str) -> None:
    UserFactory.create(email="juggler@example.org", first_name="Jo", last_name="Juggler", is_superuser=True)
    response = sign_in(client, email, password)
    assert response.status_code == 200
    assert "_auth_user_id" not in client.session
    assert response.context["form"].errors


def test_somebody_who_left_cannot_sign_in(client: Client) -> None:
    UserFactory.create(email="juggler@example.org", is_active=False)
    assert authenticate(username="juggler@example.org", password=PASSWORD) is None
    assert sign_in(client, "juggler@example.org").status_code == 200


def test_somebody_without_rights_does_not_get_into_the_admin(client: Client) -> None:
    client.force_login(UserFactory.create())
    response = client.get("/admin/", follow=True)
    assert response.request["PATH_INFO"] == "/admin/login/"


def test_the_sign_in_page_asks_for_an_email_address(client: Client) -> None:
    html = client.get("/admin/login/").content.decode()
    assert "e-mail address" in html.lower()
    assert 'name="username"' in html  # what browsers and password managers expect
    assert 'name="password"' in html


def test_an_administrator_adds_a_person_without_a_user_name(admin_client: Client) -> None:
    page = admin_client.get("/admin/users/new/").content.decode()
    assert 'name="username"' not in page
    response = admin_client.post("/admin/users/new/", user_form(email="Juggler@EXAMPLE.org"))
    assert response.status_code == 302, response.context["form"].errors
    user = User.objects.get(first_name="Jo")
    assert user.email == "juggler@example.org"


@pytest.mark.parametrize("email", ["juggler@example.org", "JUGGLER@example.org", "Juggler@EXAMPLE.ORG"])
def test_an_administrator_who_adds_a_person_twice_is_told_so(admin_client: Client, email: str) -> None:
    UserFactory.create(email="juggler@example.org")
    response = admin_client.post("/admin/users/new/", user_form(email=email))
    assert response.status_code == 200
    assert response.context["form"].errors["email"] == [DUPLICATE]
    assert User.objects.filter(email__iexact=email).count() == 1


def test_an_administrator_cannot_give_one_person_the_address_of_another(admin_client: Client) -> None:
    UserFactory.create(email="juggler@example.org")
    other = UserFactory.create(email="other@example.org")
    response = admin_client.post(f"/admin/users/edit/{other.pk}/", user_form(email="JUGGLER@example.org"))
    assert response.status_code == 200
    assert response.context["form"].errors["email"] == [DUPLICATE]


def test_an_administrator_changes_a_persons_name_and_keeps_the_address(admin_client: Client) -> None:
    user = UserFactory.create(email="juggler@example.org")
    response = admin_client.post(f"/admin/users/edit/{user.pk}/", user_form(last_name="Clown"))
    assert response.status_code == 302, response.context["form"].errors
    user.refresh_from_db()
    assert (user.last_name, user.email) == ("Clown", "juggler@example.org")
    assert user.check_password(PASSWORD)


def test_an_administrator_finds_people_by_name_and_by_address(admin_client: Client) -> None:
    UserFactory.create(email="juggler@example.org", first_name="Jo", last_name="Zebedee")
    for query in ("", "juggler", "Zebedee"):
        assert "Zebedee" in admin_client.get("/admin/users/", {"q": query}).content.decode(), query
    assert "Zebedee" not in admin_client.get("/admin/users/", {"q": "nobody"}).content.decode()


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_person_is_found_by_any_spelling_of_the_address_and_made_once(client: Client, spelling: str) -> None:
    user = User.objects.create_user(spelling, PASSWORD)
    assert user.email == VICTIM
    assert authenticate(username=spelling, password=PASSWORD) == user
    again = User(email=spelling, password="x", first_name="Jo", last_name="Juggler")
    with pytest.raises(ValidationError) as refused:
        again.full_clean()
    assert DUPLICATE in refused.value.message_dict["email"]


def test_an_address_that_is_too_long_in_ascii_is_said_so() -> None:
    user = User(email=f"{'a' * 64}@{'.'.join(['ü' * 15] * 11)}.uk", password="x", first_name="Jo", last_name="Juggler")
    with pytest.raises(ValidationError, match="at most 254"):
        user.full_clean()


def test_the_upgrade_gives_everybody_one_spelling() -> None:
    user = UserFactory.create(email="victim@exam\u00adple.org")
    UserFactory.create(email="other@example.org")
    twin = UserFactory.create(email="other@exam\u00adple.org")
    import_module("users.migrations.0004_one_spelling_of_an_address").respell(apps, None)
    user.refresh_from_db()
    twin.refresh_from_db()
    assert (user.email, twin.email) == (VICTIM, "other@exam\u00adple.org")
