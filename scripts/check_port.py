"""Says in plain words why the site cannot listen on a port: check_port.py 8000 "make run"."""

import errno
import socket
import sys


def why_not(port: str, command: str) -> str:
    """Why 127.0.0.1:port cannot be listened on, or "" when it can; the advice names the command."""
    other = int(port) + 1 if port.isdigit() and 1023 < int(port) < 65535 else 8001
    advice = f"Choose another port, for example: {command} PORT={other}"
    if not port.isdigit() or not 0 < int(port) < 65536:
        return f"PORT must be a number from 1 to 65535, not “{port}”. {advice}"
    with socket.socket() as probe:
        # As the servers do, so that a port that was closed a moment ago counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"Port {port} is in use: is the site already running in another window? {advice}"
            return f"Port {port} cannot be used ({error.strerror}). {advice}"
    return ""


if __name__ == "__main__":
    if reason := why_not(*sys.argv[1:3]):
        sys.exit(f"\n{reason}\n")
