"""Links that lead nowhere: what stands where, what is dead since when, and who is told."""

import csv
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Collection, Page

from core import visibility
from core.factories import AlertFactory, SiteDocumentFactory
from core.links.checks import check_links, record_result
from core.links.extraction import FoundLink, links_of, web_address
from core.links.report import DeadLink, dead_links
from core.links.requests import LinkResult, LinkState, RunOverError
from core.links.services import note_all_links
from core.models import BasePage, LinkCheck, PageLink, SiteDocument, SiteSettings
from testing.pages import SmallSite, add_page, elements, text_page_model
from testing.people import person_who_may
from testing.privacy import make_collection_private, make_private
from users.factories import UserFactory
from users.models import User

pytestmark = [pytest.mark.database, pytest.mark.django_db]

FAR = "https://far.example.org/juggling"
GONE = LinkResult(LinkState.GONE, "Nothing there")
DOUBTFUL = LinkResult(LinkState.DOUBTFUL, "No answer")
FINE = LinkResult(LinkState.FINE, "There")


def text(*links: str) -> list[tuple[str, str]]:
    return [("text", f"<p>{''.join(links)}</p>")]


def to_page(page: Page, words: str = "jugglers") -> str:
    return f'<a linktype="page" id="{page.pk}">{words}</a>'


def to_document(document: SiteDocument) -> str:
    return f'<a linktype="document" id="{document.pk}">a <b>leaflet</b></a>'


def to_web(address: str = FAR) -> str:
    return f'<a href="{address}">far away</a>'


def dead(user: User) -> list[DeadLink]:
    # Somebody's rights are kept with the user while a request lasts.
    return dead_links(User.objects.get(pk=user.pk))


def problems(user: User) -> list[tuple[str, str]]:
    return [(link.where, link.words) for link in dead(user)]


def die(address: str = FAR) -> None:
    record_result(LinkCheck.objects.get(address=address), GONE, datetime.fromisoformat("2026-11-01T03:00:00+00:00"))


def publish(page: BasePage, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()


def test_links_are_found_in_texts_and_in_blocks_within_blocks(small_site: SmallSite) -> None:
    document = SiteDocumentFactory()
    page = text_page_model()(title="Links")
    action = {"text": "Go on", "internal_page": small_site.centres.pk, "external_url": ""}
    web_action = {"text": "Go out", "internal_page": None, "external_url": "https://out.example.org/"}
    typed_table = {"columns": [{"type": "text", "heading": "A"}], "rows": [{"values": ["b"]}], "caption": "c"}
    page.body = page.body.stream_block.to_python(
        [
            {"type": "text", "value": f"<h2>x</h2><p>{to_page(small_site.home)} {to_web()}</p>"},
            {"type": "inset", "value": {"body": f"<p>{to_document(document)}</p>"}},
            {
                "type": "details",
                "value": {
                    "title": "More",
                    "body": [
                        {"type": "action_link", "value": action},
                        {"type": "text", "value": f"<p>{to_web('https://deep.example.org/?a=1&amp;b=2#part')}</p>"},
                    ],
                },
            },
            {"type": "do_list", "value": {"do": [to_web("https://list.example.org/")]}},
            {"type": "table", "value": {"table": typed_table, "first_column_is_header": True}},
            {"type": "document", "value": {"document": document.pk, "title": "Get it"}},
            {"type": "action_link", "value": web_action},
            {"type": "a_block_of_long_ago", "value": "x"},
        ]
    )
    assert links_of(page) == {
        FoundLink("jugglers", page=small_site.home.pk),
        FoundLink("far away", address=FAR),
        FoundLink("a leaflet", document=document.pk),
        FoundLink("Go on", page=small_site.centres.pk),
        FoundLink("far away", address="https://deep.example.org/?a=1&b=2"),
        FoundLink("far away", address="https://list.example.org/"),
        FoundLink("Get it", document=document.pk),
        FoundLink("Go out", address="https://out.example.org/"),
    }


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" HTTPS://Far.exam\u00adple.org/A#b ", "https://far.example.org/A"),
        ("/centres/", "https://own.example.org/centres/"),
        ("//far.example.org/", "https://far.example.org/"),
        ("mailto:juggler@example.org", ""),
        ("tel:01632960000", ""),
        ("ftp://far.example.org/", ""),
        ("javascript:alert(1)", ""),
        ("#part", ""),
        ("", ""),
        ("https://[far/", "https://[far/"),
        (f"https://[far/{'é' * 1500}", ""),
        (f"https://far.example.org/{'é' * 1500}", ""),
    ],
)
def test_only_addresses_for_the_web_are_asked(typed: str, address: str, settings: Any) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://own.example.org"
    assert web_address(typed) == address


