"""A member's own scores across her files, for her eyes only: to see whether she means the same by the same value."""

from __future__ import annotations

from collections.abc import Sequence
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


def of(cycle: Cycle, files: Sequence[ListedFile], own: Own) -> SoFar:
    weights = {criterion.id: criterion.weight for criterion in cycle.criteria}
    values = own.values
    rows = {
        file.id: Row(file, tuple(given.get(criterion.id) for criterion in cycle.criteria), scoring.mean(given, weights))
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
        tuple(row for row in rows.values() if _is_alike(row, cycle)),
    )


def _is_alike(row: Row, cycle: Cycle) -> bool:
    scale = [value for value, criterion in zip(row.values, cycle.criteria, strict=True) if criterion.weight]
    return len(scale) > 1 and None not in scale and len(set(scale)) == 1
