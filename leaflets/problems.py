"""What can be wrong with a PDF for the people who read it, in words for editors, and how that is seen in it."""

import re

from django.db import models

from .read_pdf import Found

# More signs than this without a meaning, and the words are of no use to a screen reader or to search.
NONSENSE_LIMIT = 0.2
# Programs that make PDFs put the name of their own file where its title should be.
FILE_NAME = re.compile(r"^(Microsoft |untitled)|\.(docx?|indd|odt|pdf|pptx?|pub|qxd|rtf|xlsx?)$", re.IGNORECASE)
# What else BCP 47 calls the languages of `core.models.media.Language`: kinds of them.
SAME_LANGUAGE = {"arb": "ar", "ckb": "ku", "cmn": "zh", "kmr": "ku", "pes": "fa", "prs": "fa", "yue": "zh"}


class Problem(models.TextChoices):
    """What is wrong with a PDF, gravest first: the key that is kept, and what editors read. `MENDING` says the rest."""

    LOCKED = "locked", "This PDF opens only with a password, so people cannot read it"
    BROKEN = "broken", "This PDF is damaged, and people may not be able to open it"
    SLOW = "slow", "This PDF took too long to read, and will be slow on old phones"
    SCAN = "scan", "This PDF is a scan: people who use a screen reader cannot read it"
    PART_SCAN = "part_scan", "Some pages of this PDF are only pictures, which a screen reader cannot read"
    NO_WORDS = "no_words", "There are no words in this PDF"
    NONSENSE = "nonsense", "A screen reader reads nonsense in this PDF, because of the way its letters are stored"
    NO_COPYING = "no_copying", "Copying is forbidden in this PDF, so some reading and translation aids cannot read it"
    UNTAGGED = "untagged", "This PDF has no tags, so a screen reader cannot tell its headings and lists from its text"
    NO_TITLE = "no_title", "This PDF has no title of its own, so people see a file name at the top of it"
    NO_LANGUAGE = "no_language", "This PDF does not say which language it is in, so a screen reader may say it wrongly"
    OTHER_LANGUAGE = "other_language", "This PDF says that it is in another language than the one chosen here"
    DYNAMIC_FORM = "dynamic_form", "This form opens only in Adobe’s own program, not in a browser or on a phone"
    ACTIONS = "actions", "There is a script in this PDF"
    SENDS = "sends", "This PDF sends what people type into it to another place"
    ATTACHMENTS = "attachments", "Other files are attached to this PDF, which people may not expect or find"
    LONG = "long", "This PDF is very long, and search finds only the words of its first part"


# What an editor can do about it.
MENDING = {
    Problem.LOCKED: "Save it again without a password.",
    Problem.BROKEN: "Save it again in the program it was made in.",
    Problem.SLOW: "Save it again as a smaller or simpler file.",
    Problem.SCAN: "Make it from the original document instead.",
    Problem.PART_SCAN: "Make these pages from the original document instead.",
    Problem.NO_WORDS: "Check that it is the right file.",
    Problem.NONSENSE: "Save it again as PDF/A, or with other fonts.",
    Problem.NO_COPYING: "Save it again without security settings.",
    Problem.UNTAGGED: "In Word, choose Save As, PDF, Options, and tick “Document structure tags for accessibility”.",
    Problem.NO_TITLE: "In Word, fill in Title under File, Info, and save it as PDF again.",
    Problem.NO_LANGUAGE: "In Word, choose Review, Language, and save it as PDF again.",
    Problem.OTHER_LANGUAGE: "Choose the right language here, or set it in the original and save that as PDF again.",
    Problem.DYNAMIC_FORM: "Save it again as an ordinary PDF.",
    Problem.ACTIONS: "Save it again as an ordinary PDF: virus checkers may stop this one.",
    Problem.SENDS: "Check where it goes. Take the button out, or use a form on the website.",
    Problem.ATTACHMENTS: "Upload them as documents of their own, and save the PDF without them.",
    Problem.LONG: "Think about splitting it up.",
}
# The rest says nothing when one of these is so.
UNREADABLE = {"locked": Problem.LOCKED, "broken": Problem.BROKEN, "slow": Problem.SLOW}
LANGUAGE_PROBLEMS = (Problem.NO_LANGUAGE, Problem.OTHER_LANGUAGE)


def problems_of(found: Found, language: str) -> list[Problem]:
    """Return what is wrong with a PDF, gravest first, given the language that its editor chose."""
    if found.error:
        return [UNREADABLE[found.error]]
    has_words = any(found.texts)
    seen = {
        Problem.BROKEN: found.broken_pages > 0,
        Problem.SCAN: not has_words and found.silent_pages > 0,
        Problem.PART_SCAN: has_words and found.silent_pages > 0,
        Problem.NO_WORDS: not (has_words or found.silent_pages or found.broken_pages),
        Problem.NONSENSE: found.nonsense > NONSENSE_LIMIT,
        Problem.NO_COPYING: not found.may_copy,
        Problem.UNTAGGED: has_words and not found.is_tagged,
        Problem.NO_TITLE: not found.title or bool(FILE_NAME.search(found.title)),
        Problem.DYNAMIC_FORM: found.is_dynamic_form,
        Problem.ACTIONS: found.has_scripts,
        Problem.SENDS: found.sends_forms,
        Problem.ATTACHMENTS: found.has_attachments,
        Problem.LONG: found.is_cut,
    }
    return [problem for problem, is_so in seen.items() if is_so] + language_problems(found.language, language)


def language_problems(found: str, chosen: str) -> list[Problem]:
    """Return what is wrong with the language a PDF says it is in (a BCP 47 tag, or empty), given the chosen one."""
    primary = found.replace("_", "-").partition("-")[0].lower()
    primary = SAME_LANGUAGE.get(primary, primary)
    if not primary:
        return [Problem.NO_LANGUAGE]
    return [] if primary == chosen else [Problem.OTHER_LANGUAGE]


def in_words(keys: list[str]) -> list[str]:
    """Return problems, as their keys are kept, in words for editors, gravest first."""
    return [f"{problem.label}. {MENDING[problem]}" for problem in Problem if problem in keys]
