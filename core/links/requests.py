"""Asks other sites whether an address still leads somewhere, without being led into this machine's own network."""

import re
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from types import FrameType
from urllib.parse import urljoin

import certifi
from django.conf import settings
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.exceptions import HTTPError, LocationParseError, NewConnectionError, SSLError
from urllib3.exceptions import TimeoutError as SlowError
from urllib3.util import Url, parse_url

from core.addresses import base_url

MAX_REDIRECTS = 5
PORTS = {"http": 80, "https": 443}
# What a network without IPv4 makes of an address of it, which stands in the last 32 bits (RFC 6052).
NAT64 = IPv6Network("64:ff9b::/96")
# All of IPv6 that is given out; whatever is elsewhere is private, or stands for an address of IPv4 in one of the ways
# that there are. https://www.iana.org/assignments/ipv6-address-space
GIVEN_OUT = IPv6Network("2000::/3")
# Within what is given out, what is no one's: https://www.iana.org/assignments/iana-ipv6-special-registry and, for IPv4,
# https://www.iana.org/assignments/iana-ipv4-special-registry. Teredo is in the first, 6to4 in the third.
NOBODYS = [IPv6Network(each) for each in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "3ffe::/16")]
NOBODYS_IPV4 = [
    IPv4Network(each)
    for each in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    )
]
# How browsers tell that a host is a number (https://url.spec.whatwg.org/#ends-in-a-number-checker), and the one way to
# write it that means the same everywhere: 127.1, 0x7f000001 and 2130706433 all lead to this machine.
ENDS_IN_A_NUMBER = re.compile(r"(^|\.)([0-9]+|0x[0-9a-f]*)\.?$", re.IGNORECASE)
PLAIN_IPV4 = re.compile(r"(0|[1-9][0-9]{0,2})(\.(0|[1-9][0-9]{0,2})){3}")
NO_SUCH_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}

GONE = {404: "The site says that it has no such page", 410: "The site says that the page was taken away for good"}
DOUBTFUL = {
    401: "The site does not let people see it",
    403: "The site does not let us see it",
    429: "The site says that it is asked too often",
}


class LinkState(Enum):
    """What an answer says of an address."""

    FINE = auto()
    # Nobody will find anything there: dead at once.
    GONE = auto()
    # It may only be so today: dead when it stays so.
    DOUBTFUL = auto()


@dataclass(frozen=True)
class LinkResult:
    """What came back, in words for editors; `is_reply` is false where nothing did."""

    state: LinkState
    words: str
    is_reply: bool = True


class OutOfTimeError(Exception):
    """A request took longer than it may."""


class RunOverError(Exception):
    """The time for all requests is over."""


class RefusedError(Exception):
    """An address that is not asked; the message says why, for editors."""


@dataclass(frozen=True)
class ResponseHead:
    """The head of a site's reply: its status and where it sends people on to, if it does."""

    status: int
    location: str = ""


def user_agent() -> str:
    """Return by what name other sites know the checker, with the address of the site."""
    return f"{settings.WAGTAIL_SITE_NAME.replace(' ', '')}-link-check/1.0 (+{base_url()})"


