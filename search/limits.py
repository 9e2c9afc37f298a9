"""How often one visitor may ask, so that nobody keeps the site from the others."""

from django.core.cache import cache
from django.http import HttpRequest

from core.visitors import address_of, keyed_hash

SECONDS = 60


def is_too_often(request: HttpRequest, what: str, *, limit: int) -> bool:
    """Count a request, and return whether its sender has made more than `limit` of them within a minute or so.

    The sender is known by a keyed hash of the network address, in the cache alone and for that long.
    """
    key = f"limit:{what}:{keyed_hash(address_of(request))}"
    cache.add(key, 0, SECONDS)
    try:
        return cache.incr(key) > limit
    except ValueError:  # it ended between the two lines above
        return False
