"""Who a visitor is, as far as the site must tell visitors apart: a keyed hash, never the address itself."""

from hashlib import blake2b
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

# What one household or organisation usually has: https://www.rfc-editor.org/rfc/rfc6177 for the second.
NETWORKS = {4: 24, 6: 56}


def keyed_hash(text: str) -> str:
    """Return 24 characters that stand for `text`; only who has the site's secret key can tell that they do."""
    return blake2b(text.encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=12).hexdigest()


def address_of(request: HttpRequest) -> str:
    """Return the network address a request is from, as CLIENT_ADDRESS says; empty if that is not there."""
    return str(request.META.get(settings.CLIENT_ADDRESS, ""))


def network_of(request: HttpRequest) -> str:
    """Return the network a request is from, such as "192.0.2.0/24"; what is no address stands for itself."""
    address = address_of(request)
    try:
        found = ip_address(address.strip())
    except ValueError:
        return address[:100]
    return str(ip_network((found, NETWORKS[found.version]), strict=False))
