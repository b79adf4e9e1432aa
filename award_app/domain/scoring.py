"""How a member stands before her files: in which order, how far, and what her own scores say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b


class FileState(StrEnum):
    """Where a member stands in one file. What she stepped out of and what is barred to her look alike."""

    NOT_OPENED = "not_opened"
    DRAFT = "draft"
    SCORED = "scored"
    RECUSED = "recused"


def file_state(*, declared: bool, out: bool, scored: int, criteria: int) -> FileState:
    """`scored` of `criteria` are given. A file opens with its declaration; whatever is not whole is a draft."""
    if out:
        return FileState.RECUSED
    if not declared:
        return FileState.NOT_OPENED
    return FileState.SCORED if scored >= criteria else FileState.DRAFT


def place(member_ref: str, file_ref: str) -> bytes:
    """Where a file stands in a member's own order: sort by it.

    A hash of the file's reference keyed with hers: the same every time, another for each member, and near to no order
    that means anything. So no file is read first by everybody, and a file that joins late moves none of the others.
    """
    return blake2b(file_ref.encode(), key=member_ref.encode()[:64], digest_size=16).digest()


def mean(values: Mapping[int, int], weights: Mapping[int, int]) -> float | None:
    """The weighted mean, 1 to 5, of the criteria that were scored; None where none of them carries weight.

    Both map criterion ids; weights are in per cent, and a criterion without one is left out.
    """
    counted = {criterion: weights.get(criterion, 0) for criterion in values}
    total = sum(counted.values())
    return sum(values[c] * weight for c, weight in counted.items()) / total if total else None


@dataclass(frozen=True)
class Extremes:
    """Of a ballot: the ids of the files with its highest and its lowest mean. `flat` where several all stand alike."""

    highest: tuple[int, ...] = ()
    lowest: tuple[int, ...] = ()
    flat: bool = False


def extremes(means: Iterable[tuple[int, float]]) -> Extremes:
    """`means`: file id and mean. Means that a page shows alike, to one decimal, are alike."""
    rounded = [(file, round(value, 1)) for file, value in means]
    if len(rounded) < 2:
        return Extremes()
    top, bottom = max(value for _file, value in rounded), min(value for _file, value in rounded)
    if top == bottom:
        return Extremes(flat=True)
    return Extremes(
        tuple(file for file, value in rounded if value == top),
        tuple(file for file, value in rounded if value == bottom),
    )
