"""What people type, made alike: composed letters, and no signs that nobody can see and no script needs."""

import re
import unicodedata

# What most texts are: nothing to look at one by one.
_PLAIN = re.compile(r"[\n\t\r -~£–—‘’“”…•]*")
_LINE_BREAKS = str.maketrans({"\x85": "\n", "\u2028": "\n", "\u2029": "\n"})
# Beside the formats (Cf), what Unicode lets programs draw nothing for, and pictures of nothing. Source: Default
# Ignorable Code Points, https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
_DRAWN_AS_NOTHING = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc")
_ZWNJ, _ZWJ = "\u200c", "\u200d"
_MARKS = frozenset("\u200e\u200f\u061c")
_ISOLATES, _END_OF_ISOLATE = frozenset("\u2066\u2067\u2068"), "\u2069"
# Arabic and its kin, whose letters join; the scripts of India and its neighbours, which make one sign of several.
# Source: the contexts in which RFC 5892 allows the two joiners, https://www.rfc-editor.org/rfc/rfc5892#appendix-A
_JOINING = re.compile(
    "[\u0600-\u07ff\u0840-\u086f\u08a0-\u0dff\u0f00-\u109f\u1780-\u17ff\u1800-\u18af\u1a20-\u1aaf\u1b00-\u1bff"
    "\ua800-\ua82f\ua840-\ua87f\ua880-\ua8df\ua980-\ua9df\uaa00-\uaa7f\ufb50-\ufdff\ufe70-\ufefc"
    "\U00010a00-\U00010a5f\U00011000-\U00011fff]"
)
_VIRAMA = 9
_BLACK_FLAG, _TAGS, _LAST_TAG = "\U0001f3f4", ("\U000e0020", "\U000e007f"), "\U000e007f"


def clean_text(text: str) -> str:
    """Return a text in Unicode's composed form (NFC), without control characters and invisible ones.

    Line breaks and tabs stay; so do joiners and variants where an emoji or a script needs them (Persian, Hindi …), and
    marks and isolates of direction where there is text from right to left. Overrides of direction never do.
    """
    if _PLAIN.fullmatch(text):
        return text
    # What stood apart by something invisible may be one letter now, and so on: two or three rounds at most.
    while (cleaned := unicodedata.normalize("NFC", _visible(unicodedata.normalize("NFC", text)))) != text:
        text = cleaned
    return text


def _visible(text: str) -> str:
    text = text.translate(_LINE_BREAKS)
    is_from_right = any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in text if sign not in _MARKS)
    has_isolates = is_from_right and _is_balanced(text)
    found: list[str] = []
    for place, sign in enumerate(text):
        before, after = found[-1] if found else "", text[place + 1 : place + 2]
        if sign in _MARKS:
            is_kept = is_from_right and before != sign
        elif sign in _ISOLATES or sign == _END_OF_ISOLATE:
            is_kept = has_isolates
        elif sign in (_ZWNJ, _ZWJ):
            is_kept = _joins(sign, before, after)
        elif "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef" or "\u180b" <= sign <= "\u180f":
            is_kept = bool(before) and unicodedata.category(before) in ("So", "Sm", "Po", "Nd", "Lo", "Sk")
        elif _TAGS[0] <= sign <= _TAGS[1]:
            is_kept = before == _BLACK_FLAG or (_TAGS[0] <= before < _LAST_TAG)
        else:
            is_kept = sign in "\n\t\r" or (
                sign not in _DRAWN_AS_NOTHING
                and unicodedata.category(sign) not in ("Cc", "Cf", "Cs")
                # Those that are no characters at all, and never will be.
                and not (ord(sign) & 0xFFFE == 0xFFFE or "\ufdd0" <= sign <= "\ufdef")
            )
        if is_kept:
            found.append(sign)
    return "".join(found)


def _joins(joiner: str, before: str, after: str) -> bool:
    """Whether a joiner does something between these two: within a word of a script that joins, or of an emoji."""
    if not before:
        return False
    if _JOINING.match(before):
        return joiner == _ZWJ or unicodedata.combining(before) == _VIRAMA or bool(_JOINING.match(after))
    is_emoji = unicodedata.category(before) in ("So", "Sk") or before == "\ufe0f"
    return joiner == _ZWJ and is_emoji and unicodedata.category(after or " ") in ("So", "Sm", "Po")


def _is_balanced(text: str) -> bool:
    """Whether every isolate of direction in a text is ended."""
    depth = 0
    for sign in text:
        if sign in _ISOLATES:
            depth += 1
        elif sign == _END_OF_ISOLATE:
            depth -= 1
            if depth < 0:
                return False
    return depth == 0
