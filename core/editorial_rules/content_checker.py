"""Wagtail's content checker, asking editors about their own words and nothing else."""

from typing import Any, ClassVar

from django.http import HttpRequest
from wagtail.admin.userbar import ContentCheckerItem

from .validators import BARE_ADDRESS, LONGEST_ABBREVIATION, VAGUE_LINKS

# GOV.UK's longest sentence, in words; and the age at which somebody reads a page with ease, with some room.
LONGEST_SENTENCE = 25
HARDEST_READING_AGE = 13

# Rules of axe about what editors write. What the templates do is tested with all of axe's rules.
WRITTEN_RULES = (
    *("image-alt", "image-redundant-alt", "list", "listitem", "th-has-data-cells", "table-duplicate-name"),
    *("identical-links-same-purpose", "valid-lang"),
)
OUR_RULES = [
    {"id": "link-words", "selector": "a[href]", "check": "check-link-words", "impact": "serious"},
    {"id": "capitals", "selector": "h1, h2, h3, h4, h5, h6, summary", "check": "check-capitals", "impact": "moderate"},
    {"id": "long-sentence", "selector": "p, li", "check": "check-long-sentence", "impact": "minor"},
    {"id": "reading-age", "selector": "main", "check": "check-reading-age", "impact": "minor"},
]
OUR_CHECKS = [
    {"id": "check-link-words", "options": {"vague": VAGUE_LINKS, "address": BARE_ADDRESS.pattern}},
    {"id": "check-capitals", "options": {"longest": LONGEST_ABBREVIATION}},
    {"id": "check-long-sentence", "options": {"longest": LONGEST_SENTENCE}},
    {"id": "check-reading-age", "options": {"hardest": HARDEST_READING_AGE}},
]


def _message(name: str, advice: str) -> dict[str, str]:
    return {"error_name": name, "help_text": advice}


MESSAGES = {
    "alt-text-quality": _message(
        "The words for a picture look like the name of a file", "Say in a few words what the picture shows."
    ),
    "empty-heading": _message("A heading has no words", "Write the heading, or remove it."),
    "empty-meta-description": _message("The page has no summary", "Say in one or two sentences what is on this page."),
    "empty-table-header": _message("A column of a table has no heading", "Say what is in the column."),
    "heading-order": _message(
        "A heading skips a size",
        "Use a main heading first and sub-headings beneath it. People who use a screen reader find their way by them.",
    ),
    "identical-links-same-purpose": _message(
        "Two links say the same and lead to different pages", "Give each link words of its own."
    ),
    "image-alt": _message(
        "A picture has no words for people who cannot see it",
        "Say what it shows, or tick that it only decorates the page.",
    ),
    "image-redundant-alt": _message(
        "The words for a picture repeat the words beside it", "Say what only the picture shows, or leave them empty."
    ),
    "link-name": _message("A link has no words", "Write where the link leads."),
    "p-as-heading": _message(
        "A line in bold stands where a heading should be",
        "Make it a heading, so that people who use a screen reader find it.",
    ),
    "link-words": _message(
        "A link does not say where it leads",
        "Use words that make sense on their own, such as “Opening times of the centre”, and no web address.",
    ),
    "capitals": _message(
        "A heading is all in capitals",
        "Write it like a sentence, with capitals only at the beginning and for names. That is easier to read.",
    ),
    "long-sentence": _message(
        f"A sentence has more than {LONGEST_SENTENCE} words", "Make two sentences of it, or a list."
    ),
    "reading-age": _message(
        "This page is hard to read",
        "Write so that somebody of about 11 can read it: short sentences, and short words that people use every day. "
        "This is only a hint: you can publish the page as it is.",
    ),
}


class WordsChecker(ContentCheckerItem):
    """Checks what stands between the header and the footer, in plain English."""

    axe_include: ClassVar[list[str]] = ["main"]
    # What other pages say of themselves, and an address that is there to be copied. One selector only: in the editor
    # Wagtail takes several for frames within frames.
    axe_exclude: ClassVar[list[str]] = [".bctt-row, .bctt-event__file"]

    class Media:
        js = ("js/content-checks.js",)

    def get_axe_exclude(self, request: HttpRequest) -> list[str]:
        """Return what is not checked; Wagtail's own bar, which it adds, is not in `main`."""
        return self.axe_exclude

    def get_axe_run_only(self, request: HttpRequest) -> list[str]:
        """Return the ids of the rules."""
        return [*super().get_axe_run_only(request), *WRITTEN_RULES, *(rule["id"] for rule in OUR_RULES)]

    def get_axe_custom_rules(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Return Wagtail's own rules and ours; `frontend/js/content-checks.js` evaluates the checks."""
        ours = [
            {
                "id": rule["id"],
                "selector": rule["selector"],
                "impact": rule["impact"],
                "any": [rule["check"]],
                "tags": ["best-practice"],
                "enabled": True,
            }
            for rule in OUR_RULES
        ]
        return [*super().get_axe_custom_rules(request), *ours]

    def get_axe_custom_checks(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Return Wagtail's own checks and ours, with what they are to look for."""
        return [*super().get_axe_custom_checks(request), *OUR_CHECKS]

    def get_axe_messages(self, request: HttpRequest) -> dict[str, Any]:
        """Return what editors read, in plain English."""
        return super().get_axe_messages(request) | MESSAGES
