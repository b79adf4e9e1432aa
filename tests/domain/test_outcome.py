"""Whoever is left moves up, in the order in which the decision put them."""

from __future__ import annotations

import pytest

from award_app.domain.outcome import moved_up
from award_app.domain.vocabulary import Outcome

L, U, R = Outcome.LAUREATE, Outcome.RUNNER_UP, Outcome.RESERVE
DECIDED = [(L, "a"), (U, "bc"), (R, "de")]

CASES = [
    # Nobody left: as decided.
    (DECIDED, "", ["a", "bc", "de"]),
    # The laureate declined: the first runner-up becomes laureate, the first of the reserve a runner-up.
    (DECIDED, "a", ["b", "cd", "e"]),
    # A runner-up left: the laureate stays.
    (DECIDED, "b", ["a", "cd", "e"]),
    # Somebody of the reserve left: nothing that is public changes.
    (DECIDED, "d", ["a", "bc", "e"]),
    # Three left at once.
    (DECIDED, "abd", ["c", "e", ""]),
    # No runner-up was named: the reserve follows the laureate.
    ([(L, "a"), (U, ""), (R, "de")], "a", ["d", "", "e"]),
    # Nobody is there to follow: no laureate.
    ([(L, "a"), (U, ""), (R, "")], "a", ["", "", ""]),
    # No award stays no award.
    ([(L, ""), (U, ""), (R, "")], "", ["", "", ""]),
]


@pytest.mark.parametrize(("places", "left", "stand"), CASES)
def test_moved_up(places: list[tuple[Outcome, str]], left: str, stand: list[str]) -> None:
    found = moved_up(places, left)
    assert [outcome for outcome, _files in found] == [L, U, R]
    assert ["".join(files) for _outcome, files in found] == stand
