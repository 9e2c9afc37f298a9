"""Who a visitor is, as far as the site must tell visitors apart: a keyed hash, never the address itself."""

from hashlib import blake2b
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

# What one connection has: a machine may take any address of its /64 (https://www.rfc-editor.org/rfc/rfc4291, 2.5.4).
ADDRESSES = {4: 32, 6: 64}
# What one household or organisation usually has: https://www.rfc-editor.org/rfc/rfc6177 for the second.
NETWORKS = {4: 24, 6: 56}


def keyed_hash(text: str) -> str:
    """Return 24 characters that stand for `text`; only who has the site's secret key can tell that they do."""
    return blake2b(text.encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=12).hexdigest()


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Return the last address of a header, which is the one that the proxy in front saw; None if it is none."""
    last = text.rpartition(",")[2].strip()
    if last.startswith("["):
        last = last[1:].partition("]")[0]
    elif last.count(":") == 1:
        last = last.partition(":")[0]
    try:
        found = ip_address(last.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _client(request: HttpRequest) -> IPv4Address | IPv6Address | None:
    """Return who asks as CLIENT_ADDRESS says; who asked this machine, if that says nothing that can be understood.

    So nobody has limits of their own because of what they send.
    """
    names = (settings.CLIENT_ADDRESS, "REMOTE_ADDR")
    return next((found for name in names if (found := _address(str(request.META.get(name, ""))))), None)


def _network(request: HttpRequest, sizes: dict[int, int]) -> str:
    found = _client(request)
    return str(ip_network((found, sizes[found.version]), strict=False)) if found else ""


def address_of(request: HttpRequest) -> str:
    """Return the address a request is from, as one visitor has it: "192.0.2.7/32" or "2001:db8::/64"."""
    return _network(request, ADDRESSES)


def network_of(request: HttpRequest) -> str:
    """Return the network a request is from, such as "192.0.2.0/24"; empty if nobody knows."""
    return _network(request, NETWORKS)
