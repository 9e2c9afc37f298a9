"""How gunicorn runs the site: gunicorn --config bctt/gunicorn.py bctt.wsgi.

Gunicorn itself reads PORT (listen on every address at that port) and FORWARDED_ALLOW_IPS.
"""

import os
from pathlib import Path
from typing import Any

from gunicorn.workers.sync import SyncWorker

# What gunicorn answers itself, before the site hears of a request (one that is not HTTP, or too long), has the
# headers of all other answers too. Of pages, only these few words: so nothing may be loaded.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Connection:
    """A visitor's connection, over which an answer is sent with HEADERS."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def sendall(self, data: bytes) -> None:
        """Send one whole answer, with the headers after its first line."""
        first, end, rest = data.partition(b"\r\n")
        lines = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
        self._connection.sendall(first + end + lines.encode("ascii") + rest)


class Worker(SyncWorker):
    """Gunicorn's own worker, whose own errors have the security headers too."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answer a request that cannot be understood."""
        super().handle_error(req, Connection(client), addr, exc)


# Measured for this site: separate processes serve more pages than threads, and one per core is enough,
# because a page waits for little else than the processor.
worker_class = Worker
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))

# Longer than the slowest thing an editor does (uploading a large picture), shorter than anyone's patience.
timeout = 60
graceful_timeout = 30

# A worker is replaced now and then, so that memory lost in a library is given back; not all at the same time.
max_requests = 5000
max_requests_jitter = 500

# The workers' heartbeat is a file: kept in memory where the system has such a place, so that a slow disk
# cannot make a healthy worker look dead.
_memory = Path("/dev/shm")  # noqa: S108 (gunicorn makes its file there with mkstemp)
worker_tmp_dir = str(_memory) if os.access(_memory, os.W_OK) else None

# No access log: it would keep residents' addresses. Errors go to standard error.
accesslog = None
errorlog = "-"

# Nothing uses the control socket, and it would be written into the home folder.
control_socket_disable = True
