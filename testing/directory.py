"""A directory of people that tests sign in with: a small OpenID Connect provider, which can also misbehave."""

import json
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from time import sleep, time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt

CLIENT = "better-care"
SECRET = "a-secret-of-the-tests-that-is-long-enough"


@dataclass
class Directory:
    """The provider: `claims` is whom it sends, `fault` what it does wrong.

    A fault is "garbage", "slow", "denies", "nonce" or "person".
    """

    url: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    fault: str = ""
    # What each code is for: the parameters it was asked for with.
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def configuration(self) -> dict[str, Any]:
        """Return where everything is (OpenID Connect Discovery 1.0)."""
        ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo"}
        return {"issuer": self.url, "jwks_uri": f"{self.url}/keys"} | {
            name: f"{self.url}/{path}" for name, path in ends.items()
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Return where the browser is sent back to: nobody is asked anything."""
        if self.fault == "denies":
            answer = {"error": "access_denied"}
        else:
            answer = {"code": token_urlsafe()}
            self.codes[answer["code"]] = asked
        return f"{asked['redirect_uri']}?{urlencode({**answer, 'state': asked['state']})}"

    def token(self, asked: dict[str, str]) -> dict[str, Any] | None:
        """Return the tokens for a code, once, to whom it belongs (RFC 7636 for the challenge); None if it is wrong."""
        begun = self.codes.pop(asked.get("code", ""), None)
        challenge = urlsafe_b64encode(sha256(asked.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
        if not begun or begun["code_challenge"] != challenge or asked.get("client_secret") != SECRET:
            return None
        nonce = "another" if self.fault == "nonce" else begun["nonce"]
        times = {"iat": int(time()), "exp": int(time()) + 60}
        claims = {"iss": self.url, "aud": CLIENT, "sub": self.claims["sub"], "nonce": nonce, **times}
        return {
            "access_token": token_urlsafe(),
            "token_type": "Bearer",
            "id_token": jwt.encode(claims, SECRET, algorithm="HS256"),
        }

    def userinfo(self) -> dict[str, Any]:
        """Return what is known of the person."""
        return {**self.claims, "sub": "somebody-else"} if self.fault == "person" else self.claims


@contextmanager
def running_directory() -> Iterator[Directory]:
    """Run a directory at an address of its own for as long as the block lasts."""
    directory = Directory()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
            if directory.fault == "slow":
                sleep(1)
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", directory.authorize(asked))
                self.end_headers()
            else:
                self.answer(directory.userinfo() if parts.path == "/userinfo" else directory.configuration())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.answer(directory.token({key: values[0] for key, values in parse_qs(body).items()}))

        def answer(self, found: dict[str, Any] | None) -> None:
            body = b"<h1>Hello</h1>" if directory.fault == "garbage" else json.dumps(found).encode()
            self.send_response(200 if found else 400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    directory.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield directory
    server.shutdown()
    server.server_close()
