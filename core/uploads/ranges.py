"""Sends a part of a file to who asks for a part, as players and readers on phones do (RFC 9110, 14)."""

import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

# One part: from here to there, from here on, or this many bytes at the end.
ONE_RANGE = re.compile(r"bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*$", re.IGNORECASE)
CHUNK = 64 * 1024
# What an answer that is a part has from the whole one.
NOT_OF_A_PART = {"content-length", "content-range"}


def partly(
    request: HttpRequest, whole: HttpResponseBase, size: int, open_file: Callable[[], BinaryIO | Any]
) -> HttpResponseBase:
    """Return the part of an answer that was asked for, or the whole one, which says that parts can be had.

    `size` is that of the whole file in bytes, which `open_file` opens anew. Several parts at once get the whole.
    """
    if whole.status_code != 200:
        return whole
    whole["Accept-Ranges"] = "bytes"
    asked = ONE_RANGE.match(request.headers.get("Range", ""))
    if request.method != "GET" or asked is None or not any(asked.groups()) or _has_changed(request, whole):
        return whole
    first, last = asked.groups()
    if first:
        start, end = int(first), min(int(last or size), size - 1)
        if last and int(last) < int(first):
            return whole
    else:
        start, end = max(size - int(last), 0), size - 1
    if start > end:
        refused = HttpResponse(status=416, headers=_headers(whole))
        refused["Content-Range"] = f"bytes */{size}"
        whole.close()
        return refused
    part = StreamingHttpResponse(_bytes_of(open_file, start, end + 1 - start), status=206, headers=_headers(whole))
    part["Content-Range"] = f"bytes {start}-{end}/{size}"
    part["Content-Length"] = str(end + 1 - start)
    whole.close()
    return part


def _has_changed(request: HttpRequest, whole: HttpResponseBase) -> bool:
    """Whether who asks has the beginning of another file (RFC 9110, 13.1.5); a date says too little."""
    tag = request.headers.get("If-Range", "").strip()
    return bool(tag) and (tag.startswith("W/") or tag != whole.get("ETag"))


def _headers(whole: HttpResponseBase) -> dict[str, str]:
    return {name: value for name, value in whole.items() if name.lower() not in NOT_OF_A_PART}


def _bytes_of(open_file: Callable[[], BinaryIO | Any], start: int, left: int) -> Iterator[bytes]:
    with open_file() as file:
        file.seek(start)
        while left > 0 and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
