"""One person has one address, however it is spelt: asking, following, and being forgotten."""

from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from centres.models import CentrePage
from cleaning.tests.spellings import SPELLINGS, VICTIM
from followers.factories import FollowerFactory, FollowFactory, FollowRequestFactory
from followers.forms import AddressField
from followers.models import Follow, Follower, FollowRequest
from followers.queries import everything_about
from followers.services import erase

from .helpers import Visitor, link_in, new_mails, only

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_an_address_in_all_its_spellings_gets_one_mail_and_is_one_follower(
    visitor: Visitor, centre: CentrePage
) -> None:
    for spelling in SPELLINGS:
        assert visitor.follow(centre, email=spelling).status_code == 302
    message = only(new_mails())
    assert message.to == [VICTIM]
    assert visitor.press(link_in(message, "confirm")).status_code == 200
    assert list(Follower.objects.values_list("email", flat=True)) == [VICTIM]
    assert FollowRequest.objects.count() == 1


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_what_is_kept_of_an_address_is_found_and_erased_by_any_spelling(spelling: str) -> None:
    FollowerFactory.create(email=VICTIM)
    assert AddressField().clean(spelling) == VICTIM
    assert everything_about(spelling)["follower"]["email"] == VICTIM
    assert erase(spelling)
    assert not Follower.objects.exists()


def test_the_upgrade_makes_one_follower_of_several_spellings(centre: CentrePage) -> None:
    first = FollowerFactory.create(email="victim@exam\u00adple.org", confirmed_at=timezone.now())
    second = FollowerFactory.create(email="vic\u200btim@example.org", confirmed_at=timezone.now())
    FollowFactory.create(follower=first, page=centre)
    FollowFactory.create(follower=second, page=centre)
    FollowFactory.create(follower=second, page=centre.get_parent())
    other = FollowerFactory.create(email="other@example.org")
    for email in ("victim@exam\u00adple.org", VICTIM):
        FollowRequestFactory.create(email=email)
    import_module("followers.migrations.0003_one_spelling_of_an_address").respell(apps, None)
    assert set(Follower.objects.values_list("email", flat=True)) == {VICTIM, other.email}
    assert Follower.objects.get(email=VICTIM).pk == first.pk
    assert set(Follow.objects.values_list("follower", "page")) == {
        (first.pk, centre.pk),
        (first.pk, centre.get_parent().pk),
    }
    assert list(FollowRequest.objects.values_list("email", flat=True)) == [VICTIM]
