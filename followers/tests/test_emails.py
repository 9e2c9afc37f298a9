"""The mails: every field is there, in text and in HTML, with nothing that follows the reader."""

from email import message_from_bytes, policy
from email.message import EmailMessage as ParsedMessage
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.template import engines
from django.template.base import VariableDoesNotExist
from icalendar import Calendar

from centres.models import CentrePage
from core.mail.rendered_email import RenderedEmail
from core.models import SiteSettings
from followers.emails import send_to_oneself
from followers.factories import DeliveryFactory, FollowerFactory, FollowFactory, FollowRequestFactory, NoticeFactory
from followers.jobs import prepare
from followers.models import Follower, Notice, RequestKind
from followers.tests.helpers import new_mails, only
from followers.tokens import confirm_path, manage_path, unsubscribe_path
from home.factories import SmallSite
from news.factories import NewsPageFactory
from news.models import ForumPage
from testing.clocks import Clock
from whats_on.tests.making import add_event, london

HOST = "http://testserver"


class Missing(str):
    """Stands for what a template asks for and nobody gave: an error, not an empty place."""

    def __mod__(self, name: Any) -> str:
        raise VariableDoesNotExist(f"A mail asks for {name}.")

    def __contains__(self, text: Any) -> bool:
        return text == "%s"


@pytest.fixture(autouse=True)
def every_field_is_there(settings: Any) -> None:
    """Fail when a template names a field that does not exist, which would silently be blank."""
    (engine,) = settings.TEMPLATES
    options = {**engine["OPTIONS"], "string_if_invalid": Missing("%s")}
    settings.TEMPLATES = [{**engine, "OPTIONS": options}]


@pytest.fixture
def organisation(small_site: SmallSite) -> str:
    SiteSettings.objects.update_or_create(site=small_site.site, defaults={"organisation_name": "Testshire & Jugglers"})
    return "Testshire & Jugglers"


@pytest.fixture
def notice(small_site: SmallSite, centre: CentrePage, forum: ForumPage, organisation: str, clock: Clock) -> Notice:
    clock.advance(minutes=1)
    page = NewsPageFactory(
        parent=small_site.news, title="Clubs & <b>balls</b> 🤹", summary="Six of “each”. Bring & share."
    )
    return NoticeFactory.create(page=page, topics=[centre, forum], line="It is at six now.")


def sent(notice: Notice, follower: Follower) -> tuple[RenderedEmail, ParsedMessage]:
    """Send a notice to one person; return it as Django has it, and as the person's mail program reads it."""
    DeliveryFactory.create(notice=notice, follower=follower)
    email = only(new_mails())
    assert isinstance(email, RenderedEmail)
    return email, message_from_bytes(email.message().as_bytes(), _class=ParsedMessage, policy=policy.default)


