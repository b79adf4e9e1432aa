"""From scores to an order: the weighted mean, and beside it an order that takes the reviewers' severity out.

Workers and commands only: scipy is imported on the way. Higher is better. Nothing here depends on the order of the
scores.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from award_app.domain.score_table import Pairs, Score, Table, named
from award_app.domain.severity import Additive, additive_model

__all__ = ["Additive", "Score", "Summary", "additive_model", "order", "summarise", "weighted_means"]


@dataclass(frozen=True)
class Summary:
    """One nominee's line in the result. `n_scores` counts her reviewers; `lowest` and `highest` are of their weighted
    means. Means stand on the scale of the scores, `adjusted` as `Additive.nominees`; ranks as `order` gives them."""

    nominee: int
    n_scores: int
    lowest: float
    highest: float
    mean: float
    adjusted: float
    mean_rank: int
    adjusted_rank: int


def weighted_means(scores: Sequence[Score], weights: Mapping[int, float]) -> dict[int, float]:
    """Per nominee the mean over her reviewers of each reviewer's weighted mean over the criteria.

    Gaps: a reviewer's mean is over the criteria she gave, their weights brought to the sum of one; a reviewer without
    any is left out; a nominee without any reviewer is not in the answer. Errors as in `additive_model`.
    """
    table = Table.of(scores, weights)
    pairs = Pairs.of(table, np.zeros(len(table.criteria)))
    counts = np.bincount(pairs.nominee, minlength=len(table.nominees))
    return named(table.nominees, np.bincount(pairs.nominee, pairs.value, len(table.nominees)) / counts)


def order(values: Mapping[int, float], *, tolerance: float = 1e-9) -> dict[int, int]:
    """Places from the highest value, shared by equals, with a gap after them (1, 2, 2, 4).

    Equal is what lies within `tolerance` of the highest value at that place, so ties do not creep along a chain.
    """
    places: dict[int, int] = {}
    place, level = 0, math.inf
    for position, (key, value) in enumerate(sorted(values.items(), key=lambda item: (-item[1], item[0])), start=1):
        if level - value > tolerance:
            place, level = position, value
        places[key] = place
    return places


def summarise(
    scores: Sequence[Score], weights: Mapping[int, float], model: Additive | None = None
) -> dict[int, Summary]:
    """One line per nominee with at least one weighted score; `model` where it is already at hand. Errors as in
    `additive_model`."""
    adjusted = (model or additive_model(scores, weights)).nominees
    means = weighted_means(scores, weights)
    mean_ranks, adjusted_ranks = order(means), order(adjusted)
    lines = {}
    for nominee, seen in _views(Table.of(scores, weights)).items():
        lines[nominee] = Summary(
            nominee, len(seen), min(seen), max(seen),
            means[nominee], adjusted[nominee], mean_ranks[nominee], adjusted_ranks[nominee],
        )  # fmt: skip
    return lines


def _views(table: Table) -> dict[int, list[float]]:
    """Per nominee the weighted mean of each of her reviewers."""
    pairs = Pairs.of(table, np.zeros(len(table.criteria)))
    views: dict[int, list[float]] = {}
    for nominee, value in zip(table.nominees[pairs.nominee].tolist(), pairs.value.tolist(), strict=True):
        views.setdefault(nominee, []).append(value)
    return views
