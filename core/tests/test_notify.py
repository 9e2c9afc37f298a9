"""Mail by GOV.UK Notify: what is asked of it, and what its refusals mean for the sender. A small fake stands for it."""

import json
import smtplib
import socket
import threading
import time
import traceback
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage

from core.mail.backends.notify import NotifyBackend
from core.mail.rendered_email import RenderedEmail
from core.mail.smtp_errors import ErrorKind, delivery_error

SERVICE = "11111111-aaaa-4aaa-8aaa-111111111111"
SECRET = "22222222-bbbb-4bbb-8bbb-222222222222"
TEMPLATE = "33333333-cccc-4ccc-8ccc-333333333333"
ADDRESS = "somebody@example.com"
UNSUBSCRIBE = "https://website.example.com/leave/x/"

# What Notify answers: a status, and either its errors or a page that is no JSON.
Answer = tuple[int, list[dict[str, str]] | str]


class Api(BaseHTTPRequestHandler):
    """What Notify does with POST /v2/notifications/email, as far as it matters here."""

    protocol_version = "HTTP/1.1"
    # How long it waits for another request.
    timeout = 1
    # What it was asked, and from which ports; what it answers instead of taking a mail.
    asked: list[dict[str, Any]] = []
    ports: list[int] = []
    answers: list[Answer] = []
    # Clear while it does not answer at all.
    awake = threading.Event()

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.awake.wait(10) or self.path != "/v2/notifications/email":
            self.close_connection = True
            return
        status, said = self.refusal(asked) or (201, "")
        if status == 201:
            self.asked.append(asked)
            self.ports.append(self.client_address[1])
            said = "{}"
        elif isinstance(said, list):
            said = json.dumps({"status_code": status, "errors": said})
        self.send_response(status)
        self.send_header("Content-Length", str(len(said.encode())))
        if status != 201:
            # An error holds on to its connection until it is forgotten itself.
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(said.encode())

    def refusal(self, asked: dict[str, Any]) -> Answer | None:
        """Return what it was told to answer, or what is wrong with a request."""
        if self.answers:
            return self.answers.pop(0)
        try:
            token = self.headers["Authorization"].removeprefix("Bearer ")
            claims = jwt.decode(token, SECRET, algorithms=["HS256"], issuer=SERVICE)
        except jwt.InvalidTokenError:
            claims = {"iat": 0}
        if abs(claims["iat"] - time.time()) > 30:
            return 403, [{"error": "AuthError", "message": "Invalid token: API key not found"}]
        link = asked.get("one_click_unsubscribe_url", "https:")
        fields = {
            "email_address Not a valid email address": "@" in asked.get("email_address", ""),
            "template_id is not a valid UUID": len(asked.get("template_id", "")) == len(TEMPLATE),
            "one_click_unsubscribe_url is not a valid https url": link.startswith("https"),
        }
        if not all(fields.values()):
            wrong = [words for words, is_right in fields.items() if not is_right]
            return 400, [{"error": "ValidationError", "message": words} for words in wrong]
        if asked["template_id"] != TEMPLATE:
            return 400, [{"error": "BadRequestError", "message": "Template not found"}]
        if missing := {"subject", "body"} - asked["personalisation"].keys():
            return 400, [{"error": "BadRequestError", "message": f"Missing personalisation: {', '.join(missing)}"}]
        return None

    def log_message(self, *args: Any) -> None:
        """Print nothing."""


@pytest.fixture
def api(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Api]]:
    """The fake, and settings with which mail goes to it."""
    for kept in (Api.asked, Api.ports, Api.answers):
        kept.clear()
    Api.awake.set()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    # So that closing it waits for the last answer.
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    settings.NOTIFY_BASE_URL = f"http://127.0.0.1:{server.server_address[1]}"
    settings.NOTIFY_API_KEY = f"made_up-{SERVICE}-{SECRET}"
    settings.NOTIFY_TEMPLATE_ID = TEMPLATE
    settings.EMAIL_TIMEOUT = 5
    yield Api
    Api.awake.set()
    server.shutdown()
    server.server_close()
    thread.join()


