"""The groups of editors: what code makes, what running it again mends, and what each may do."""

from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection, GroupPagePermission, Page, Task, Workflow, WorkflowPage, WorkflowState
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from centres.factories import CentrePageFactory, CentreServicePageFactory, ServicePageFactory
from centres.models import CentrePage
from core.factories import SiteDocumentFactory
from editors.groups import FOLLOWERS_OFFICERS, SITE_EDITORS, set_up_groups
from home.factories import ContentPageFactory, SmallSite
from news.factories import ForumPageFactory
from testing.people import member_of
from users.factories import UserFactory
from users.models import User


@pytest.fixture
def centre(small_site: SmallSite) -> CentrePage:
    page: CentrePage = CentrePageFactory(parent=small_site.centres, short_name="Testville", title="Testville centre")
    return page


def everything() -> list[list[tuple[object, ...]]]:
    return [
        list(Group.objects.order_by("pk").values_list("pk", "name")),
        list(Group.permissions.through.objects.order_by("group", "permission").values_list("group", "permission")),
        list(GroupPagePermission.objects.order_by("pk").values_list("pk", "group", "page", "permission")),
        list(Collection.objects.order_by("pk").values_list("pk", "name")),
        list(Workflow.objects.order_by("pk").values_list("pk", "name")),
    ]


def test_each_centre_and_forum_has_its_groups_and_wagtails_own_go(small_site: SmallSite, centre: CentrePage) -> None:
    ForumPageFactory(parent=small_site.forums, title="Testville forum")
    names = [SITE_EDITORS, FOLLOWERS_OFFICERS, "Testville editors", "Testville publishers", "Testville forum editors"]
    assert set_up_groups() == names
    assert sorted(Group.objects.values_list("name", flat=True)) == sorted(names)
    assert not Workflow.objects.filter(name="Moderators approval").exists()


def test_running_it_again_changes_nothing(small_site: SmallSite, centre: CentrePage) -> None:
    set_up_groups()
    before = everything()
    set_up_groups()
    assert everything() == before


def test_people_stay_in_their_groups_and_strange_rights_are_taken_away(
    small_site: SmallSite, centre: CentrePage
) -> None:
    set_up_groups()
    user = member_of("Testville editors")
    group = Group.objects.get(name="Testville editors")
    group.permissions.add(Permission.objects.get(codename="change_sitesettings"))
    publish = Permission.objects.get(content_type__app_label="wagtailcore", codename="publish_page")
    GroupPagePermission.objects.create(group=group, page=small_site.home, permission=publish)

    set_up_groups()

    assert user.groups.get() == group
    assert list(group.permissions.values_list("codename", flat=True)) == ["access_admin"]
    assert set(GroupPagePermission.objects.filter(group=group).values_list("page", flat=True)) == {centre.pk}


def test_a_group_that_wagtail_made_stays_while_somebody_is_in_it(small_site: SmallSite) -> None:
    member_of("Moderators")
    set_up_groups()
    assert Group.objects.filter(name="Moderators").exists()
    assert not Group.objects.filter(name="Editors").exists()


@pytest.mark.database
def test_groups_and_files_follow_a_centre_to_its_new_name(small_site: SmallSite, centre: CentrePage) -> None:
    set_up_groups()
    user = member_of("Testville publishers")
    centre.short_name = "Newtest"
    centre.save()

    set_up_groups()

    assert user.groups.get().name == "Newtest publishers"
    assert Collection.objects.filter(name="Newtest").exists()
    assert not Collection.objects.filter(name="Testville").exists()


def test_two_centres_of_one_name_do_not_share_their_groups(small_site: SmallSite, centre: CentrePage) -> None:
    other = CentrePageFactory(parent=small_site.centres, short_name="Testville", slug="other")
    set_up_groups()
    assert member_of("Testville editors") != member_of(f"Testville ({other.pk}) editors")
    for name, page in (("Testville editors", centre), (f"Testville ({other.pk}) editors", other)):
        group = Group.objects.get(name=name)
        assert set(GroupPagePermission.objects.filter(group=group).values_list("page", flat=True)) == {page.pk}
    assert Collection.objects.filter(name="Testville").count() == 2


def test_a_centre_added_in_the_admin_has_its_groups_at_once(admin_client: Client, small_site: SmallSite) -> None:
    set_up_groups()
    centre = CentrePageFactory(parent=small_site.centres, short_name="Testville", live=False)
    copy = reverse("wagtailadmin_pages:copy", args=[centre.pk])
    data = {"new_title": "Copy", "new_slug": "copy", "new_parent_page": small_site.centres.pk, "copy_subpages": ""}
    assert admin_client.post(copy, data).status_code == 302
    copied = CentrePage.objects.get(slug="copy")
    assert Group.objects.filter(page_permissions__page=copied.pk).distinct().count() == 2


@pytest.mark.database
def test_groups_follow_the_name_that_residents_read_not_that_of_a_draft(
    admin_client: Client, small_site: SmallSite
) -> None:
    forum = ForumPageFactory(parent=small_site.forums, title="Testville forum")
    set_up_groups()
    edit = reverse("wagtailadmin_pages:edit", args=[forum.pk])
    form = nested_form_data(
        {
            "title": "Newtest forum",
            "slug": forum.slug,
            "summary": "A forum.",
            "body": streamfield([]),
            "how_to_join": rich_text(""),
            "check_every_months": "6",
        }
    )
    admin_client.post(edit, form)
    assert Group.objects.filter(name="Testville forum editors").exists()
    admin_client.post(edit, {**form, "action-publish": "1"})
    assert Group.objects.filter(name="Newtest forum editors").exists()
    assert not Group.objects.filter(name="Testville forum editors").exists()


