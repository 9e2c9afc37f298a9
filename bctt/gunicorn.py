"""How gunicorn runs the site: gunicorn --config bctt/gunicorn.py bctt.wsgi.

Gunicorn itself reads PORT (listen on every address at that port) and FORWARDED_ALLOW_IPS.
"""

import os
from pathlib import Path

# Measured for this site: separate processes serve more pages than threads, and one per core is enough,
# because a page waits for little else than the processor.
worker_class = "sync"
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
