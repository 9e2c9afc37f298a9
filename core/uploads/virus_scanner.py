"""Shows uploads to a virus scanner, clamd, where one is set (CLAMD_ADDRESS); what it has not passed is not kept."""

import logging
import socket
import struct
import time
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File

logger = logging.getLogger(__name__)

# The commands of clamd that are used (clamd(8), "COMMANDS"): each piece comes after its size, an empty one is the end.
INSTREAM = b"zINSTREAM\0"
CHUNK = 256 * 1024
LONGEST_ANSWER = 4096

INFECTED = (
    "A virus was found in this file, so it was not kept. Do not open it or send it on. Ask whoever looks after your "
    "computer."
)
NOT_SCANNED = (
    "This file could not be checked for viruses just now, so it was not kept. Try again in a few minutes. If that does "
    "not help, tell whoever runs the website."
)
TOO_LARGE_TO_SCAN = (
    "This file is too large to be checked for viruses, so it was not kept. Save it smaller, or tell whoever runs the "
    "website."
)


def check_for_viruses(file: File[Any]) -> None:
    """Raise ValidationError, in plain words, if the scanner finds something in a file, or cannot look at it.

    Without a scanner nothing is asked. The file is left at its start.
    """
    if not settings.CLAMD_ADDRESS:
        return
    try:
        answer = _ask(file, settings.CLAMD_ADDRESS, settings.CLAMD_SECONDS)
    except (OSError, ValueError) as error:
        logger.error("The virus scanner at %s did not answer: %s", settings.CLAMD_ADDRESS, error)
        raise ValidationError(NOT_SCANNED, code="not_scanned") from error
    finally:
        file.seek(0)
    if answer == "stream: OK":
        return
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        logger.warning("The virus scanner found something in an upload: %s", answer)
        raise ValidationError(INFECTED, code="infected")
    logger.error("The virus scanner answered: %s", answer)
    if "size limit exceeded" in answer:
        raise ValidationError(TOO_LARGE_TO_SCAN, code="too_large_to_scan")
    raise ValidationError(NOT_SCANNED, code="not_scanned")


def _ask(file: File[Any], address: str, seconds: float) -> str:
    """Return what clamd says of a file. Raises OSError when it is not there or takes longer than it may in all."""
    end = time.monotonic() + seconds
    with _connected(address, seconds) as scanner:
        file.seek(0)
        try:
            scanner.sendall(INSTREAM)
            for chunk in file.chunks(CHUNK):
                scanner.settimeout(_left(end))
                scanner.sendall(struct.pack(">I", len(chunk)) + chunk)
            scanner.sendall(struct.pack(">I", 0))
        except (BrokenPipeError, ConnectionResetError):
            # It says why before it hangs up, as when a file is larger than it takes.
            pass
        answer = b""
        while len(answer) < LONGEST_ANSWER and b"\0" not in answer:
            scanner.settimeout(_left(end))
            part = scanner.recv(LONGEST_ANSWER)
            if not part:
                break
            answer += part
    return answer.partition(b"\0")[0].decode(errors="replace").strip()


def _connected(address: str, seconds: float) -> socket.socket:
    if "/" in address:
        scanner = socket.socket(socket.AF_UNIX)
        scanner.settimeout(seconds)
        try:
            scanner.connect(address)
        except OSError:
            scanner.close()
            raise
        return scanner
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=seconds)


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError("It took too long.")
    return left
