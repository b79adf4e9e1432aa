"""Comparing names as people write them, not as machines store them."""

import unicodedata

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
