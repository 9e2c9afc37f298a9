"""One address, however it is spelt."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaning.addresses import clean_entry, clean_host, clean_url, email_identity

from .spellings import SPELLINGS, VICTIM, wide


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_address_is_one_in_every_spelling(spelling: str) -> None:
    assert email_identity(spelling) == VICTIM


def test_a_host_is_one_in_letters_and_in_ascii() -> None:
    assert (
        email_identity("jo@Bücher.example") == email_identity("jo@bu\u0308cher.example") == "jo@xn--bcher-kva.example"
    )
    assert email_identity("jo@xn--bcher-kva.example") == "jo@xn--bcher-kva.example"
    assert clean_host("WWW.Bücher.example.") == "www.xn--bcher-kva.example"
    assert clean_url("HTTPS://Bücher.Example:8443/a b?q=ü#x") == "https://xn--bcher-kva.example:8443/a b?q=ü#x"


def test_other_people_stay_others() -> None:
    others = {email_identity(each) for each in ("victim+news@example.org", "vic.tim@example.org", "victim@example.com")}
    assert VICTIM not in others
    assert len(others) == 3


@pytest.mark.parametrize(
    "text", ["", "juggler", "@", "a@", "@b", "a@b@c", "a@-", f"a@{'ü' * 300}", "a@\u200b", "a@[::1]"]
)
def test_what_is_no_address_breaks_nothing(text: str) -> None:
    assert email_identity(email_identity(text)) == email_identity(text)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (wide("https://example.org/a"), "https://example.org/a"),
        (wide("01632 960000"), "01632 960000"),
        (wide("RM19 1SX"), "RM19 1SX"),
        (wide("jo@example.org"), "jo@example.org"),
        (f"{wide('ABC')} and ½", f"{wide('ABC')} and ½"),
    ],
)
def test_only_what_is_an_address_comes_in_plain_letters(typed: str, kept: str) -> None:
    assert clean_entry(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://far.exam\u00adple.org/", "https://far.example.org/"),
        ("https://[far/", "https://[far/"),
        ("http://[2001:DB8::1]:80/", "http://[2001:db8::1]:80/"),
        ("https://example.org:99999/", "https://example.org:99999/"),
        ("/centres/", "/centres/"),
        ("", ""),
    ],
)
def test_a_web_address_is_one_in_every_spelling_of_its_host(typed: str, kept: str) -> None:
    assert clean_url(typed) == kept


@settings(max_examples=200, derandomize=True, database=None)
@given(st.text(max_size=30))
def test_a_clean_address_stays_as_it_is(text: str) -> None:
    for clean in (email_identity, clean_entry, clean_url, clean_host):
        assert clean(clean(text)) == clean(text)
