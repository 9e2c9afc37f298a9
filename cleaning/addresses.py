"""Addresses as people type them, made alike: of e-mail, of hosts, of the web, and what else is written plainly.

One person has one address, however it was typed: with soft hyphens, full-width letters, capitals, or the name of its
host in letters or in the ASCII that stands for them (IDNA, https://www.rfc-editor.org/rfc/rfc5891).
"""

import re
import unicodedata
from urllib.parse import urlsplit, urlunsplit

import idna

from .text import clean_text

_FULL_WIDTH = re.compile("[\u3000\uff00-\uffef]+")
# What `clean_text` leaves where a script or an emoji needs it: no address does.
_INVISIBLE = re.compile("[\u061c\u200c-\u200f\u2066-\u2069\ufe00-\ufe0f\U000e0000-\U000e01ef]")
# A whole entry that is one of these is written in plain signs: a web address, an e-mail address, a telephone number, a
# British postcode.
_PLAINLY_WRITTEN = re.compile(
    r"https?://\S+|[^\s@]+@[^\s@]+|\+?[0-9][0-9 ]{2,24}|[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}", re.IGNORECASE
)
# The longest of them: a longer text is none, and is not looked at.
_LONGEST = 2000


def folded(text: str) -> str:
    """Return a text with full-width forms in plain letters, digits and signs, and without any invisible sign."""
    plain = _FULL_WIDTH.sub(lambda found: unicodedata.normalize("NFKC", found[0]), clean_text(text))
    return _INVISIBLE.sub("", plain).strip()


def clean_entry(text: str) -> str:
    """Return what somebody typed into any field as it is kept: clean, and in plain letters if it is an address."""
    cleaned = clean_text(text)
    if not cleaned.isascii() and len(cleaned) <= _LONGEST and _PLAINLY_WRITTEN.fullmatch(plain := folded(cleaned)):
        return plain
    return cleaned


def clean_host(host: str) -> str:
    """Return the name of a host in small ASCII letters; what is no name of a host comes back in small letters."""
    plain = folded(host).lower().rstrip(".")
    if plain.isascii():
        return plain
    try:
        return idna.encode(plain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return plain


def email_identity(address: str) -> str:
    """Return an e-mail address as the site keeps and compares it; what is no address comes back folded."""
    name, at, host = unicodedata.normalize("NFKC", folded(address)).strip().lower().rpartition("@")
    return f"{name}{at}{clean_host(host)}"


def clean_url(address: str) -> str:
    """Return a web address in plain letters, its host as `clean_host` has it; what has no host comes back folded."""
    plain = folded(address)
    try:
        parts = urlsplit(plain)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:  # such as brackets that do not close, or a port that is none
        return plain
    if not host:
        return plain
    user, at, _ = parts.netloc.rpartition("@")
    name = f"[{host}]" if ":" in host else clean_host(host)
    return urlunsplit((parts.scheme, f"{user}{at}{name}{port}", parts.path, parts.query, parts.fragment))
