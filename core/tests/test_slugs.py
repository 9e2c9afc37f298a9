"""A title in any script gets an address that is its own and can be copied."""

import pytest
from django.test import Client
from wagtail.models import Page

from core.slugs import slug_of
from testing.admin_forms import create_url, fill, send, shown_form
from testing.pages import SmallSite, add_page, text_page_model

TITLES = [
    ("Blood tests", "blood-tests"),
    ("Café £5 – open 9:30", "cafe-5-open-930"),
    ("ਪੰਜਾਬੀ ਵਿੱਚ ਜਾਣਕਾਰੀ", "pmjabi-vic-jankari"),
    ("健康信息", "jiankangxinxi"),
    ("معلومات صحية", "mlwmt-shyh"),
    ("Purfleet ਕੇਂਦਰ", "purfleet-kemdr"),
    ("Żółta łódka", "zolta-lodka"),
    ("🤹🏽‍♀️", "person-juggling-female-sign"),
    ("…", "page"),
]


@pytest.mark.parametrize(("title", "slug"), TITLES)
def test_a_title_is_spelt_in_plain_letters(title: str, slug: str) -> None:
    assert slug_of(title) == slug
    assert len(slug_of(title * 99)) <= 200


@pytest.mark.database
@pytest.mark.django_db
def test_pages_made_by_a_program_have_addresses_of_their_own(client: Client, small_site: SmallSite) -> None:
    pages = [add_page(small_site.home, "健康信息") for _ in range(3)]
    assert [page.slug for page in pages] == ["jiankangxinxi", "jiankangxinxi-2", "jiankangxinxi-3"]
    assert client.get("/jiankangxinxi-3/").status_code == 200
    assert add_page(small_site.home, "ਪੰਜਾਬੀ", slug="------").slug == "pmjabi"


@pytest.mark.parametrize("action", ["", "publish"])
@pytest.mark.parametrize("typed", ["", "------"])
@pytest.mark.django_db
def test_pages_made_in_the_admin_have_addresses_of_their_own(
    admin_client: Client, small_site: SmallSite, typed: str, action: str
) -> None:
    url = create_url(small_site.home, text_page_model())
    for _ in range(2):
        data = fill(shown_form(admin_client, url, text_page_model()), title="ਪੰਜਾਬੀ", slug=typed, summary="In Punjabi.")
        assert send(admin_client, url, data, action).status_code == 302
    assert list(Page.objects.filter(title="ਪੰਜਾਬੀ").order_by("pk").values_list("slug", flat=True)) == [
        "pmjabi",
        "pmjabi-2",
    ]
