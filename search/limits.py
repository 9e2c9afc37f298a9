"""How often one visitor may ask, so that nobody keeps the site from the others."""

from hashlib import blake2b

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

SECONDS = 60


def is_too_often(request: HttpRequest, what: str, *, limit: int) -> bool:
    """Count a request, and return whether its sender has made more than `limit` of them within a minute or so.

    The sender is known by a keyed hash of the network address, in the cache alone and for that long.
    """
    address = request.META.get(settings.CLIENT_ADDRESS, "")
    sender = blake2b(address.encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=12).hexdigest()
    key = f"limit:{what}:{sender}"
    cache.add(key, 0, SECONDS)
    try:
        return cache.incr(key) > limit
    except ValueError:  # it ended between the two lines above
        return False
