"""The editors' guide: each task is in the admin and in the documents, with all its pictures."""

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from editors.groups import set_up_groups
from editors.guide import FOLDER, tasks
from home.factories import SmallSite
from testing.people import member_of


@pytest.fixture
def editor_client(client: Client, small_site: SmallSite) -> Client:
    set_up_groups()
    client.force_login(member_of("Site editors"))
    return client


def test_every_page_of_the_folder_is_a_task_of_its_list() -> None:
    assert {f"{slug}.md" for slug in tasks()} | {"README.md"} == {file.name for file in FOLDER.glob("*.md")}
    for slug, task in tasks().items():
        assert (FOLDER / f"{slug}.md").read_text(encoding="utf-8").startswith(f"# {task.title}\n")


def test_every_picture_is_used_once_and_every_one_is_there() -> None:
    used = [name for task in tasks().values() for name in task.images]
    assert sorted(used) == sorted(file.name for file in (FOLDER / "images").glob("*.png"))
    assert all(finders.find(f"guide/{name}") for name in used)


@pytest.mark.database
def test_every_task_is_shown_to_editors_with_its_pictures(editor_client: Client) -> None:
    listed = editor_client.get(reverse("editors_guide")).content.decode()
    dashboard = editor_client.get(reverse("wagtailadmin_home")).content.decode()
    for slug, task in tasks().items():
        address = reverse("editors_guide_task", args=[slug])
        assert f'<a href="{address}">{task.title}</a>' in listed
        assert f'<a href="{address}">{task.title}</a>' in dashboard
        html = editor_client.get(address).content.decode()
        assert html.count("<img") - html.split('class="bctt-guide"')[0].count("<img") == len(task.images)
        assert all(f'src="/static/guide/{name}"' in html for name in task.images)


def test_a_task_that_does_not_exist_is_not_found(editor_client: Client) -> None:
    assert editor_client.get(reverse("editors_guide_task", args=["fly"])).status_code == 404


def test_the_guide_is_for_those_who_sign_in(small_site: SmallSite) -> None:
    assert Client().get(reverse("editors_guide")).status_code == 302
