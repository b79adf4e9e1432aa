"""How many words a text has, in any of the languages a file may be written in."""

import math
import re

# Han; kana with its half-width forms: a character each.
_HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KANA = "\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
# Thai, Lao, Burmese, Khmer: no spaces between words, and no way to find the words without a dictionary.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"

_WORD = re.compile(
    rf"(?P<character>[{_HAN}{_KANA}])"
    rf"|(?P<unspaced>[{_UNSPACED}]+)"
    rf"|(?P<spaced>[^\s\u200b{_HAN}{_KANA}{_UNSPACED}]+)"
)
_LETTERS_PER_WORD = 4


def count_words(text: str) -> int:
    """Words are separated by white space; what has no letter or digit in it (a dash, a bullet) is none.

    Scripts without spaces: each Han character and each kana is one word; a run of Thai, Lao, Burmese or Khmer is one
    word for every four letters begun, vowel signs and tone marks not counted. A zero-width space separates too.
    """
    return sum(_words(match) for match in _WORD.finditer(text))


def _words(match: re.Match[str]) -> int:
    if match.lastgroup == "character":
        return 1
    letters = sum(char.isalnum() for char in match[0])
    return math.ceil(letters / _LETTERS_PER_WORD) if match.lastgroup == "unspaced" else min(letters, 1)
