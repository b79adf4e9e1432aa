"""What changed between two texts, word by word."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from award_app.domain.words import count_words

_HAN = "\u2e80-\u9fff\uf900-\ufaff"  # written without spaces: each sign is compared by itself
_TOKENS = re.compile(rf"[{_HAN}]\s*|[^\s{_HAN}]+\s*|\s+")
MOST_TOKENS = 4_000  # beyond it the comparison would take seconds: the text is then shown as replaced whole


class Part(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Piece:
    part: Part
    text: str


def compare(before: str, after: str) -> tuple[Piece, ...]:
    """Pieces that, without the added ones, read `before`, and without the removed ones read `after`."""
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    if len(old) + len(new) > MOST_TOKENS:
        return _pieces(((Part.REMOVED, old), (Part.ADDED, new)))
    return _pieces(_runs(old, new))


def _runs(old: list[str], new: list[str]) -> Iterator[tuple[Part, Sequence[str]]]:
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            yield Part.SAME, old[i:j]
        else:
            yield Part.REMOVED, old[i:j]
            yield Part.ADDED, new[k:m]


def _pieces(runs: Iterable[tuple[Part, Sequence[str]]]) -> tuple[Piece, ...]:
    return tuple(Piece(part, "".join(tokens)) for part, tokens in runs if tokens)


def counts(pieces: Sequence[Piece]) -> tuple[int, int]:
    """Words added and words removed."""

    def words(part: Part) -> int:
        return sum(count_words(piece.text) for piece in pieces if piece.part is part)

    return words(Part.ADDED), words(Part.REMOVED)
