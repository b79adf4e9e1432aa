"""Comparing names as people write them, not as machines store them."""

import re
import unicodedata

# What `searchable` and the databases leave out and replace: one table, because a search must find the same in each.
# The marks of Latin, Greek, Cyrillic, Hebrew and Arabic letters.
MARKS = (
    r"[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    r"\u0610-\u061a\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
ALIKE = ("øłđðħıς’‘ʼ", "olddhiσ" + 3 * "'")
LIGATURES = (("æ", "ae"), ("œ", "oe"), ("ß", "ss"), ("þ", "th"))
_ALIKE = str.maketrans(*ALIKE)
_MARKS = re.compile(MARKS)

# Letters that carry a stroke or are ligatures: Unicode does not take them apart, people leave the stroke out.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})


def fold(text: str) -> str:
    """The words of `text` without case, accents and punctuation, one space between them.

    Only marks that stand above or below a letter are dropped (canonical combining class not 0, The Unicode Standard,
    chapter 3.11), so Latin accents and Arabic short vowels go while the vowel signs of Indic scripts stay.
    """
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = (
        char if unicodedata.category(char)[0] in "LNM" else " "
        for char in apart.translate(_PLAIN)
        if not unicodedata.combining(char)
    )
    return " ".join("".join(kept).split())


def squeeze(text: str) -> str:
    """Folded and without spaces: "U.N. Police" and "UN police" come out alike."""
    return fold(text).replace(" ", "")


def same_name(one: str, other: str) -> bool:
    """Whether two names have the same words, in whatever order. An empty name is like no other."""
    words = sorted(fold(one).split())
    return bool(words) and words == sorted(fold(other).split())


def searchable(text: str) -> str:
    """Without case and accents, punctuation kept: what a search compares. `db.folded` says the same in SQL."""
    if text.isascii():  # most of what a list of ten thousand holds
        return text.lower()
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text)).lower().translate(_ALIKE)
    for letter, letters in LIGATURES:
        plain = plain.replace(letter, letters)
    return plain
