"""Asking other sites: what each reply means, never this network, and every limit. Nothing here leaves the machine."""

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address, IPv6Address
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError, NewConnectionError, SSLError
from urllib3.util import Url, parse_url

from core.links import requests
from core.links.requests import LinkChecker, LinkResult, LinkState, ResponseHead, RunOverError, is_global

GLOBAL = "93.184.215.14"
FAR = "https://far.example.org/"


class FakeWeb:
    """Names that lead to IP addresses, and addresses that reply; a clock that only sleeping and replies move."""

    def __init__(self, replies: dict[str, Any], names: dict[str, list[str]] | None = None) -> None:
        self.replies, self.names = replies, names or {}
        self.sent: list[tuple[str, str, str]] = []
        self.sent_at: list[float] = []
        self.now = 0.0
        self.takes = 0.0

    def resolve(self, host: str, port: int) -> list[str]:
        found = self.names.get(host, [GLOBAL])
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return found

    def send(self, method: str, url: Url, ip: str, seconds: float) -> ResponseHead:
        self.sent.append((method, url.url, ip))
        self.sent_at.append(self.now)
        self.now += self.takes
        reply = self.replies.get(url.url, ResponseHead(200))
        reply = reply.get(method, ResponseHead(200)) if isinstance(reply, dict) else reply
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, ResponseHead) else ResponseHead(reply)

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def checker(self, internal_hosts: frozenset[str] = frozenset(), **limits: float) -> LinkChecker:
        return LinkChecker(
            seconds_each=10,
            seconds_altogether=limits.get("seconds_altogether", 100),
            pause=limits.get("pause", 2),
            internal_hosts=internal_hosts,
            resolve=self.resolve,
            send=self.send,
            clock=lambda: self.now,
            sleep=self.sleep,
        )


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        (200, LinkState.FINE),
        (304, LinkState.FINE),
        (404, LinkState.GONE),
        (410, LinkState.GONE),
        (socket.gaierror(socket.EAI_NONAME, "unknown"), LinkState.GONE),
        (socket.gaierror(socket.EAI_AGAIN, "later"), LinkState.DOUBTFUL),
        (403, LinkState.DOUBTFUL),
        (429, LinkState.DOUBTFUL),
        (500, LinkState.DOUBTFUL),
        (503, LinkState.DOUBTFUL),
        (400, LinkState.DOUBTFUL),
        (HTTPError("broken"), LinkState.DOUBTFUL),
        (SSLError("expired"), LinkState.DOUBTFUL),
        (ConnectionResetError(), LinkState.DOUBTFUL),
    ],
)
def test_what_each_reply_means(reply: Any, state: LinkState) -> None:
    answer = FakeWeb({FAR: reply}).checker().check(FAR)
    assert answer.state is state
    assert answer.words


def test_a_site_that_refuses_head_is_asked_again() -> None:
    web = FakeWeb({FAR: {"HEAD": 405, "GET": 200}})
    assert web.checker().check(FAR).state is LinkState.FINE
    assert [method for method, *_ in web.sent] == ["HEAD", "GET"]
    web = FakeWeb({FAR: {"HEAD": HTTPError("closed"), "GET": 404}})
    assert web.checker().check(FAR).state is LinkState.GONE


def test_people_are_followed_where_they_are_sent_but_not_for_ever() -> None:
    web = FakeWeb(
        {FAR: ResponseHead(301, "/new"), f"{FAR}new": ResponseHead(302, "https://other.example.org/"), "x": 1}
    )
    assert web.checker().check(FAR).state is LinkState.FINE
    assert web.sent[-1][1] == "https://other.example.org/"
    web = FakeWeb({FAR: ResponseHead(301, FAR)})
    assert web.checker().check(FAR) == LinkResult(LinkState.DOUBTFUL, "The site sends people on again and again")
    assert len(web.sent) == 2 * (requests.MAX_REDIRECTS + 1)