def parts(message: ParsedMessage) -> tuple[str, BeautifulSoup, str]:
    text, html = (message.get_body([kind]) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    plain, written = (part.get_content().replace("\r\n", "\n") for part in (text, html))
    return plain, BeautifulSoup(written, "html.parser"), written


def follower_of(*topics: Any, email: str = "juggler@example.com") -> Follower:
    follower: Follower = FollowerFactory.create(email=email)
    Follower.objects.filter(pk=follower.pk).update(confirmed_at=follower.confirmed_at)
    for topic in topics:
        FollowFactory.create(page=topic, follower=follower)
    return follower


@pytest.fixture
def follower(centre: CentrePage, forum: ForumPage) -> Follower:
    return follower_of(centre, forum)


@pytest.fixture
def told(follower: Follower, notice: Notice) -> tuple[RenderedEmail, ParsedMessage]:
    return sent(notice, follower)


def test_a_notice_has_every_field_in_text(
    told: tuple[RenderedEmail, ParsedMessage],
    follower: Follower,
    centre: CentrePage,
    forum: ForumPage,
    organisation: str,
) -> None:
    text, _, _ = parts(told[1])
    assert text.splitlines()[0] == "Clubs & <b>balls</b> 🤹"
    assert "It is at six now.\n" in text
    assert "Six of “each”. Bring & share." in text
    assert f"{HOST}/news/" in text
    assert organisation in text
    assert f"You follow: {forum.title}, {centre.title}." in text
    assert HOST + manage_path(follower.key) in text
    assert HOST + unsubscribe_path(follower.key) in text


def test_a_notice_says_the_same_in_html(
    told: tuple[RenderedEmail, ParsedMessage], follower: Follower, centre: CentrePage, forum: ForumPage
) -> None:
    _, soup, html = parts(told[1])
    assert soup.html is not None
    assert soup.html["lang"] == "en-GB"
    assert [h1.get_text() for h1 in soup.select("h1")] == ["Clubs & <b>balls</b> 🤹"]
    assert "It is at six now." in soup.get_text()
    assert "Six of “each”. Bring & share." in soup.get_text()
    assert f"{forum.title}, {centre.title}" in soup.get_text()
    links = [str(link["href"]) for link in soup.select("a")]
    assert HOST + manage_path(follower.key) in links
    assert HOST + unsubscribe_path(follower.key) in links
    assert all(link.startswith(f"{HOST}/") for link in links)
    assert "<b>balls" not in html


def test_a_mail_asks_for_nothing_that_tells_who_read_it(told: tuple[RenderedEmail, ParsedMessage]) -> None:
    _, soup, html = parts(told[1])
    assert soup.select("img, link, script, iframe, style, [src], [background]") == []
    assert "url(" not in html
    # A link is the page's own address, the same for everyone.
    shared = [str(a["href"]) for a in soup.select("a") if "/follow/" not in str(a["href"])]
    assert shared
    assert all("?" not in link for link in shared)


def test_a_mail_can_be_unsubscribed_from_in_one_step(
    told: tuple[RenderedEmail, ParsedMessage], follower: Follower
) -> None:
    message = told[1]
    assert (
        message["List-Unsubscribe"].replace("\r\n", "").replace(" ", "") == f"<{HOST}{unsubscribe_path(follower.key)}>"
    )
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"


def test_what_is_printed_once_for_many_is_what_django_would_have_made(
    told: tuple[RenderedEmail, ParsedMessage], follower: Follower
) -> None:
    email, printed = told
    assert email.printed is not None
    email.printed = None
    made = message_from_bytes(email.message().as_bytes(), _class=ParsedMessage, policy=policy.default)
    for header in ("Subject", "From", "To", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post"):
        assert printed[header].strip() == made[header].strip(), header
    assert parts(printed)[0] == parts(made)[0]
    assert parts(printed)[2] == parts(made)[2]
    assert printed["To"] == follower.email


def test_two_people_have_mails_that_differ_only_in_what_is_theirs(
    centre: CentrePage, notice: Notice, clock: Clock
) -> None:
    people = [follower_of(centre, email=f"person{number}@example.com") for number in (1, 2)]
    notice.released_at = clock.now
    notice.save()
    for person in people:
        DeliveryFactory.create(notice=notice, follower=person)
    first, second = [message.message().as_bytes().decode() for message in new_mails()]
    assert people[0].key.hex in first
    assert people[1].key.hex not in first
    assert people[1].key.hex in second
    assert "person1@example.com" in first
    assert "person2@example.com" not in first
    assert "placeholder.invalid" not in first + second
    assert "message-id-of-a-mail" not in first + second


@pytest.mark.parametrize("email", ["o'juggler+clubs@example.com", "x" * 60 + "@" + "y" * 60 + ".example.com"])
def test_odd_addresses_are_written_to(centre: CentrePage, notice: Notice, clock: Clock, email: str) -> None:
    follower = follower_of(centre, email=email)
    notice.released_at = clock.now
    notice.save()
    _, message = sent(notice, follower)
    assert message["To"].replace("\n", "").replace(" ", "") == email


def test_a_digest_has_every_field(
    small_site: SmallSite, follower: Follower, notice: Notice, centre: CentrePage, clock: Clock, organisation: str
) -> None:
    NoticeFactory.create(page=notice.page, topics=[centre])
    Notice.objects.update(prepared_at=None)
    follower.follows.update(frequency="daily")
    prepare()
    clock.advance(days=1)
    prepare()
    (email,) = new_mails()
    message = message_from_bytes(email.message().as_bytes(), _class=ParsedMessage, policy=policy.default)
    text, soup, _ = parts(message)
    for content in (text, soup.get_text()):
        assert "2 updates on what you follow" in content
        assert centre.title in content
        assert "Clubs & <b>balls</b> 🤹" in content
        assert "It is at six now." in content
        assert organisation in content
    assert [h.name for h in soup.select("h1, h2, h3")] == ["h1", "h2", "h3", "h3"]
    assert HOST + manage_path(follower.key) in text
    assert HOST + unsubscribe_path(follower.key) in text
    assert message["List-Unsubscribe"]


def test_a_confirmation_has_every_field_and_no_way_to_unsubscribe_from_what_nobody_follows_yet(
    centre: CentrePage, forum: ForumPage, organisation: str
) -> None:
    request = FollowRequestFactory.create(pages=[centre, forum])
    request.requested.update(frequency="weekly")
    email = only(new_mails())
    message = message_from_bytes(email.message().as_bytes(), _class=ParsedMessage, policy=policy.default)
    text, soup, _ = parts(message)
    assert email.subject == f"Please confirm that you want updates – {organisation}"
    for content in (text, soup.get_text()):
        assert "once a week" in content
        assert centre.title in content
        assert forum.title in content
        assert "48 hours" in content
        assert organisation in content
    assert HOST + confirm_path(request.key) in text
    assert next(str(a["href"]) for a in soup.select("a")) == HOST + confirm_path(request.key)
    assert message["List-Unsubscribe"] is None


def test_the_link_that_was_lost_has_every_field(centre: CentrePage, organisation: str) -> None:
    follower = follower_of(centre)
    FollowRequestFactory.create(kind=RequestKind.LINK, email=follower.email)
    email = only(new_mails())
    message = message_from_bytes(email.message().as_bytes(), _class=ParsedMessage, policy=policy.default)
    text, soup, _ = parts(message)
    assert email.subject == f"Your link to what you follow – {organisation}"
    assert HOST + manage_path(follower.key) in text
    assert next(str(a["href"]) for a in soup.select("a")) == HOST + manage_path(follower.key)


def test_a_template_that_asks_for_what_is_not_there_is_noticed(notice: Notice) -> None:
    with pytest.raises(VariableDoesNotExist):
        engines["django"].from_string("{{ item.no_such_thing }}").render({"item": notice})


def test_a_test_to_oneself_has_links_that_are_nobodys(notice: Notice, follower: Follower) -> None:
    assert send_to_oneself(notice, "editor@example.com") == ""
    (message,) = mail.outbox
    assert message.to == ["editor@example.com"]
    assert message.subject == "Clubs & <b>balls</b> 🤹"
    assert "/follow/manage/" in str(message.body)
    assert follower.key.hex not in str(message.body)
    assert not notice.recipients.exists()


def test_links_begin_with_the_address_of_the_site_as_the_settings_have_it(
    notice: Notice, follower: Follower, small_site: SmallSite, settings: Any
) -> None:
    small_site.site.hostname, small_site.site.port = "localhost", 80
    small_site.site.save()
    settings.WAGTAILADMIN_BASE_URL = "https://www.example.org"
    email, message = sent(notice, follower)
    _, soup, _ = parts(message)
    assert all(str(a["href"]).startswith("https://www.example.org/") for a in soup.select("a"))
    assert email.extra_headers["List-Unsubscribe"].startswith("<https://www.example.org/follow/leave/")


def test_a_mail_is_plain_ascii_in_lines_that_no_server_breaks(
    notice: Notice, follower: Follower, settings: Any
) -> None:
    settings.REPLY_TO = "updates@example.org"
    email, message = sent(notice, follower)
    assert email.printed is not None
    assert email.printed.isascii()
    assert max(map(len, email.printed.partition(b"\r\n\r\n")[2].split(b"\r\n"))) <= 76
    kinds = [part["Content-Transfer-Encoding"] for part in message.walk() if not part.is_multipart()]
    assert kinds == ["quoted-printable", "quoted-printable"]
    # What is printed once for all says the same as what is put together for one.
    text, _, html = parts(message)
    assert text == str(email.body)
    assert html == str(email.alternatives[0][0])
    assert message["List-Id"] == "<updates.testserver>"
    assert message["Reply-To"] == "updates@example.org"
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply"


def test_a_mail_about_an_event_carries_its_calendar_entry(
    small_site: SmallSite, centre: CentrePage, clock: Clock, organisation: str
) -> None:
    follower = follower_of(centre)
    event = add_event(small_site.events, "Drop-in", london(2026, 6, 1), london(2026, 6, 8), centre=centre)
    clock.advance(minutes=1)
    _, message = sent(NoticeFactory.create(page=event, topics=[centre]), follower)
    (entry,) = message.iter_attachments()
    assert (entry.get_content_type(), entry.get_filename()) == ("text/calendar", "event.ics")
    calendar = Calendar.from_ical(entry.get_content())
    assert [str(each["SUMMARY"]) for each in calendar.walk("VEVENT")] == ["Drop-in", "Drop-in"]
