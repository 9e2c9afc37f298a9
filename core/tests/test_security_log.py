"""The security log: what is noted, what is kept, and who may read it."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import LogContext, log
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    GroupPagePermission,
    ModelLogEntry,
    PageLogEntry,
    PageViewRestriction,
)

from core.models import SecurityEvent
from core.scheduler.registry import registered_jobs
from core.security.log import (
    DRAFT_LINK,
    EXPORTED,
    POWERS_OF_USER,
    PRIVACY,
    RIGHTS_OF_GROUP,
    SIGN_IN_FAILED,
    hidden,
    log_security_event,
)
from core.security.signals import NOTED_FAILURES
from testing.pages import SmallSite, add_page, elements
from testing.people import person_who_may, signed_in
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
    assert event.who == "The site itself"


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


def noted(*actions: str) -> list[tuple[str, str, str]]:
    """Return what happened to what, and who did it, oldest first."""
    found = SecurityEvent.objects.order_by("pk")
    found = found.filter(action__in=actions) if actions else found
    return [(event.message, event.label, event.who) for event in found]


PASSWORD = "juggle-five-clubs-at-once"


@pytest.fixture
def gardener() -> User:
    return User.objects.create_user("gardener@example.org", PASSWORD, first_name="Gwen", last_name="Ardener")


def test_signing_in_out_and_in_vain_is_noted(client: Client, gardener: User) -> None:
    User.objects.filter(pk=gardener.pk).update(is_superuser=True)  # of which nobody hears
    for password in ("wrong", PASSWORD):
        client.post("/admin/login/", {"username": "Gardener@example.org", "password": password})
    client.post("/admin/logout/")
    assert noted() == [
        ("Could not sign in", "Gwen Ardener", "Somebody not signed in"),
        ("Signed in", "Gwen Ardener", "Gwen Ardener"),
        ("Signed out", "Gwen Ardener", "Gwen Ardener"),
    ]
    assert len({event.data["network"] for event in SecurityEvent.objects.all()}) == 1


def test_what_was_typed_is_never_kept_whole(client: Client) -> None:
    for _ in range(2):
        client.post("/admin/login/", {"username": PASSWORD, "password": PASSWORD})
    first, second = SecurityEvent.objects.all()
    assert first.label == "Better Care Together Thurrock"
    assert first.data["typed"] == second.data["typed"] == hidden(PASSWORD)
    assert PASSWORD not in str(list(SecurityEvent.objects.values()))


def test_guessing_does_not_fill_the_log(client: Client) -> None:
    for number in range(NOTED_FAILURES.most + 5):
        user_login_failed.send(
            sender=None,
            credentials={"username": f"x{number}"},
            request=RequestFactory().post("/", REMOTE_ADDR="192.0.2.7"),
        )
    assert SecurityEvent.objects.count() == NOTED_FAILURES.most


def test_a_link_to_a_draft_is_noted(admin_client: Client, administrator: User, small_site: SmallSite) -> None:
    page = add_page(small_site.home, live=False)
    page.save_revision()
    admin_client.get(reverse("core_share_draft", args=[page.pk]))
    assert noted(DRAFT_LINK) == [("Made a link that shows the draft", page.title, str(administrator))]


EXPORTS = {
    "/admin/reports/dead-links/?export=csv": "dead-links.csv",
    "/admin/reports/dead-links/?export=xlsx": "dead-links.xlsx",
    "/admin/reports/security/?export=xlsx": "security.xlsx",
    "/admin/reports/locked/?export=csv": "locked-pages-report",
    "/admin/reports/site-history/?export=csv": "audit-log-",
    "/admin/reports/aging-pages/?export=csv": "spreadsheet-export.csv",
    "/admin/redirects/?export=csv": "",
}


@pytest.mark.parametrize("url", EXPORTS)
def test_every_table_that_is_downloaded_is_noted(
    admin_client: Client, administrator: User, small_site: SmallSite, url: str
) -> None:
    response = admin_client.get(url)
    assert "attachment" in response["Content-Disposition"]
    assert b"".join(response) if response.streaming else response.content
    ((sentence, _, who),) = noted(EXPORTED)
    assert sentence.startswith(f"Downloaded {EXPORTS[url]}")
    assert sentence.endswith(f", at {url.partition('?')[0]}")
    assert who == str(administrator)
    admin_client.get(url.partition("?")[0])
    assert len(noted(EXPORTED)) == 1


def test_a_group_that_gains_or_loses_rights_is_noted(small_site: SmallSite, gardener: User) -> None:
    group = Group.objects.create(name="Jugglers")
    right = Permission.objects.get(codename="publish_page")
    own = Permission.objects.get(codename="add_alert")
    SecurityEvent.objects.all().delete()
    with LogContext(user=gardener):
        group.permissions.add(own)
        group.permissions.add(own)
        group.permissions.clear()
        GroupPagePermission.objects.create(group=group, page=small_site.home, permission=right)
        GroupPagePermission.objects.filter(group=group).delete()
        group.delete()
    where = f"publish page, at “{small_site.home}”"
    assert noted() == [
        (sentence, "Jugglers", "Gwen Ardener")
        for sentence in (
            f"Gained the right: {own.name}",
            f"Lost the right: {own.name}",
            f"Gained the right: {where}",
            f"Lost the right: {where}",
            "Deleted",
        )
    ]


def test_a_person_who_gains_or_loses_a_group_or_powers_is_noted(gardener: User) -> None:
    group = Group.objects.create(name="Jugglers")
    SecurityEvent.objects.all().delete()
    gardener.groups.add(group)
    group.user_set.remove(gardener)
    gardener.user_permissions.add(Permission.objects.get(codename="add_alert"))
    gardener.is_superuser = True
    gardener.save()
    gardener.is_superuser, gardener.is_active = False, False
    gardener.save(update_fields=["is_superuser", "is_active"])
    gardener.first_name = "Grace"
    gardener.save()
    User.objects.create_superuser("new@example.org")
    assert [(sentence, about) for sentence, about, _ in noted()] == [
        ("Gained the group: Jugglers", "Gwen Ardener"),
        ("Lost the group: Jugglers", "Gwen Ardener"),
        ("Gained the right: Can add alert", "Gwen Ardener"),
        ("Made an administrator", "Gwen Ardener"),
        ("No longer an administrator", "Gwen Ardener"),
        ("May not sign in any more", "Gwen Ardener"),
        ("Made an administrator", "new@example.org"),
    ]


def test_rights_that_the_form_of_a_group_gives_are_noted(
    admin_client: Client, administrator: User, small_site: SmallSite
) -> None:
    group = Group.objects.create(name="Jugglers")
    SecurityEvent.objects.all().delete()
    url = reverse("wagtailusers_groups:edit", args=[group.pk])
    html = admin_client.get(url)
    # What the form sends when nothing is chosen, and then a right on a page.
    names = [str(each.attributes.get("name")) for each in elements(html, "input")]
    data = {name: "1000" if name.endswith("MAX_NUM_FORMS") else "0" for name in names if name.endswith("_FORMS")}
    data["name"] = "Jugglers"
    right = Permission.objects.get(codename="publish_page")
    data |= {"page_permissions-TOTAL_FORMS": "1", "page_permissions-0-page": str(small_site.home.pk)}
    data["page_permissions-0-permissions"] = right.codename
    response = admin_client.post(url, data)
    assert response.status_code == 302, [panel.errors for panel in response.context["permission_panels"]]
    assert GroupPagePermission.objects.filter(group=group, permission=right).exists()
    sentence = f"Gained the right: publish page, at “{small_site.home}”"
    assert noted(RIGHTS_OF_GROUP) == [(sentence, "Jugglers", str(administrator))]


def test_accounts_that_are_closed_together_are_noted(admin_client: Client, administrator: User, gardener: User) -> None:
    SecurityEvent.objects.all().delete()
    url = reverse("wagtail_bulk_action", args=["users", "user", "set_active_state"])
    assert admin_client.post(f"{url}?id={gardener.pk}", {"mark_as_active": "False"}).status_code == 302
    gardener.refresh_from_db()
    assert not gardener.is_active
    assert noted(POWERS_OF_USER) == [("May not sign in any more", "Gwen Ardener", str(administrator))]


def test_who_may_see_a_page_or_a_collection_is_noted(small_site: SmallSite) -> None:
    group = Group.objects.create(name="Jugglers")
    page = add_page(small_site.home, title="Plans")
    collection = Collection.get_first_root_node().add_child(name="Club photos")
    SecurityEvent.objects.all().delete()
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="groups")
    restriction.groups.add(group)
    restriction.delete()
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="password", password="secret")
    # What goes with its page was not opened to anybody.
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    page.delete()
    assert [(sentence, about) for sentence, about, _ in noted(PRIVACY)] == [
        ("Private, accessible to users in specific groups", "Plans"),
        ("Open to the groups: Jugglers", "Plans"),
        ("No longer private", "Plans"),
        ("Private, accessible with a shared password", "Club photos"),
        ("Private, accessible to any logged-in users", "Plans"),
    ]
    assert "secret" not in str(list(SecurityEvent.objects.values()))


def test_administrators_read_and_filter_the_log(admin_client: Client, administrator: User, gardener: User) -> None:
    log_security_event(SIGN_IN_FAILED, about=gardener)
    log_security_event(EXPORTED, user=administrator, data={"what": "jugglers.csv"})
    url = reverse("core_security")
    text = admin_client.get(url).content.decode()
    assert "Could not sign in" in text
    assert "Downloaded jugglers.csv" in text
    filtered = admin_client.get(f"{url}?action={EXPORTED}")
    assert [event.message for event in filtered.context["object_list"]] == ["Downloaded jugglers.csv"]
    assert "Reports" in text
    assert url in admin_client.get("/admin/").content.decode()


def test_nobody_else_reads_it(small_site: SmallSite) -> None:
    rights = ["core.view_securityevent", "core.change_securityevent", "users.change_user", "auth.change_group"]
    editor = signed_in(person_who_may("change", "publish", *rights, at=small_site.home))
    for url in ("/admin/reports/security/", "/admin/reports/security/results/", "/admin/reports/security/?export=csv"):
        assert editor.get(url).status_code == 302  # as Wagtail refuses: back to the dashboard
    assert "/admin/reports/security/" not in editor.get("/admin/").content.decode()
    # In Wagtail's own history of the site there is nothing of it either.
    log_security_event(SIGN_IN_FAILED, about=small_site.home)
    assert "Could not sign in" not in editor.get("/admin/reports/site-history/").content.decode()


def test_a_page_of_the_log_takes_as_many_queries_however_much_it_shows(
    admin_client: Client, gardener: User, django_assert_max_num_queries: Any
) -> None:
    users = [User.objects.create_user(f"juggler-{number}@example.org") for number in range(30)]
    for user in users:
        log_security_event(SIGN_IN_FAILED, about=user, user=user)
    admin_client.get("/admin/")  # which notes where the session is from
    with django_assert_max_num_queries(15):
        assert len(admin_client.get(reverse("core_security")).context["object_list"]) >= 30