def test_addresses_of_fields_rows_settings_and_alerts_are_found(small_site: SmallSite) -> None:
    settings = SiteSettings.for_site(small_site.site)
    settings.urgent_111 = f"<p>{to_web()}</p>"
    settings.security_contact = "https://security.example.org/"
    link = {"text": "Feet", "page": None, "url": "https://feet.example.org/"}
    settings.footer_links = settings.footer_links.stream_block.to_python([{"type": "link", "value": link}])
    assert {each.address for each in links_of(settings)} == {
        FAR,
        "https://security.example.org/",
        "https://feet.example.org/",
    }
    [found] = links_of(AlertFactory.create(link_url="https://alert.example.org/", link_text="More"))
    assert found.address == "https://alert.example.org/"


def test_a_row_remains_while_something_live_has_the_address(small_site: SmallSite) -> None:
    page = add_page(small_site.home, "Live", body=text(to_web()))
    add_page(small_site.home, "Draft", live=False, body=text(to_web("https://draft.example.org/")))
    over = AlertFactory.create(link_url="https://over.example.org/", link_text="x")
    over.ends_at = over.starts_at
    over.save()
    coming = AlertFactory.create(link_url="https://coming.example.org/", link_text="x")
    note_all_links()
    assert set(LinkCheck.objects.values_list("address", flat=True)) == {FAR, "https://coming.example.org/"}
    before = set(PageLink.objects.values_list("pk", flat=True))
    note_all_links()
    assert set(PageLink.objects.values_list("pk", flat=True)) == before
    page.unpublish()
    coming.delete()
    note_all_links()
    assert not LinkCheck.objects.exists()
    assert not PageLink.objects.exists()


def test_links_to_pages_that_are_deleted_unpublished_or_private_are_told(
    small_site: SmallSite, administrator: User
) -> None:
    shown, deleted, unpublished, private = (
        add_page(small_site.home, title) for title in ("Shown", "Deleted", "Unpublished", "Private")
    )
    links = [to_page(each, each.title) for each in (shown, deleted, unpublished, private)]
    publish(add_page(small_site.home, "Here"), body=text(*links))
    assert dead(administrator) == []
    deleted.delete(user=administrator)
    unpublished.unpublish(user=administrator)
    make_private(private)
    found = {link.clicked: link for link in dead(administrator)}
    assert {clicked: link.words for clicked, link in found.items()} == {
        "Deleted": "The page was deleted",
        "Unpublished": "The page is not published",
        "Private": "Only some people may see the page",
    }
    assert {link.where for link in found.values()} == {"Here"}
    assert found["Unpublished"].address == "Unpublished"


def test_links_to_files_that_are_deleted_or_private_are_told(small_site: SmallSite, administrator: User) -> None:
    private = Collection.get_first_root_node().add_child(name="Jugglers only")
    make_collection_private(private)
    deleted, open_to_all = SiteDocumentFactory(title="Deleted"), SiteDocumentFactory(title="Open")
    kept = SiteDocumentFactory(title="Kept", collection=private)
    publish(add_page(small_site.home, "Here"), body=text(*map(to_document, (deleted, open_to_all, kept))))
    deleted.delete()
    assert sorted((link.address, link.words) for link in dead(administrator)) == [
        ("A file that was deleted", "The file was deleted"),
        ("File: Kept", "Only some people may have the file"),
    ]


