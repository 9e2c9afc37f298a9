"""The first run: content and an administrator for a site that has neither, and nothing for one that has both."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, Revision

from core.models import SiteSettings
from editors.management.commands.first_run import ADMINISTRATOR
from home.factories import SmallSite
from home.models import HomePage
from users.factories import AdministratorFactory, UserFactory
from users.models import User

PASSWORD = re.compile(r"Password:\s+(\S+)")


def first_run(*, print_password: bool = True) -> str:
    out = StringIO()
    call_command("first_run", print_password=print_password, stdout=out)
    return out.getvalue()


def everything() -> tuple[object, ...]:
    return list(Page.objects.values()), list(Revision.objects.values_list("pk")), list(User.objects.values())


@pytest.mark.database
def test_it_makes_a_site_once_and_an_administrator_whose_printed_password_works(client: Client, no_site: None) -> None:
    said = first_run()

    assert HomePage.objects.exists()
    [password] = PASSWORD.findall(said)
    assert len(password) >= 12
    before = everything()
    assert first_run() == ""
    assert everything() == before
    response = client.post(reverse("wagtailadmin_login"), {"username": ADMINISTRATOR, "password": password})
    assert response["Location"] == reverse("wagtailadmin_home")
    assert client.get(reverse("wagtailadmin_home")).status_code == 200


def test_the_password_is_another_one_each_time(small_site: SmallSite) -> None:
    first = PASSWORD.findall(first_run())
    User.objects.all().delete()
    assert PASSWORD.findall(first_run()) != first


def test_a_site_with_content_of_its_own_is_left_alone(small_site: SmallSite) -> None:
    AdministratorFactory()
    before = list(Page.objects.values())

    assert first_run() == "Groups: Site editors, Followers officers.\n"
    assert first_run() == ""

    assert list(Page.objects.values()) == before
    assert not SiteSettings.objects.exists()


@pytest.mark.database
def test_a_site_without_anybody_who_can_do_everything_gets_an_administrator(small_site: SmallSite) -> None:
    UserFactory()
    AdministratorFactory(is_active=False)

    assert PASSWORD.search(first_run())

    assert User.objects.get(email=ADMINISTRATOR).is_superuser


def test_an_administrator_of_another_name_is_enough(small_site: SmallSite) -> None:
    AdministratorFactory(email="boss@example.org")
    first_run()
    assert not User.objects.filter(email=ADMINISTRATOR).exists()


def test_an_administrator_who_was_deactivated_is_not_revived_and_the_run_does_not_fail(small_site: SmallSite) -> None:
    UserFactory(email=ADMINISTRATOR, is_active=False)

    said = first_run()

    assert not PASSWORD.search(said)
    assert "invite_administrator" in said
    assert not User.objects.get().is_active


def test_a_public_server_prints_no_password_but_how_to_invite(small_site: SmallSite) -> None:
    said = first_run(print_password=False)

    assert "manage.py invite_administrator name@example.org" in said
    assert not PASSWORD.search(said)
    assert not User.objects.exists()