def test_a_centre_editor_submits_and_its_publisher_approves(client: Client, small_site: SmallSite) -> None:
    centre = CentrePageFactory(parent=small_site.centres, short_name="Testville", title="Testville centre")
    service = ServicePageFactory(parent=small_site.services, title="Juggling")
    page = CentreServicePageFactory(parent=centre, service=service)
    set_up_groups()
    editor, publisher = member_of("Testville editors"), member_of("Testville publishers")
    assert not page.permissions_for_user(editor).can_publish()
    workflow = page.get_workflow()
    page.note = "New"
    page.save_revision(user=editor)
    state: WorkflowState = workflow.start(page, editor)
    assert publisher in state.current_task_state.task.specific.groups.get(name="Testville publishers").user_set.all()
    client.force_login(publisher)
    approve = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.current_task_state.pk])
    client.post(approve)
    page.refresh_from_db()
    assert page.note == "New"


def test_editors_of_a_centre_may_change_nothing_but_their_centre(small_site: SmallSite, centre: CentrePage) -> None:
    other = CentrePageFactory(parent=small_site.centres, short_name="Otherville")
    set_up_groups()
    for name in ("Testville editors", "Testville publishers"):
        user = member_of(name)
        assert centre.permissions_for_user(user).can_edit()
        for page in (other, small_site.home, small_site.centres, small_site.services):
            permissions = page.permissions_for_user(user)
            may = [permissions.can_edit(), permissions.can_publish(), permissions.can_delete()]
            assert not any([*may, permissions.can_add_subpage()])
    assert not centre.permissions_for_user(member_of("Testville editors")).can_publish()


def test_a_draft_of_others_is_not_offered_to_link_to(client: Client, small_site: SmallSite, centre: CentrePage) -> None:
    ContentPageFactory(parent=small_site.home, title="Zebra draft", live=False)
    CentreServicePageFactory(
        parent=centre, service=ServicePageFactory(parent=small_site.services, title="Yak draft"), live=False
    )
    set_up_groups()
    client.force_login(member_of("Testville editors"))
    chooser = reverse("wagtailadmin_choose_page_child", args=[small_site.home.pk])
    assert "Zebra draft" not in client.get(chooser).json()["html"]
    own = reverse("wagtailadmin_choose_page_child", args=[centre.pk])
    assert "Yak draft" in client.get(own).json()["html"]


def test_the_command_says_what_it_made_and_what_is_missing(small_site: SmallSite) -> None:
    out = StringIO()
    call_command("setup_groups", stdout=out)
    assert SITE_EDITORS in out.getvalue()
    Page.objects.filter(depth__gt=1).delete()
    call_command("setup_groups", stdout=out)
    assert "no home page yet" in out.getvalue()


@pytest.mark.database
def test_a_workflow_follows_a_new_name_by_whatever_way_it_is_published(
    small_site: SmallSite, centre: CentrePage
) -> None:
    set_up_groups()
    centre.short_name = "Newtest"
    centre.save_revision().publish()
    workflow = WorkflowPage.objects.get(page=centre).workflow
    assert workflow.name == "Newtest: a publisher approves"
    assert {task.name for task in workflow.tasks} == {"Newtest: a publisher approves"}
    assert Group.objects.filter(name="Newtest publishers").exists()
    assert Collection.objects.filter(name="Newtest").exists()


@pytest.mark.database
@pytest.mark.parametrize("above", [False, True])
def test_what_a_centre_had_goes_with_it_for_good(small_site: SmallSite, centre: CentrePage, above: bool) -> None:
    forum = ForumPageFactory(parent=small_site.forums, title="Testville forum")
    set_up_groups()
    user = member_of("Testville editors")
    Page.objects.get(pk=(small_site.centres if above else centre).pk).delete()
    assert list(Group.objects.filter(name__startswith="Testville").values_list("name", flat=True)) == [
        "Testville forum editors"
    ]
    assert not Collection.objects.filter(name="Testville").exists()
    assert set(Workflow.objects.values_list("name", flat=True)) == {"Site editors approve"}
    assert not Task.objects.filter(name__startswith="Testville").exists()
    assert User.objects.filter(pk=user.pk).exists()
    Page.objects.get(pk=forum.pk).delete()
    assert not Group.objects.filter(name__startswith="Testville").exists()


@pytest.mark.database
def test_what_others_still_need_stays_when_a_centre_goes(small_site: SmallSite, centre: CentrePage) -> None:
    set_up_groups()
    group = Group.objects.get(name="Testville editors")
    right = GroupPagePermission.objects.filter(group=group).values_list("permission", flat=True)[0]
    GroupPagePermission.objects.create(group=group, page=small_site.home, permission_id=right)
    SiteDocumentFactory(collection=Collection.objects.get(name="Testville"))
    centre.save_revision()
    state = Workflow.objects.get(name="Testville: a publisher approves").start(centre, UserFactory.create())
    state.cancel()
    Page.objects.get(pk=centre.pk).delete()
    assert Group.objects.filter(name="Testville editors").exists()
    assert not Group.objects.filter(name="Testville publishers").exists()
    assert Collection.objects.filter(name="Testville").exists()
    assert not Workflow.objects.get(name="Testville: a publisher approves").active
