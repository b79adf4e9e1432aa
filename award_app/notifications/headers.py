"""What may stand in a header of a letter, and what may not.

This Python's `email` package decodes RFC 2047 words in what it is given and may write a line break from one into the
header, so that a name becomes a Bcc. Nothing that could begin such a word, break a line or turn the writing round
reaches it.
"""

from __future__ import annotations

import re
import unicodedata
from email.headerregistry import Address
from typing import Final

NAME_LIMIT: Final = 60  # characters; longer names are cut where they stand in an address line
SUBJECT_LIMIT: Final = 150

_JOINERS: Final = frozenset("\u200c\u200d")  # Persian and several Indian languages need them inside words
_BREAKS: Final = frozenset({"Cc", "Zl", "Zp"})  # control characters with NUL, CR, LF and U+0085; U+2028; U+2029
_DROPPED: Final = frozenset({"Cf", "Cs", "Cn"})  # bidi controls and zero widths; half a pair; no character at all
_SPECIALS: Final = re.compile(r'["(),:;<>@\[\\\]]')  # what has a meaning of its own in a line of addresses
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_LOCAL: Final = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS: Final = re.compile(rf"{_LOCAL}(?:\.{_LOCAL})*@{_LABEL}(?:\.{_LABEL})*", re.ASCII | re.IGNORECASE)


class Unsafe(ValueError):
    """This cannot be an address. The message never repeats it."""


def one_line(text: str) -> str:
    """`text` on one line, without characters that steer the line, the direction or the decoding of what is read."""
    kept = "".join(_visible(character) for character in text)
    return " ".join(kept.split()).replace("=?", "= ?")


def _visible(character: str) -> str:
    kind = unicodedata.category(character)
    if kind in _BREAKS:
        return " "
    return "" if kind in _DROPPED and character not in _JOINERS else character


def subject(text: str) -> str:
    return _cut(one_line(text), SUBJECT_LIMIT)


def address(name: str, mailbox: str) -> Address:
    """One person's address with her name before it. Errors: Unsafe where `mailbox` is not exactly one address."""
    spec = single(mailbox)
    shown = " ".join(_SPECIALS.sub(" ", one_line(name)).split())
    return Address(display_name=_cut(shown, NAME_LIMIT), addr_spec=spec)


def single(mailbox: str) -> str:
    """Exactly one plain address: at most 254 characters, no quoted part, no list, no comment."""
    if len(mailbox) > 254 or "=?" in mailbox or not _ADDRESS.fullmatch(mailbox):
        raise Unsafe("not one plain address")
    return mailbox


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
