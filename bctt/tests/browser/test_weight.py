"""What a first visit costs: bytes over the wire and requests, to this site alone."""

import gzip
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Response

from .conftest import PHONE, Witness

pytestmark = pytest.mark.browser

KILOBYTE = 1024


def _bytes_on_the_wire(response: Response) -> int:
    """Return the size of an answer's body in bytes, as production sends it.

    Pages come compressed. The tests' server sends static files plain; WhiteNoise compresses them at best as here.
    """
    if response.headers.get("content-encoding"):
        return int(response.headers["content-length"])
    body = response.body()
    return min(len(body), len(gzip.compress(body, compresslevel=9)))


def test_a_first_visit_is_light(site: str, new_context: Callable[..., BrowserContext]) -> None:
    for path in ("/", "/centres/purfleet/", "/services/blood-tests/", "/news/", "/events/", "/leaflets/"):
        context = new_context(viewport=PHONE)
        witness = Witness(context)
        context.new_page().goto(path, wait_until="networkidle")

        sizes = {}
        for request in witness.requests:
            response = request.response()
            assert response is not None
            assert response.ok, request.url
            sizes[request.url.removeprefix(site)] = _bytes_on_the_wire(response)
        assert witness.elsewhere(site) == []
        assert len(sizes) == len(witness.requests) <= 6, sizes
        assert sum(sizes.values()) <= 60 * KILOBYTE, sizes
        maps = [size for name, size in sizes.items() if "thurrock-map" in name]
        assert all(size <= 15 * KILOBYTE for size in maps), sizes
        assert bool(maps) == (path == "/")
