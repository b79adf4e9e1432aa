"""What of a page still speaks English to a reader of another language."""

from __future__ import annotations

import html
import re
from functools import cache

from award_app.translations import catalogue
from tests.web.test_i18n import Words

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")
ENOUGH = 9  # letters: shorter words ("Mission", "Page") stand in both languages, or within others


@cache
def _english(language: str) -> tuple[str, ...]:
    """What stands in messages between the placeholders, where the other language says something else there."""
    other = "\n".join(str(said) for message in catalogue.kept(language) for said in forms(message.string))
    pieces = {
        piece.strip()
        for message in catalogue.kept(language)
        if message.id
        for said in forms(message.id)
        for piece in PLACEHOLDER.split(said)
    }
    return tuple(sorted(p for p in pieces if len(re.findall(r"[^\W\d_]", p)) >= ENOUGH and p not in other))


def forms(said: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said or ())


def english_left(page: str, language: str, data: str = "") -> list[str]:
    """The English messages that stand on `page`, but for what is marked as data or as English, and what is in `data`."""
    words = Words()
    words.feed(page)
    text = " ".join(html.unescape("\n".join(words.found)).split())
    return [said for said in _english(language) if " ".join(said.split()) in text and said not in data]
