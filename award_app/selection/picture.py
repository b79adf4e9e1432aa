"""A result as a picture: per file the range of the members' means, and two marks on it. The table says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from award_app.selection.showing import Shown

_EDGE = 4.0  # per cent left free on either side, so that marks are not cut off


@dataclass(frozen=True)
class Line:
    """Places along the width, as SVG reads them: "12.5%"."""

    row: Shown
    low: str
    high: str
    mean: str
    adjusted: str


@dataclass(frozen=True)
class Picture:
    lines: tuple[Line, ...]
    ticks: tuple[tuple[str, int], ...]


def draw(rows: Sequence[Shown]) -> Picture:
    """Files without scores are left out; their line in the table says so."""
    shown = [row for row in rows if row.position is not None]
    adjusted = [row.adjusted_mean for row in shown if row.adjusted_mean is not None]
    low, high = min([1.0, *adjusted]), max([5.0, *adjusted])

    def place(value: float | None) -> str:
        share = ((value or low) - low) / (high - low)
        return f"{_EDGE + (100 - 2 * _EDGE) * share:.2f}%"

    lines = tuple(
        Line(row, place(row.lowest), place(row.highest), place(row.weighted_mean), place(row.adjusted_mean))
        for row in shown
    )
    return Picture(lines, tuple((place(value), value) for value in range(1, 6)))