def test_links_to_pages_that_another_page_hides_are_told(
    small_site: SmallSite, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = add_page(small_site.home, "Hidden")
    publish(add_page(small_site.home, "Here"), body=text(to_page(target)))
    monkeypatch.setattr(visibility, "_hiding_rules", [Page.objects.filter(pk=target.pk).all, Page.objects.none])
    assert problems(administrator) == [("Here", "The page is not shown, because another is not published")]


def test_since_when_comes_from_the_history(
    small_site: SmallSite, administrator: User, london_time_is: Callable[..., datetime]
) -> None:
    target = add_page(small_site.home, "Target")
    publish(add_page(small_site.home, "Here"), body=text(to_page(target)))
    london_time_is(2026, 5, 3)
    target.unpublish(user=administrator)
    assert [link.since for link in dead(administrator)] == [date(2026, 5, 3)]


def test_drafts_private_to_their_editors_are_not_named_to_others(small_site: SmallSite) -> None:
    own = add_page(small_site.home, "Own")
    draft = add_page(small_site.home, "Secret plans", live=False)
    publish(own, body=text(to_page(draft)))
    [link] = dead(person_who_may("change", at=own))
    assert (link.address, link.words) == ("A page of other editors", "The page is not published")
    assert dead(person_who_may("change", at=[own, draft]))[0].address == "Secret plans"


def test_a_mended_link_leaves_at_once_and_a_draft_mends_nothing(small_site: SmallSite, administrator: User) -> None:
    page = add_page(small_site.home, "Here")
    publish(page, body=text(to_web()))
    die()
    assert problems(administrator) == [("Here", "Nothing there")]
    page.body = text("Mended")
    revision = page.save_revision()
    assert problems(administrator) == [("Here", "Nothing there")]
    revision.publish()
    assert problems(administrator) == []


def test_editors_are_told_of_their_own_pages_only(small_site: SmallSite) -> None:
    own, other = (add_page(small_site.home, title) for title in ("Own", "Other"))
    for page in (own, other):
        publish(page, body=text(to_web()))
    AlertFactory(title="Closed", link_url=FAR, link_text="More")
    settings = SiteSettings.for_site(small_site.site)
    settings.urgent_111 = f"<p>{to_web()}</p>"
    settings.save()
    die()
    editor = person_who_may("change", at=own)
    assert [(link.where, link.address) for link in dead(editor)] == [("Own", FAR)]
    assert dead(editor)[0].edit_url == reverse("wagtailadmin_pages:edit", args=[own.pk])
    assert dead(UserFactory.create()) == []
    editor = person_who_may("change", "core.change_alert", at=own)
    assert [link.where for link in dead(editor)] == ["Own", "Alert: Closed"]
    editor = person_who_may("change", "core.change_alert", "core.change_sitesettings", at=own)
    assert [link.where for link in dead(editor)] == ["Own", "Alert: Closed", "Site settings"]


def test_every_place_named_can_be_opened(small_site: SmallSite, admin_client: Client, administrator: User) -> None:
    publish(add_page(small_site.home, "Here"), body=text(to_web()))
    AlertFactory(link_url=FAR, link_text="More")
    settings = SiteSettings.for_site(small_site.site)
    settings.urgent_111 = f"<p>{to_web()}</p>"
    settings.save()
    die()
    links = dead(administrator)
    assert len(links) == 3
    assert {admin_client.get(link.edit_url).status_code for link in links} == {200}


def test_the_report_says_what_is_wrong_where_and_since_when(small_site: SmallSite, admin_client: Client) -> None:
    address = reverse("core_dead_links")
    assert "There is nothing to mend." in admin_client.get(address).content.decode()
    page = add_page(small_site.home, "Here <b>")
    publish(page, body=text(to_web()))
    die()
    html = admin_client.get(address).content.decode()
    assert "1 November 2026" in html
    assert ("Here <b>", reverse("wagtailadmin_pages:edit", args=[page.pk])) in [
        (each.text.strip(), each.attributes.get("href")) for each in elements(html, "a")
    ]
    answer = admin_client.get(address, {"export": "csv"})
    rows = list(csv.reader("".join(part.decode() for part in answer).splitlines()))
    assert rows == [
        ["Where it is", "Words of the link", "Where it should lead", "What is wrong", "Since"],
        ["Here <b>", "far away", FAR, "Nothing there", "2026-11-01"],
    ]
    assert admin_client.get(reverse("core_dead_links_results")).status_code == 200


def test_the_report_is_for_those_who_may_change_a_page(client: Client, small_site: SmallSite) -> None:
    address = reverse("core_dead_links")
    assert client.get(address).status_code == 302
    client.force_login(person_who_may())
    assert client.get(address).status_code == 302
    assert address not in client.get(reverse("wagtailadmin_home")).content.decode()
    client.force_login(person_who_may("change", at=add_page(small_site.home, "Own")))
    assert client.get(address).status_code == 200
    assert address in client.get(reverse("wagtailadmin_home")).content.decode()


def test_many_dead_links_take_as_many_queries_as_one(
    small_site: SmallSite, administrator: User, admin_client: Client
) -> None:
    def count() -> int:
        user = User.objects.get(pk=administrator.pk)
        with CaptureQueriesContext(connection) as queries:
            assert dead_links(user)
            admin_client.get(reverse("core_dead_links"))
        return len(queries)

    def add(number: int) -> None:
        address, page = f"{FAR}/{number}", add_page(small_site.home, f"Target {number}")
        document = SiteDocumentFactory()
        here = add_page(small_site.home, f"Here {number}")
        publish(here, body=text(to_web(address), to_page(page), to_document(document)))
        AlertFactory(link_url=address, link_text="More")
        page.unpublish()
        document.delete()
        die(address)

    add(0)
    make_private(add_page(small_site.home, "Private"))
    count()
    before = count()
    for number in range(1, 8):
        add(number)
    assert count() == before


class FakeLinkChecker:
    """Answers what it is told to; stops after `most` addresses."""

    def __init__(self, answer: LinkResult, most: int = 99) -> None:
        self.answer, self.most = answer, most
        self.internal_hosts = frozenset[str]()
        self.checked: list[str] = []

    def check(self, address: str) -> LinkResult:
        if len(self.checked) == self.most:
            raise RunOverError
        self.checked.append(address)
        return self.answer


def run(answer: LinkResult, most: int = 99) -> list[str]:
    checker = FakeLinkChecker(answer, most)
    check_links(checker)  # type: ignore[arg-type]
    return checker.checked


def test_what_is_gone_is_dead_at_once_and_what_is_doubtful_on_the_third_day(
    london_time_is: Callable[..., datetime],
) -> None:
    check = LinkCheck.objects.create(address=FAR)

    def after(answer: LinkResult, day: int, hour: int = 3) -> tuple[bool, int, date | None]:
        london_time_is(2026, 11, day, hour)
        run(answer)
        check.refresh_from_db()
        return check.is_dead, check.failures, check.failing_since

    first = date(2026, 11, 1)
    assert after(DOUBTFUL, 1) == (False, 1, first)
    assert after(DOUBTFUL, 1, hour=23) == (False, 1, first)
    assert after(DOUBTFUL, 2) == (False, 2, first)
    assert after(DOUBTFUL, 3) == (True, 3, first)
    assert after(FINE, 4) == (False, 0, None)
    assert after(DOUBTFUL, 5) == (False, 1, date(2026, 11, 5))
    assert after(GONE, 5, hour=4) == (True, 1, date(2026, 11, 5))
    # A site that is out of order as well has not brought its page back.
    assert after(DOUBTFUL, 6) == (True, 2, date(2026, 11, 5))
    assert check.answer == "No answer"


def test_those_that_waited_longest_are_asked_first(london_time_is: Callable[..., datetime]) -> None:
    now = london_time_is(2026, 11, 1)
    for days, name in ((1, "young"), (3, "old"), (2, "middle")):
        LinkCheck.objects.create(address=f"https://{name}.example.org/", checked_at=now - timedelta(days=days))
    LinkCheck.objects.create(address="https://new.example.org/")
    assert run(FINE, most=2) == ["https://new.example.org/", "https://old.example.org/"]
    assert run(FINE, most=2) == ["https://middle.example.org/", "https://young.example.org/"]


def test_when_no_site_replies_it_is_not_the_links_that_are_dead(
    small_site: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_page(small_site.home, "Here", body=text(to_web(), to_web("https://other.example.org/")))
    nothing = LinkResult(LinkState.GONE, "There is no site of this name", is_reply=False)
    monkeypatch.setattr("core.links.requests.LinkChecker.check", lambda checker, address: nothing)
    with pytest.raises(CommandError, match="No site replied"):
        call_command("check_links")
    assert not LinkCheck.objects.exclude(checked_at=None).exists()
    monkeypatch.setattr(
        "core.links.requests.LinkChecker.check", lambda checker, address: FINE if address == FAR else nothing
    )
    call_command("check_links")
    assert list(LinkCheck.objects.filter(is_dead=True).values_list("address", flat=True)) == [
        "https://other.example.org/"
    ]


def test_the_command_remembers_asks_and_says_how_many(
    small_site: SmallSite, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    add_page(small_site.home, "Here", body=text(to_web()))
    monkeypatch.setattr("core.links.requests.LinkChecker.check", lambda checker, address: GONE)
    call_command("check_links")
    assert capsys.readouterr().out == "Asked for 1 web address.\n"
    assert LinkCheck.objects.get().is_dead
    monkeypatch.setattr("core.links.requests.LinkChecker.check", FakeLinkChecker(FINE, most=0).check)
    call_command("check_links")
    assert "The time was over" in capsys.readouterr().out
