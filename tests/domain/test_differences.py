"""What a reader is shown as added and as removed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from award_app.domain.differences import Part, Piece, compare, counts

SAME, REMOVED, ADDED = Part.SAME, Part.REMOVED, Part.ADDED


@pytest.mark.parametrize(
    ("before", "after", "pieces", "words"),
    [
        # nothing changed
        ("One two.", "One two.", [(SAME, "One two.")], (0, 0)),
        # nothing to anything, and back
        ("", "One two.", [(ADDED, "One two.")], (2, 0)),
        ("One two.", "", [(REMOVED, "One two.")], (0, 2)),
        # a word in the middle
        ("one two three", "one four three", [(SAME, "one "), (REMOVED, "two "), (ADDED, "four "), (SAME, "three")], (1, 1)),
        # whole words, never letters of one
        ("desk", "desks", [(REMOVED, "desk"), (ADDED, "desks")], (1, 1)),
        # what is written without spaces is compared sign by sign
        ("她开设了一个服务台", "她开设了两个服务台", [(SAME, "她开设了"), (REMOVED, "一"), (ADDED, "两"), (SAME, "个服务台")], (1, 1)),
        # without end: the whole text, at once
        ("a " * 5000, "b", [(REMOVED, "a " * 5000), (ADDED, "b")], (1, 5000)),
    ],
)  # fmt: skip
def test_pieces(before: str, after: str, pieces: list[tuple[Part, str]], words: tuple[int, int]) -> None:
    found = compare(before, after)
    assert [(piece.part, piece.text) for piece in found] == pieces
    assert counts(found) == words


@given(st.text(alphabet="ab 1.\n她", max_size=40), st.text(alphabet="ab 1.\n她", max_size=40))
def test_the_pieces_hold_both_texts(before: str, after: str) -> None:
    def without(found: tuple[Piece, ...], part: Part) -> str:
        return "".join(piece.text for piece in found if piece.part is not part)

    found = compare(before, after)
    assert (without(found, ADDED), without(found, REMOVED)) == (before, after)
