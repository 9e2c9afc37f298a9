"""The security log: what is noted, what is kept, and who may read it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from django.utils import timezone
from wagtail.log_actions import LogContext, log
from wagtail.models import ModelLogEntry, PageLogEntry

from core.models import SecurityEvent
from core.scheduler.registry import registered_jobs
from core.security_log import DRAFT_LINK, EXPORTED, SIGN_IN_FAILED, hidden, log_security_event
from testing.pages import SmallSite
from users.models import User

pytestmark = pytest.mark.django_db


def test_an_event_says_what_happened_to_what_and_who_did_it(small_site: SmallSite) -> None:
    user = User.objects.create_user("gardener@example.org", first_name="Gwen", last_name="Ardener")
    event = log_security_event(DRAFT_LINK, about=small_site.home, user=user)
    found = SecurityEvent.objects.get()
    assert found == event
    assert found.message == "Made a link that shows the draft"
    assert (found.label, found.object_id) == (str(small_site.home), str(small_site.home.pk))
    assert found.user_display_name == "Gwen Ardener"


def test_an_event_in_the_admin_was_done_by_whoever_is_signed_in() -> None:
    user = User.objects.create_user("gardener@example.org")
    with LogContext(user=user):
        log_security_event(EXPORTED, data={"what": "the list of jugglers"})
    event = SecurityEvent.objects.get()
    assert event.user == user
    assert event.message == "Downloaded the list of jugglers"


def test_an_event_without_anything_it_is_about_is_about_the_site() -> None:
    event = log_security_event(SIGN_IN_FAILED)
    assert (event.label, event.object_id, event.user) == ("Better Care Together Thurrock", "", None)


def test_an_address_is_kept_as_letters_that_only_tell_networks_apart() -> None:
    def seen_from(address: str) -> str:
        request = RequestFactory().get("/", REMOTE_ADDR=address)
        return str(log_security_event(SIGN_IN_FAILED, request=request).data["network"])

    assert seen_from("192.0.2.7") == seen_from("192.0.2.200") != seen_from("198.51.100.7")
    assert "192" not in str(list(SecurityEvent.objects.values()))
    assert hidden(" Name@Example.org") == hidden("name@example.org")


def test_an_action_that_nobody_registered_is_refused() -> None:
    with pytest.raises(ValidationError, match="has not been registered"):
        log_security_event("security.juggled")


def test_events_are_kept_a_year_and_the_history_of_pages_for_good(small_site: SmallSite) -> None:
    user = User.objects.create_user("gardener@example.org")
    old, young = (log_security_event(SIGN_IN_FAILED) for _ in range(2))
    log(user, "wagtail.edit")
    now = timezone.now()
    SecurityEvent.objects.filter(pk=old.pk).update(timestamp=now - timedelta(days=366))
    SecurityEvent.objects.filter(pk=young.pk).update(timestamp=now - timedelta(days=364))
    for history in (PageLogEntry, ModelLogEntry):
        history.objects.update(timestamp=now - timedelta(days=3660))
    kept = PageLogEntry.objects.count(), ModelLogEntry.objects.count()
    assert all(kept)
    (job,) = (job for job in registered_jobs() if job.name == "delete old entries of the security log")
    assert job.run() == []
    assert list(SecurityEvent.objects.all()) == [young]
    assert (PageLogEntry.objects.count(), ModelLogEntry.objects.count()) == kept