@pytest.mark.parametrize(
    "ip",
    [
        *(
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.1",
            "224.0.0.1",
        ),
        *("255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
        *("2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a00:1", "ff02::1", "nonsense"),
    ],
)
def test_no_request_goes_into_a_private_network(ip: str) -> None:
    assert not is_global(ip)
    for found in ([ip], [GLOBAL, ip]):
        web = FakeWeb({}, {"far.example.org": found})
        answer = web.checker().check(FAR)
        assert answer == LinkResult(
            LinkState.DOUBTFUL, "It leads into a private network, where residents cannot go", is_reply=False
        )
        assert web.sent == []


PRIVATE = [
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"),
    *("192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
    *("224.0.0.0/4", "240.0.0.0/4"),
    *("::/8", "100::/8", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10"),
    "ff00::/8",
]
# In each of these an address of IPv4 can stand: where it begins, and how many bits come after it.
WRAPPED = [("::", 0), ("::ffff:0:0", 0), ("::ffff:0:0:0", 0), ("64:ff9b::", 0), ("64:ff9b:1::", 0), ("2002::", 80)]
CHECKED = settings(max_examples=150, derandomize=True, database=None)


@CHECKED
@given(st.sampled_from(PRIVATE).flatmap(lambda network: st.ip_addresses(network=network)))
def test_no_address_of_a_private_range_is_global(ip: IPv4Address | IPv6Address) -> None:
    assert not is_global(str(ip))


@CHECKED
@given(st.ip_addresses(v=4), st.sampled_from(WRAPPED))
def test_an_address_in_the_clothes_of_another_is_as_private_as_that(ip: IPv4Address, clothes: tuple[str, int]) -> None:
    start, bits = clothes
    dressed = str(IPv6Address(int(IPv6Address(start)) | int(ip) << bits))
    assert is_global(dressed) is (start == "64:ff9b::" and is_global(str(ip)))


@CHECKED
@given(st.ip_addresses(v=6))
def test_whatever_python_takes_for_private_is_not_asked(ip: IPv6Address) -> None:
    if is_global(str(ip)):
        assert ip.is_global
        assert not ip.is_multicast
    assert not is_global(f"{ip}%eth0")


@pytest.mark.parametrize(
    "host",
    [
        *(
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "127.1",
            "0177.0.0.1",
            "127.0.0.01",
            "017700000001",
            "1.2.3",
            "0x",
            "1.",
        ),
        *("example.1", "[fe80::1%25eth0]"),
    ],
)
def test_a_number_in_the_place_of_a_name_is_not_looked_up(host: str) -> None:
    looked_up: list[str] = []

    def resolve(name: str, port: int) -> list[str]:
        looked_up.append(name)
        return [GLOBAL]

    web = FakeWeb({})
    checker = web.checker()
    checker.resolve = resolve
    assert checker.check(f"http://{host}/").state is not LinkState.FINE
    assert web.sent == []
    assert "%" in host or looked_up == []


@pytest.mark.parametrize(
    "location", ["http://127.1/", "http://[::ffff:0:127.0.0.1]/", "http://2130706433/", "http://[::127.0.0.1]/"]
)
def test_nobody_is_led_into_a_private_network_by_a_strange_form(location: str) -> None:
    web = FakeWeb({FAR: ResponseHead(302, location)})
    checker = web.checker()
    real = checker.resolve
    checker.resolve = lambda host, port: [host] if ":" in host else real(host, port)
    assert checker.check(FAR).state is LinkState.DOUBTFUL
    assert {url for _, url, _ in web.sent} == {FAR}


@pytest.mark.parametrize("ip", [GLOBAL, "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"])
def test_the_open_internet_is_asked(ip: str) -> None:
    assert is_global(ip)


def test_a_redirect_into_a_private_network_is_not_followed() -> None:
    web = FakeWeb({FAR: ResponseHead(302, "http://inside.example.org/secret")}, {"inside.example.org": ["10.0.0.1"]})
    assert web.checker().check(FAR).state is LinkState.DOUBTFUL
    assert {url for _, url, _ in web.sent} == {FAR}


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://far.example.org/", "gopher://far.example.org/"])
def test_a_redirect_out_of_the_web_is_not_followed(location: str) -> None:
    web = FakeWeb({FAR: ResponseHead(302, location)})
    assert web.checker().check(FAR).state is LinkState.DOUBTFUL
    assert {url for _, url, _ in web.sent} == {FAR}


@pytest.mark.parametrize("address", ["https://[far/", "https:///x", "https://far.example.org:99999/"])
def test_what_is_no_address_is_gone(address: str) -> None:
    web = FakeWeb({})
    assert web.checker().check(address).state is LinkState.GONE
    assert web.sent == []


def test_a_broken_redirect_stops_nothing() -> None:
    assert FakeWeb({FAR: ResponseHead(302, "https://[far/")}).checker().check(FAR).state is not LinkState.FINE


def test_the_request_goes_to_the_address_that_was_looked_at() -> None:
    web = FakeWeb({})
    web.checker().check(FAR)
    assert web.sent == [("HEAD", FAR, GLOBAL)]


def test_this_site_on_this_machine_is_left_alone() -> None:
    web = FakeWeb({}, {"own.example.org": ["127.0.0.1"]})
    answer = web.checker(internal_hosts=frozenset({"own.example.org"})).check("https://own.example.org/centres/")
    assert answer.state is LinkState.FINE
    assert web.sent == []


def test_one_host_is_left_in_peace_between_two_requests() -> None:
    web = FakeWeb({FAR: 404})
    checker = web.checker(pause=3)
    checker.check(FAR)
    checker.check("https://other.example.org/")
    assert web.sent_at == [0, 3, 3]


def test_a_run_that_has_no_time_left_says_so() -> None:
    web = FakeWeb({})
    web.takes = 6
    checker = web.checker(seconds_altogether=10)
    checker.check("https://one.example.org/")
    checker.check("https://two.example.org/")
    with pytest.raises(RunOverError):
        checker.check("https://three.example.org/")
    # Nor does it sleep past its end.
    assert FakeWeb({}).checker(seconds_altogether=10, pause=99).check(FAR)


class Site(BaseHTTPRequestHandler):
    """A site on this machine that can be slow, wordy, or send on; it notes what it was asked."""

    asked: list[tuple[str, str, str | None, str | None]] = []

    def do_HEAD(self) -> None:
        self.asked.append((self.command, self.path, self.headers["Host"], self.headers["User-Agent"]))
        if self.path == "/drip":
            for _ in range(100):
                self.wfile.write(b"x")
                time.sleep(0.05)
        self.send_response({"/gone": 410, "/on": 301}.get(self.path, 200))
        if self.path == "/on":
            self.send_header("Location", "/there?a=b")
        self.end_headers()

    def do_GET(self) -> None:
        self.do_HEAD()

    def log_message(self, *args: Any) -> None:
        """Print nothing."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A site at juggling.example.org, which this machine takes for one of the open internet."""
    monkeypatch.setattr(requests, "is_global", lambda ip: True)
    Site.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


def ask_really(port: int, path: str, seconds: float = 5) -> LinkResult:
    checker = LinkChecker(seconds, 60, 0, resolve=lambda host, port: ["127.0.0.1"])
    return checker.check(f"http://juggling.example.org:{port}{path}")


def test_a_real_request_says_who_asks_and_for_which_host(site: int, settings: Any) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://own.example.org"
    assert ask_really(site, "/on").state is LinkState.FINE
    host, agent = f"juggling.example.org:{site}", "BetterCareTogetherThurrock-link-check/1.0 (+https://own.example.org)"
    assert Site.asked == [("HEAD", "/on", host, agent), ("HEAD", "/there?a=b", host, agent)]
    assert ask_really(site, "/gone").state is LinkState.GONE


def test_a_site_that_answers_byte_by_byte_is_given_up(site: int) -> None:
    began = time.monotonic()
    assert ask_really(site, "/drip", seconds=0.3) == LinkResult(
        LinkState.DOUBTFUL, "The site takes too long to answer", is_reply=False
    )
    assert time.monotonic() - began < 3


def test_a_site_that_is_not_there_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "is_global", lambda ip: True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert ask_really(port, "/") == LinkResult(LinkState.DOUBTFUL, "The site does not answer", is_reply=False)


def test_a_site_is_asked_at_another_of_its_ip_addresses_when_one_cannot_be_reached() -> None:
    web = FakeWeb({}, {"far.example.org": ["2606:2800:21f:cb07:6820:80da:af6b:8b2c", GLOBAL]})
    checker = web.checker()

    def send(method: str, url: Url, ip: str, seconds: float) -> ResponseHead:
        if ":" in ip:
            raise NewConnectionError(HTTPConnection("far.example.org"), "no way there")
        return web.send(method, url, ip, seconds)

    checker.send = send
    assert checker.check(FAR).state is LinkState.FINE
    assert web.sent == [("HEAD", FAR, GLOBAL)]
    web.names["far.example.org"].remove(GLOBAL)
    assert checker.check(FAR) == LinkResult(LinkState.DOUBTFUL, "The site does not answer", is_reply=False)


@pytest.mark.parametrize("ip", [GLOBAL, "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2606:2800:220:1:248:1893:25c8:1946"])
@pytest.mark.parametrize(
    ("url", "port"), [("http://far.example.org/", 80), (FAR, 443), ("https://far.example.org:8443/", 8443)]
)
def test_the_connection_is_made_to_the_whole_ip_address(
    ip: str, url: str, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], *args: Any, **options: Any) -> socket.socket:
        connected.append(address)
        raise OSError("no way there")

    monkeypatch.setattr("urllib3.util.connection.create_connection", connect)
    with pytest.raises(NewConnectionError):
        requests.send("HEAD", parse_url(url), ip, 1)
    assert connected == [(ip, port)]
