"""Every address leads where Wagtail's own routing would, and is as private as Wagtail says."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.http import Http404, HttpRequest
from django.test import Client, RequestFactory
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction
from wagtail_factories import SiteFactory

from core.models import BasePage
from testing.pages import SmallSite, add_page, elements
from testing.people import member_of
from testing.privacy import make_private
from users.factories import UserFactory

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def request_for(path: str = "/") -> HttpRequest:
    return RequestFactory().get(path, headers={"host": "testserver"})


def steps(page: Page, home: Page) -> list[str]:
    return [step for step in page.url_path.removeprefix(home.url_path).split("/") if step]


def found_by_us(home: Page, path: list[str]) -> Page | None:
    try:
        found: Page = home.specific_class.objects.get(pk=home.pk).route(request_for(f"/{'/'.join(path)}/"), path).page
    except Http404:
        return None
    return found


def found_by_wagtail(home: Page, path: list[str]) -> Page | None:
    """Walk down as `Page.route` does, without what the home page adds."""
    page = home
    for step in path:
        child = page.get_children().filter(slug=step).first()
        if child is None:
            return None
        page = child
    found: Page | None = page.specific if page.live else None
    return found


@pytest.fixture
def varied_site(small_site: SmallSite) -> SmallSite:
    """Pages of every kind: nested, draft, beneath a draft, private in each way, aliased."""
    home = small_site.home
    about = add_page(home, title="About")
    add_page(add_page(about, title="Team"), title="About")
    add_page(add_page(home, title="Team"), title="Clubs")
    draft = add_page(home, title="Draft", live=False)
    add_page(draft, title="Live beneath a draft")
    add_page(draft, title="Draft beneath a draft", live=False)
    for kind in (PageViewRestriction.LOGIN, PageViewRestriction.PASSWORD, PageViewRestriction.GROUPS):
        private = add_page(home, title=f"Private {kind}")
        add_page(add_page(private, title="Beneath"), title="Deep beneath")
        make_private(private, kind)
    draft_and_private = add_page(home, title="Draft and private", live=False)
    make_private(draft_and_private)
    add_page(draft_and_private, title="Live beneath both")
    source = add_page(home, title="Source of an alias")
    alias = source.create_alias(parent=about, update_slug="alias")
    add_page(alias, title="Beneath an alias")
    # Wagtail copies a restriction when it makes an alias; one made later holds through the source alone.
    make_private(source)
    return small_site


def every_page(site: SmallSite) -> Iterator[BasePage]:
    pages = list(site.home.get_descendants(inclusive=True).specific())
    assert len(pages) > 20
    yield from pages


def test_every_page_is_found_where_wagtail_finds_it(varied_site: SmallSite) -> None:
    for page in every_page(varied_site):
        path = steps(page, varied_site.home)
        ours, wagtails = found_by_us(varied_site.home, path), found_by_wagtail(varied_site.home, path)
        assert (ours and ours.pk) == (wagtails and wagtails.pk), path
        assert type(ours) is type(wagtails), path
        assert (ours is not None) == page.live, path


def test_every_page_found_knows_its_parent(varied_site: SmallSite) -> None:
    for page in every_page(varied_site):
        found = found_by_us(varied_site.home, steps(page, varied_site.home))
        if found and found.pk != varied_site.home.pk:
            assert found.get_parent().pk == page.get_parent(update=True).pk


def test_every_page_found_is_as_private_as_wagtail_says(varied_site: SmallSite) -> None:
    kinds = set()
    for page in every_page(varied_site):
        found = found_by_us(varied_site.home, steps(page, varied_site.home))
        if not found:
            continue
        wagtails = set(Page.get_view_restrictions(Page.objects.get(pk=page.pk)))
        assert set(found.get_view_restrictions()) == wagtails, page.url_path
        kinds |= {restriction.restriction_type for restriction in wagtails}
    assert kinds == {"login", "password", "groups"}


@pytest.mark.parametrize(
    "path",
    [["about", "nowhere"], ["nowhere", "about"], ["team", "about"], ["test-home"], ["test-home", "about"], ["About"]],
)
def test_steps_that_exist_but_not_in_this_order_lead_nowhere(varied_site: SmallSite, path: list[str]) -> None:
    assert found_by_us(varied_site.home, path) is None


def test_a_page_loaded_otherwise_asks_for_its_restrictions(varied_site: SmallSite) -> None:
    # In the admin, a search or a feed nothing has been looked up, so nothing may be taken for public.
    page = Page.objects.get(slug="deep-beneath", url_path__contains="private-login").specific
    assert page.known_private is None
    assert page.get_view_restrictions().exists()


def test_a_restriction_added_after_a_visit_holds_for_the_next(client: Client, small_site: SmallSite) -> None:
    page = add_page(small_site.home)
    assert client.get(page.url).status_code == 200
    restriction = make_private(small_site.home)
    assert client.get(page.url).status_code == 302
    assert client.get("/").status_code == 302
    restriction.delete()
    assert client.get(page.url).status_code == 200


@pytest.mark.parametrize("kind", [PageViewRestriction.LOGIN, PageViewRestriction.GROUPS])
def test_a_page_for_those_who_sign_in_asks_to_sign_in(client: Client, small_site: SmallSite, kind: str) -> None:
    private = add_page(small_site.home, title="Private")
    make_private(private, kind)
    for page in (private, add_page(private, title="Beneath")):
        response = client.get(page.url)
        assert response.status_code == 302
        assert response["Location"] == f"/admin/login/?next={page.url}"


def test_a_page_for_a_group_opens_for_its_members_only(client: Client, small_site: SmallSite) -> None:
    page = add_page(small_site.home, title="Private")
    restriction = make_private(page, PageViewRestriction.GROUPS)
    client.force_login(UserFactory.create())
    assert client.get(page.url).status_code == 403
    client.force_login(member_of(restriction.groups.get().name))
    response = client.get(page.url)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_a_page_with_a_password_shows_only_its_form_until_the_password_is_given(
    client: Client, small_site: SmallSite
) -> None:
    private = add_page(small_site.home, title="Private")
    make_private(private, PageViewRestriction.PASSWORD)
    page = add_page(private, title="Beneath", summary="The canary sings.")

    response = client.get(page.url)
    assert response.status_code == 200
    assert "The canary sings." not in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    [form] = [each for each in elements(response, "form") if each.attributes["method"] == "post"]
    action = str(form.attributes["action"])

    wrong = client.post(action, {"password": "open-barley", "return_url": page.url})
    assert wrong.status_code == 200
    assert "Error:" in wrong.content.decode()
    assert "The canary sings." not in client.get(page.url).content.decode()

    assert client.post(action, {"password": "open-sesame", "return_url": page.url})["Location"] == page.url
    assert "The canary sings." in client.get(page.url).content.decode()


def test_a_password_form_sends_nobody_to_another_site(client: Client, small_site: SmallSite) -> None:
    page = add_page(small_site.home, title="Private")
    restriction = make_private(page, PageViewRestriction.PASSWORD)
    response = client.post(
        f"/_util/authenticate_with_password/{restriction.pk}/{page.pk}/",
        {"password": "open-sesame", "return_url": "https://example.org/"},
    )
    assert "example.org" not in response["Location"]


def test_a_live_page_beneath_an_unpublished_one_can_be_read(client: Client, small_site: SmallSite) -> None:
    page = add_page(add_page(small_site.home, title="Draft", live=False), title="Live")
    assert client.get("/draft/").status_code == 404
    assert client.get(page.url).status_code == 200


def test_a_published_page_that_was_changed_shows_what_was_published(client: Client, small_site: SmallSite) -> None:
    page = add_page(small_site.home, title="About", summary="As published.")
    page.summary = "The canary sings."
    page.save_revision()
    html = client.get(page.url).content.decode()
    assert "As published." in html
    assert "The canary sings." not in html


def test_a_page_due_later_is_not_found_yet(client: Client, small_site: SmallSite) -> None:
    page = add_page(small_site.home, title="Later", live=False)
    page.go_live_at = timezone.now() + timedelta(days=1)
    page.save_revision().publish()
    assert client.get("/later/").status_code == 404


def test_each_site_finds_its_own_pages(client: Client, small_site: SmallSite) -> None:
    add_page(small_site.home, title="About", summary="Ours.")
    elsewhere = add_page(Page.get_first_root_node(), title="Elsewhere")
    add_page(elsewhere, title="About", summary="Theirs.")
    add_page(elsewhere, title="Only there")
    SiteFactory(hostname="elsewhere.example.org", root_page=elsewhere)
    assert "Ours." in client.get("/about/").content.decode()
    assert client.get("/only-there/").status_code == 404
    theirs = client.get("/about/", headers={"host": "elsewhere.example.org"})
    assert "Theirs." in theirs.content.decode()
