"""Scores as arrays, and the two shapes the methods look at: single scores, and a reviewer's view of a whole file."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

Numbers = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Score:
    """One reviewer's value for one criterion of one file, on the scale of the criterion; the three are ids."""

    nominee: int
    reviewer: int
    criterion: int
    value: float


@dataclass(frozen=True)
class Table:
    """The scores as arrays, in the order of nominee, reviewer, criterion: the identities in rising order, and per score
    the index of each and its weight. Scores of criteria without weight are not in it."""

    nominees: Indices
    reviewers: Indices
    criteria: Indices
    nominee: Indices
    reviewer: Indices
    criterion: Indices
    value: Numbers
    weight: Numbers
    criterion_weight: Numbers

    @classmethod
    def of(cls, scores: Sequence[Score], weights: Mapping[int, float]) -> "Table":
        """Raises ValueError for a criterion without a weight, weights that are negative or sum to nothing, a value or
        weight that is no finite number, the same score twice."""
        share = _shares(weights)
        used = [score for score in scores if _share(share, score.criterion) > 0]
        nominees, nominee = _indexed([score.nominee for score in used])
        reviewers, reviewer = _indexed([score.reviewer for score in used])
        criteria, criterion = _indexed([score.criterion for score in used])
        value = np.array([score.value for score in used], dtype=np.float64)
        of_criterion = np.array([share[code] for code in criteria.tolist()], dtype=np.float64)
        turn = np.lexsort((criterion, reviewer, nominee))
        nominee, reviewer, criterion, value = nominee[turn], reviewer[turn], criterion[turn], value[turn]
        _check(nominee, reviewer, criterion, value)
        weight = of_criterion[criterion]
        return cls(nominees, reviewers, criteria, nominee, reviewer, criterion, value, weight, of_criterion)


def _share(shares: Mapping[int, float], criterion: int) -> float:
    if criterion not in shares:
        raise ValueError(f"criterion {criterion} has no weight")
    return shares[criterion]


def _check(nominee: Indices, reviewer: Indices, criterion: Indices, value: Numbers) -> None:
    if not np.isfinite(value).all():
        raise ValueError("a score is not a finite number")
    if ((np.diff(nominee) == 0) & (np.diff(reviewer) == 0) & (np.diff(criterion) == 0)).any():
        raise ValueError("the same score stands twice")


def _shares(weights: Mapping[int, float]) -> dict[int, float]:
    total = sum(weights.values())
    if any(not (math.isfinite(weight) and weight >= 0) for weight in weights.values()) or (weights and not total):
        raise ValueError("weights are finite, not negative, and not all zero")
    return {criterion: weight / total for criterion, weight in weights.items()}


def _indexed(identities: list[int]) -> tuple[Indices, Indices]:
    found, index = np.unique(np.array(identities, dtype=np.intp), return_inverse=True)
    return found, index


@dataclass(frozen=True)
class Pairs:
    """One row per file and reviewer, in that order: the weighted mean of her scores, and their weight together."""

    nominee: Indices
    reviewer: Indices
    value: Numbers
    weight: Numbers

    @classmethod
    def of(cls, table: Table, criterion_levels: Numbers) -> "Pairs":
        """`criterion_levels` are taken off the scores first; zeros leave them as they are."""
        code = table.nominee * len(table.reviewers) + table.reviewer
        pairs, index = np.unique(code, return_inverse=True)
        weight = np.bincount(index, weights=table.weight, minlength=len(pairs)).astype(np.float64)
        level = table.value - criterion_levels[table.criterion]
        value = np.bincount(index, weights=table.weight * level, minlength=len(pairs)) / weight
        reviewers = max(len(table.reviewers), 1)
        return cls(pairs // reviewers, pairs % reviewers, value, weight)


def named(identities: Indices, values: Numbers) -> dict[int, float]:
    return dict(zip(identities.tolist(), values.tolist(), strict=True))


def groups(left: Indices, lefts: int, right: Indices, rights: int) -> tuple[int, Indices, Indices]:
    """Connected components of a two-sided graph: their number, and the component of each node of either side."""
    if not lefts:
        return 0, np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp)
    edges = sparse.coo_array((np.ones(len(left)), (left, lefts + right)), shape=(lefts + rights, lefts + rights))
    count, label = connected_components(edges.tocsr(), directed=False)
    return int(count), label[:lefts].astype(np.intp), label[lefts:].astype(np.intp)
