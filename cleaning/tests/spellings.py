"""One address in many spellings, none of which looks different to whoever reads it quickly."""

VICTIM = "victim@example.org"


def wide(text: str) -> str:
    """Return a text in full-width forms, as a Chinese or Japanese keyboard types it."""
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


SPELLINGS = [
    "victim@exam\u00adple.org",
    "victim@exam\u200bple.org",
    "vic\u2060tim@example.org",
    "victim@example.org\ufeff",
    "VICTIM@Example.ORG",
    wide(VICTIM),
    "victim@example。org",
    "victim@ex\u202eample.org",
    " victim@example.org. ",
    "victim@\U0001d41e\U0001d431ample.org",
    "victim@exam\u200dple.org",
]