def resolve(host: str, port: int) -> list[str]:
    """Return the IP addresses of a host, best first. Raises OSError (socket.gaierror)."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def is_global(text: str) -> bool:
    """Whether an IP address is one of the open internet.

    One of IPv6 that holds one of IPv4 (mapped, compatible, translated, 6to4, Teredo …) is not: no site has such an
    address. Only what a network without IPv4 makes of the address of a site is as global as that address is.
    """
    try:
        # With a zone ("fe80::1%eth0") it is one of this machine's own network, whatever stands in front.
        address = ip_address("" if "%" in text else text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address in NAT64:
        address = IPv4Address(int(address) & 0xFFFFFFFF)
    if isinstance(address, IPv4Address):
        return not any(address in network for network in NOBODYS_IPV4)
    return address in GIVEN_OUT and not any(address in network for network in NOBODYS)


def send(method: str, url: Url, ip: str, seconds: float) -> ResponseHead:
    """Ask the host of `url` at this very IP address, whatever its name may lead to by now; its body is never read.

    `seconds` is how long it may take to connect, and then to answer. Raises urllib3's HTTPError.
    """
    host = (url.host or "").strip("[]")
    # Always given, because without a port the last group of an IPv6 address is taken for one.
    port = url.port or PORTS[url.scheme or ""]
    timeout = Timeout(connect=seconds, read=seconds)
    pool = (
        HTTPSConnectionPool(
            ip,
            port,
            timeout=timeout,
            ca_certs=certifi.where(),
            cert_reqs="CERT_REQUIRED",
            server_hostname=host,
            assert_hostname=host,
        )
        if url.scheme == "https"
        else HTTPConnectionPool(ip, port, timeout=timeout)
    )
    headers = {"Host": url.netloc or host, "User-Agent": user_agent(), "Accept": "*/*"}
    with pool:
        response = pool.urlopen(
            method,
            url.request_uri,
            headers=headers,
            redirect=False,
            retries=False,
            assert_same_host=False,
            preload_content=False,
        )
        response.close()
        return ResponseHead(
            response.status, response.headers.get("Location", "") if 300 <= response.status < 400 else ""
        )


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise OutOfTimeError in here after so long: a site that sends a byte now and then must not hold it up."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise OutOfTimeError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@dataclass
class LinkChecker:
    """Asks one address after another: how long each request and all of them may take, and the pause for one host.

    All are seconds. `internal_hosts` are the names of this site, which may lead to this machine.
    """

    seconds_each: float
    seconds_altogether: float
    pause: float
    internal_hosts: frozenset[str] = frozenset()
    resolve: Callable[[str, int], list[str]] = resolve
    send: Callable[[str, Url, str, float], ResponseHead] = send
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    last_asked: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Note when the time for all requests is over."""
        self.ends_at = self.clock() + self.seconds_altogether

    def check(self, address: str) -> LinkResult:
        """Return what an address answers. Raises RunOverError when there is no time left to find out."""
        # Many sites refuse HEAD, or answer it wrongly.
        head = self._check("HEAD", address)
        return head if head.state is LinkState.FINE else self._check("GET", address)

    def _check(self, method: str, address: str) -> LinkResult:
        try:
            return self._follow(method, address)
        except (HTTPError, OutOfTimeError, RefusedError, OSError, ValueError) as error:
            return _failed(error)

    def _follow(self, method: str, address: str) -> LinkResult:
        for _ in range(MAX_REDIRECTS + 1):
            reply = self._request(method, parse_url(address))
            if reply is None:
                return LinkResult(LinkState.FINE, "Not checked: it is on this machine", is_reply=False)
            if not reply.location:
                return result_of_status(reply.status)
            address = urljoin(address, reply.location)
        return LinkResult(LinkState.DOUBTFUL, "The site sends people on again and again")

    def _request(self, method: str, url: Url) -> ResponseHead | None:
        """Send one request; None if it is for this site on this machine. Raises what `_failed` reads."""
        host, port = (url.host or "").strip("[]"), url.port or PORTS.get(url.scheme or "", 0)
        if url.scheme not in PORTS:
            raise RefusedError("The site sends people on to something that is not a web page")
        if not host:
            raise LocationParseError(str(url))
        if ENDS_IN_A_NUMBER.search(host) and ":" not in host and not PLAIN_IPV4.fullmatch(host):
            raise RefusedError("It leads to a number that stands in the place of a name")
        self._wait(host)
        remaining = self.ends_at - self.clock()
        if remaining <= 0:
            raise RunOverError
        with limited(min(self.seconds_each, remaining)):
            found = self.resolve(host, port)
            if "%" in host or not found or not all(map(is_global, found)):
                if host in self.internal_hosts:
                    return None
                raise RefusedError("It leads into a private network, where residents cannot go")
            return self._send_to_any(method, url, found)

    def _send_to_any(self, method: str, url: Url, found: list[str]) -> ResponseHead:
        """Ask the first of these IP addresses that can be reached, as browsers do: not every machine has IPv6."""
        *others, last = found
        for ip in others:
            with suppress(NewConnectionError):
                return self.send(method, url, ip, self.seconds_each)
        return self.send(method, url, last, self.seconds_each)

    def _wait(self, host: str) -> None:
        """Leave a host in peace between two requests."""
        if host in self.last_asked:
            until = min(self.last_asked[host] + self.pause, self.ends_at)
            self.sleep(max(0, until - self.clock()))
        self.last_asked[host] = self.clock()


def _failed(error: Exception) -> LinkResult:
    """Return what it means that there was no reply."""
    state, words = LinkState.DOUBTFUL, "The site does not answer"
    match error:
        case LocationParseError():
            state, words = LinkState.GONE, "This is not a web address that anyone can follow"
        case socket.gaierror() if error.errno in NO_SUCH_NAME:
            state, words = LinkState.GONE, "There is no site of this name"
        case socket.gaierror():
            words = "The name of the site could not be looked up"
        case NewConnectionError():
            pass  # urllib3 counts it among those that took too long
        case OutOfTimeError() | SlowError():
            words = "The site takes too long to answer"
        case SSLError():
            words = "The certificate of the site is not valid, of which browsers warn people"
        case RefusedError():
            words = str(error)
    return LinkResult(state, words, is_reply=False)


def result_of_status(status: int) -> LinkResult:
    """Return what an HTTP status says of an address: fine, gone for good, or doubtful."""
    if status < 400:
        return LinkResult(LinkState.FINE, "It is there")
    if status in GONE:
        return LinkResult(LinkState.GONE, f"{GONE[status]} ({status})")
    usual = "The site is out of order" if status >= 500 else "The site refuses to answer"
    return LinkResult(LinkState.DOUBTFUL, f"{DOUBTFUL.get(status, usual)} ({status})")
