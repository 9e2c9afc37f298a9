"""What searches: the database itself, or a search engine that SEARCH_URL names."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

ENGINES = ("opensearch3", "elasticsearch8", "elasticsearch9")
# Search engines refuse capital letters in the names of indexes, and names that begin with a sign.
PREFIX = re.compile(r"[a-z0-9][a-z0-9_-]*")
EXAMPLE = "opensearch3+https://user:password@host:9200/bctt"


def search_backends(url: str, database_engine: str) -> dict[str, dict[str, Any]]:
    """Return the WAGTAILSEARCH_BACKENDS for a SEARCH_URL (empty: none) and for the ENGINE of the default database.

    Raises ImproperlyConfigured for an address that is none; the message leaves out the address, which may hold a
    password.
    """
    if url:
        return {"default": _engine(url)}
    if database_engine == "django.db.backends.postgresql":
        # Named, because a server may be set up for another language.
        return {"default": {"BACKEND": "search.backends.postgres", "SEARCH_CONFIG": "english"}}
    return {"default": {"BACKEND": "wagtail.search.backends.database"}}


def _engine(url: str) -> dict[str, Any]:
    """Return the settings of the search engine at `url`: its kind, its address, and how its indexes are named."""
    parts = urlsplit(url)
    engine, _, transport = parts.scheme.partition("+")
    if engine not in ENGINES or transport not in {"http", "https"}:
        kinds = ", ".join(f"{each}+https" for each in ENGINES)
        raise ImproperlyConfigured(f"SEARCH_URL must begin with one of {kinds} (or +http), such as {EXAMPLE}")
    prefix = parts.path.strip("/")
    if not parts.hostname or not PREFIX.fullmatch(prefix):
        raise ImproperlyConfigured(
            "SEARCH_URL must name a host and, after a slash, what the names of its indexes begin with (small letters, "
            f"digits, - and _), such as {EXAMPLE}"
        )
    return {
        "BACKEND": f"wagtail.search.backends.{engine}",
        "URLS": [f"{transport}://{parts.netloc}"],
        "INDEX_PREFIX": f"{prefix}_",
    }
