"""The score of MDN's HTTP Observatory, for an answer over HTTPS that brings no script of another site.

Source: https://github.com/mdn/mdn-http-observatory, src/grader/charts.js and src/analyzer/tests/. What cannot be seen
in one answer counts nothing here, as it does there for a site that does it right: the redirect to HTTPS and CORS.
"""

from collections.abc import Mapping

BASE = 100
BROAD = {"ftp:", "http:", "https:", "*", "http://*", "https://*", "data:", "blob:"}
UNSAFE = {*BROAD, "'unsafe-inline'"}
GOOD_REFERRERS = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
ISOLATED = {"same-origin", "same-origin-allow-popups", "noopener-allow-popups"}
SIX_MONTHS = 15768000


def score(headers: Mapping[str, str]) -> dict[str, int]:
    """Return what each of the rules adds or takes, by its name; the score is BASE and their sum."""
    policy = directives(headers.get("Content-Security-Policy", ""))
    framed = headers.get("X-Frame-Options", "").strip().lower() in {"deny", "sameorigin"}
    return {
        "csp": _csp(policy),
        "cookies": _cookies(headers.get("Set-Cookie", "")),
        "referrer": 5 if headers.get("Referrer-Policy", "") in GOOD_REFERRERS else -5,
        "hsts": _hsts(headers.get("Strict-Transport-Security", "")),
        "nosniff": 0 if headers.get("X-Content-Type-Options", "") == "nosniff" else -5,
        "frames": 5 if "frame-ancestors" in policy or framed else -20,
        "corp": 10 if headers.get("Cross-Origin-Resource-Policy", "") in {"same-origin", "same-site"} else 0,
        "coop": 10 if headers.get("Cross-Origin-Opener-Policy", "") in ISOLATED else 0,
        "coep": 10 if headers.get("Cross-Origin-Embedder-Policy", "") in {"require-corp", "credentialless"} else 0,
    }


def directives(policy: str) -> dict[str, set[str]]:
    """Return what a Content-Security-Policy allows, by directive."""
    parts = (part.split() for part in policy.split(";") if part.strip())
    return {name.lower(): set(values) for name, *values in parts}


def _csp(policy: dict[str, set[str]]) -> int:
    if not policy:
        return -25
    script, style, objects = (
        policy.get(name, policy.get("default-src", {"*"})) for name in ("script-src", "style-src", "object-src")
    )
    if script & UNSAFE or objects & BROAD:
        return -20
    if "'unsafe-eval'" in script | style:
        return -10
    if style & UNSAFE:
        return 0
    return 10 if policy.get("default-src") == {"'none'"} else 5


def _cookies(cookie: str) -> int:
    if not cookie:
        return 0
    attributes = {part.strip().partition("=")[0].lower() for part in cookie.split(";")[1:]}
    if "secure" not in attributes:
        return -40
    if "sess" in cookie.partition("=")[0] and "httponly" not in attributes:
        return -30
    return 5 if "samesite" in attributes else 0


def _hsts(header: str) -> int:
    ages = [part.strip()[8:] for part in header.split(";") if part.strip().startswith("max-age=")]
    if not ages:
        return -20
    return 0 if int(ages[0]) >= SIX_MONTHS else -10
