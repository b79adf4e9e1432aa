"""Where a member stands before her files, and what her scores say."""

from __future__ import annotations

import pytest

from award_app.domain.scoring import Extremes, FileState, extremes, file_state, mean, place


@pytest.mark.parametrize(
    ("declared", "out", "scored", "expected"),
    [
        # Before the declaration nothing is open.
        (False, False, 0, FileState.NOT_OPENED),
        # Opened, and not whole.
        (True, False, 0, FileState.DRAFT),
        (True, False, 5, FileState.DRAFT),
        (True, False, 6, FileState.SCORED),
        # Out is out, whatever was given before.
        (True, True, 6, FileState.RECUSED),
        (False, True, 0, FileState.RECUSED),
    ],
)
def test_four_states(declared: bool, out: bool, scored: int, expected: FileState) -> None:
    assert file_state(declared=declared, out=out, scored=scored, criteria=6) is expected


def test_the_order_is_the_members_own_the_same_every_time_and_lasting() -> None:
    files = [f"file{n}" for n in range(20)]
    orders = {who: sorted(files, key=lambda file: place(who, file)) for who in ("anna", "berta", "clara")}
    assert orders["anna"] == sorted([*files[7:], *files[:7]], key=lambda file: place("anna", file))
    assert len({tuple(order) for order in orders.values()}) == 3
    # A file that joins late moves none of the others.
    later = sorted([*files, "late"], key=lambda file: place("anna", file))
    assert [file for file in later if file != "late"] == orders["anna"]


def test_no_file_is_favoured_across_members() -> None:
    files, members = [f"file{n}" for n in range(5)], [f"member{n}" for n in range(1000)]
    firsts = [min(files, key=lambda file: place(who, file)) for who in members]
    assert all(150 < firsts.count(file) < 250 for file in files)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({1: 5, 2: 3}, 4.2),  # 60 and 40 per cent
        ({1: 5}, 5.0),  # what is not scored yet takes no part
        ({3: 2}, None),  # conduct carries no weight
        ({}, None),
    ],
)
def test_the_mean_is_weighted_over_what_was_given(values: dict[int, int], expected: float | None) -> None:
    assert mean(values, {1: 60, 2: 40, 3: 0}) == expected


@pytest.mark.parametrize(
    ("means", "expected"),
    [
        ([(1, 4.6), (2, 2.1), (3, 3.0)], Extremes((1,), (2,))),
        # Alike is what reads alike.
        ([(1, 4.61), (2, 4.59), (3, 3.0)], Extremes((1, 2), (3,))),
        ([(1, 3.0), (2, 3.01)], Extremes(flat=True)),
        # One file has nothing to be compared with.
        ([(1, 3.0)], Extremes()),
        ([], Extremes()),
    ],
)
def test_highest_lowest_and_flat(means: list[tuple[int, float]], expected: Extremes) -> None:
    assert extremes(means) == expected
