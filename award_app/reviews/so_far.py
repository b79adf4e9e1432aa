"""A member's own scores across her files, for her eyes only: to see whether she means the same by the same value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from award_app.cycles.models import Criterion, Cycle
from award_app.domain import scoring
from award_app.reviews.queries import ListedFile, Own


@dataclass(frozen=True)
class Row:
    """One file; `values` stand in the order of the criteria, None where she has chosen none."""

    file: ListedFile
    values: tuple[int | None, ...]
    mean: float | None


@dataclass(frozen=True)
class SoFar:
    criteria: Sequence[Criterion]
    rows: tuple[Row, ...]  # in her own order, only those with a value
    highest: tuple[Row, ...]
    lowest: tuple[Row, ...]
    flat: bool
    alike: tuple[Row, ...]  # whole sheets with one and the same value for every criterion on the scale

    @property
    def values(self) -> frozenset[int | None]:
        """Those that occur."""
        return frozenset(value for row in self.rows for value in row.values)


def of(cycle: Cycle, files: Sequence[ListedFile], own: Own) -> SoFar:
    weights, values = {criterion.id: criterion.weight for criterion in cycle.criteria}, own.values
    rows = {
        file.id: Row(file, tuple(map(given.get, weights)), scoring.mean(given, weights))
        for file in files
        if not file.out and (given := values.get(file.id))
    }
    ends = scoring.extremes((id_, row.mean) for id_, row in rows.items() if row.mean is not None)
    return SoFar(
        cycle.criteria,
        tuple(rows.values()),
        tuple(rows[id_] for id_ in ends.highest),
        tuple(rows[id_] for id_ in ends.lowest),
        ends.flat,
        tuple(row for row in rows.values() if _is_alike(row, weights.values())),
    )


def _is_alike(row: Row, weights: Iterable[int]) -> bool:
    scale = [value for value, weight in zip(row.values, weights, strict=True) if weight]
    return len(scale) > 1 and None not in scale and len(set(scale)) == 1
