"""Who asks, behind a proxy and without one: nobody has limits of their own because of what they send."""

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from core.visitors import address_of, network_of

PROXY = "10.0.0.1"


@pytest.mark.parametrize(
    ("header", "address"),
    [
        ("192.0.2.7", "192.0.2.7/32"),
        (" 192.0.2.7 ", "192.0.2.7/32"),
        ("192.0.2.7:4711", "192.0.2.7/32"),
        ("::ffff:192.0.2.7", "192.0.2.7/32"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]:4711", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        # The last one is what the proxy itself saw; those before it anybody can send.
        ("198.51.100.1, 198.51.100.2,192.0.2.7", "192.0.2.7/32"),
        *((garbage, f"{PROXY}/32") for garbage in ("", "x" * 5000, "192.0.2", "1.2.3.4.5", "🤹", "1.1.1.1,")),
    ],
)
def test_the_header_of_the_proxy_says_who_asks(settings: Settings, header: str, address: str) -> None:
    settings.CLIENT_ADDRESS = "HTTP_X_REAL_IP"
    assert address_of(RequestFactory().get("/", REMOTE_ADDR=PROXY, HTTP_X_REAL_IP=header)) == address


def test_without_a_proxy_no_header_counts() -> None:
    sent = {"x-real-ip": "1.1.1.1", "x-forwarded-for": "1.1.1.1"}
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7", headers=sent)
    assert (address_of(request), network_of(request)) == ("192.0.2.7/32", "192.0.2.0/24")


def test_of_whom_nobody_knows_anything_all_are_one() -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="")
    assert address_of(request) == network_of(request) == ""