def mail(*to: str, **headers: str) -> EmailMessage:
    """Return a mail, ready printed for a mail server, as most of the followers' are."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    message = RenderedEmail("A circus’s news", "Come & juggle.\n", to=to or (ADDRESS,), headers=named)
    message.attach_alternative("<p>Come &amp; juggle.</p>", "text/html")
    message.printed = b"Subject: As printed\r\n\r\nAs printed\r\n"
    return message


def failure() -> smtplib.SMTPException:
    """Return the error of a mail that is not sent."""
    with pytest.raises(smtplib.SMTPException) as caught:
        NotifyBackend().send_messages([mail()])
    return caught.value


def test_a_mail_arrives_with_its_words_in_the_fields_of_the_template(api: type[Api]) -> None:
    message = mail(**{"Message-ID": "<abc@website.example.com>"})
    assert NotifyBackend().send_messages([message]) == 1
    assert api.asked == [
        {
            "email_address": ADDRESS,
            "template_id": TEMPLATE,
            "personalisation": {"subject": "A circus’s news", "body": "Come & juggle.\n"},
            "reference": "abc@website.example.com",
        }
    ]


@pytest.mark.parametrize(
    ("header", "link"),
    [
        (f"<{UNSUBSCRIBE}>", UNSUBSCRIBE),
        (f"<mailto:leave@website.example.com>, <{UNSUBSCRIBE}>", UNSUBSCRIBE),
        ("<http://localhost:8000/leave/x/>", None),
        ("<mailto:leave@website.example.com>", None),
    ],
)
def test_the_link_for_leaving_goes_with_the_mail_if_it_is_https(api: type[Api], header: str, link: str | None) -> None:
    assert NotifyBackend().send_messages([mail(List_Unsubscribe=header)]) == 1
    assert api.asked[0].get("one_click_unsubscribe_url") == link


def test_every_recipient_gets_a_mail_of_their_own(api: type[Api]) -> None:
    messages = [mail(ADDRESS, "somebody.else@example.com"), mail("a.third@example.com")]
    assert NotifyBackend().send_messages(messages) == 2
    assert [asked["email_address"] for asked in api.asked] == [
        ADDRESS,
        "somebody.else@example.com",
        "a.third@example.com",
    ]


def test_a_mail_to_nobody_is_not_counted(api: type[Api]) -> None:
    assert NotifyBackend().send_messages([EmailMessage("To nobody", "Nothing")]) == 0
    assert api.asked == []


def test_an_open_connection_is_used_for_mail_after_mail_until_it_is_closed(api: type[Api]) -> None:
    backend = NotifyBackend()
    assert backend.open() is True
    assert backend.open() is False
    for _ in range(3):
        backend.send_messages([mail()])
    assert len(api.ports) == 3
    assert len(set(api.ports)) == 1
    backend.close()
    backend.close()
    assert backend.open() is True
    backend.send_messages([mail()])
    backend.close()
    assert len(set(api.ports)) == 2


def test_a_connection_that_was_not_open_is_closed_again_even_after_an_error(api: type[Api]) -> None:
    backend = NotifyBackend()
    for answers in ([], [(500, "")]):
        api.answers.extend(answers)
        backend.fail_silently = bool(answers)
        backend.send_messages([mail()])
        assert backend.open() is True
        backend.close()


def test_a_wrong_key_is_no_fault_of_the_mail(api: type[Api], settings: Any) -> None:
    settings.NOTIFY_API_KEY = f"made_up-{SERVICE}-{TEMPLATE}"
    error = failure()
    assert isinstance(error, smtplib.SMTPAuthenticationError)
    assert error.smtp_code == 535
    assert delivery_error(error).kind is ErrorKind.SERVER
    assert api.asked == []


def test_what_is_no_address_is_refused_for_good(api: type[Api]) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as caught:
        NotifyBackend().send_messages([mail("somebody")])
    assert caught.value.recipients["somebody"][0] == 550
    assert delivery_error(caught.value).kind is ErrorKind.REFUSED


@pytest.mark.parametrize("template", ["44444444-dddd-4ddd-8ddd-444444444444", "no identifier"])
def test_a_wrong_template_is_no_fault_of_the_mail(api: type[Api], settings: Any, template: str) -> None:
    settings.NOTIFY_TEMPLATE_ID = template
    error = failure()
    assert isinstance(error, smtplib.SMTPSenderRefused)
    assert error.sender == settings.DEFAULT_FROM_EMAIL
    assert delivery_error(error).kind is ErrorKind.SERVER


def said(kind: str, *messages: str) -> list[dict[str, str]]:
    """Return errors of one kind, each of which also names the person."""
    return [{"error": kind, "message": f"{message} ({ADDRESS})"} for message in messages]


REFUSED, SENDER = smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused
KEY, GONE = smtplib.SMTPAuthenticationError, smtplib.SMTPServerDisconnected
# The errors of https://docs.notifications.service.gov.uk/python.html, and some that no API should give.
ANSWERS: list[tuple[int, list[dict[str, str]] | str, type[smtplib.SMTPException], ErrorKind]] = [
    (400, said("ValidationError", "email_address is not a valid email address"), REFUSED, ErrorKind.REFUSED),
    (400, said("InvalidEmailError", "Not a valid email address"), REFUSED, ErrorKind.REFUSED),
    (
        400,
        said("BadRequestError", "Can’t send to this recipient using a team-only API key"),
        SENDER,
        ErrorKind.SERVER,
    ),
    (
        400,
        said("BadRequestError", "Can’t send to this recipient when service is in trial mode"),
        SENDER,
        ErrorKind.SERVER,
    ),
    (400, said("BadRequestError", "Missing personalisation: body"), SENDER, ErrorKind.SERVER),
    (
        400,
        said("ValidationError", "email_address is not a valid email address", "template_id is not a valid UUID"),
        SENDER,
        ErrorKind.SERVER,
    ),
    (400, said("ValidationError", "email_reply_to_id is not a valid UUID"), SENDER, ErrorKind.SERVER),
    (400, [], SENDER, ErrorKind.SERVER),
    (400, f"<p>Bad request: {ADDRESS}</p>", SENDER, ErrorKind.SERVER),
    (400, json.dumps({"message": f"email_address {ADDRESS}"}), SENDER, ErrorKind.SERVER),
    (400, json.dumps({"errors": [f"email_address {ADDRESS}"]}), SENDER, ErrorKind.SERVER),
    (404, said("NoResultFound", "No result found"), SENDER, ErrorKind.SERVER),
    (401, said("AuthError", "Unauthorized: authentication token must be provided"), KEY, ErrorKind.SERVER),
    (403, said("BadRequestError", "Error: Your system clock must be accurate"), KEY, ErrorKind.SERVER),
    (429, said("RateLimitError", "Exceeded rate limit for key type LIVE"), REFUSED, ErrorKind.SERVER),
    (429, said("TooManyRequestsError", "Exceeded send limits (250000) for today"), REFUSED, ErrorKind.SERVER),
    (500, said("Exception", "Internal server error"), GONE, ErrorKind.SERVER),
    (502, "<h1>Bad gateway</h1>", GONE, ErrorKind.SERVER),
    (503, "", GONE, ErrorKind.SERVER),
    (200, "<h1>Please sign in to this network</h1>", GONE, ErrorKind.SERVER),
]


@pytest.mark.parametrize(("status", "answer", "kind", "outcome"), ANSWERS)
def test_a_refusal_is_blamed_on_the_address_the_website_or_the_server(
    api: type[Api],
    status: int,
    answer: list[dict[str, str]] | str,
    kind: type[smtplib.SMTPException],
    outcome: ErrorKind,
) -> None:
    api.answers.append((status, answer))
    error = failure()
    assert type(error) is kind
    assert delivery_error(error).kind is outcome
    assert api.asked == []


@pytest.mark.parametrize(("status", "answer"), [(status, answer) for status, answer, _, _ in ANSWERS])
def test_an_error_tells_neither_the_address_nor_the_key_nor_what_notify_said(
    api: type[Api], status: int, answer: list[dict[str, str]] | str
) -> None:
    api.answers.append((status, answer))
    error = failure()
    told = "".join(traceback.format_exception(error))
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        assert list(error.recipients) == [ADDRESS]
        told = told.replace(f"{{'{ADDRESS}': ", "")
    assert ADDRESS not in told
    assert SECRET not in told
    assert "HTTPError" not in told


def test_a_server_that_does_not_answer_in_time_is_left_alone(api: type[Api], settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 0.1
    api.awake.clear()
    began = time.monotonic()
    error = failure()
    assert time.monotonic() - began < 5
    assert isinstance(error, smtplib.SMTPServerDisconnected)
    assert delivery_error(error).kind is ErrorKind.SERVER


def test_a_server_that_hangs_up_is_left_alone(api: type[Api], settings: Any) -> None:
    def hang_up() -> None:
        server.accept()[0].close()

    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.NOTIFY_BASE_URL = f"http://127.0.0.1:{server.getsockname()[1]}"
        thread = threading.Thread(target=hang_up)
        thread.start()
        error = failure()
        thread.join()
    assert isinstance(error, smtplib.SMTPServerDisconnected)
    assert delivery_error(error).kind is ErrorKind.SERVER


def test_a_server_that_refuses_the_connection_is_left_alone(api: type[Api], settings: Any) -> None:
    # Bound, so that nobody else has the port, but not listening.
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.NOTIFY_BASE_URL = f"http://127.0.0.1:{closed.getsockname()[1]}"
        error = failure()
    assert isinstance(error, smtplib.SMTPServerDisconnected)
    assert delivery_error(error).kind is ErrorKind.SERVER


def test_a_mail_that_fails_in_silence_is_not_counted_and_the_next_is_sent(api: type[Api]) -> None:
    api.answers.append((500, ""))
    backend = NotifyBackend(fail_silently=True)
    assert backend.send_messages([mail(), mail("somebody.else@example.com")]) == 1
    assert [asked["email_address"] for asked in api.asked] == ["somebody.else@example.com"]


def test_the_first_mail_that_fails_aloud_is_the_last_that_is_tried(api: type[Api]) -> None:
    api.answers.append((500, ""))
    with pytest.raises(smtplib.SMTPServerDisconnected):
        NotifyBackend().send_messages([mail(), mail()])
    assert api.asked == []


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("NOTIFY_API_KEY", ""),
        ("NOTIFY_API_KEY", SECRET),
        ("NOTIFY_API_KEY", f"made_up-{SERVICE}-{SECRET}\n"),
        ("NOTIFY_TEMPLATE_ID", ""),
    ],
)
def test_a_setting_that_is_missing_or_cut_short_is_named_at_once(
    api: type[Api], settings: Any, setting: str, value: str
) -> None:
    setattr(settings, setting, value)
    with pytest.raises(ImproperlyConfigured, match=f"^{setting} must") as caught:
        NotifyBackend()
    assert SECRET not in str(caught.value)
