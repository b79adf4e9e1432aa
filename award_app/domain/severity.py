"""The additive model: how harsh each reviewer is, and where the nominees stand once that is taken out.

Workers and commands only: this file imports scipy.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import cg

from award_app.domain.score_table import Numbers, Pairs, Score, Table, groups, named


@dataclass(frozen=True)
class Additive:
    """What `additive_model` found, on the scale of the scores.

    `nominees`: the weighted mean each would have from a reviewer of average severity who scored every criterion. It may
    lie a little outside the scale. `severity`: how much lower than the average a reviewer scores; positive is harsher.
    `criteria`: how much higher than average a criterion is scored. `ridge`: the shrinkage used, in files' worth of
    scores, None where severities cannot be told from chance and all are zero; `ridge_estimated` says whether the data
    gave it.
    `components` counts the groups of files that shared reviewers join. `identified`: False when the scores alone do not
    settle every difference between nominees and between reviewers - two groups or more, or files or reviewers with
    criteria of their own; then the figures rest on the shrinkage, which takes the groups' reviewers for equally severe.
    """

    nominees: dict[int, float]
    severity: dict[int, float]
    criteria: dict[int, float]
    identified: bool
    components: int
    ridge: float | None
    ridge_estimated: bool


def additive_model(
    scores: Sequence[Score], weights: Mapping[int, float], *, shrinkage: float | None = None
) -> Additive:
    """score = nominee − severity of the reviewer + criterion + error, by penalised weighted least squares.

    Each score counts with the weight of its criterion (brought to the sum of one), so a file read on every criterion
    counts one; a gap takes its weight away and nothing is filled in. Severities are shrunk towards zero by
    `shrinkage`, in the same unit: a reviewer of k files moves by about k / (k + shrinkage) of what was seen; 0 is plain
    least squares. Left out, it is the ratio of two variances (error to severity), which gives the best linear unbiased
    prediction of the severities (Henderson 1975, Biometrics 31:423-447). The variances come from Henderson's method 3
    (1953, Biometrics 9:226-252; Searle, Casella, McCulloch, Variance Components, 1992, chapter 5), on one number per
    file and reviewer, because a reviewer's scores of one file lean the same way and are not independent; the levels
    of the criteria are taken as known. With no
    degrees of freedom to estimate them the shrinkage is 1 and `ridge_estimated` is False.

    Criteria of weight zero are not used. Raises ValueError for a criterion without a weight, weights that are negative
    or sum to nothing, a value or weight that is no finite number, the same score twice.
    """
    if shrinkage is not None and not (math.isfinite(shrinkage) and shrinkage >= 0):
        raise ValueError("shrinkage is a finite number, not below zero")
    table = Table.of(scores, weights)
    estimated = _estimated_ridge(table) if shrinkage is None else shrinkage
    ridge = 1.0 if estimated is None else estimated
    fit = _solve(table, ridge)
    components = _components(table)
    return Additive(
        nominees=named(table.nominees, fit.nominee),
        severity=named(table.reviewers, fit.severity),
        criteria=named(table.criteria, fit.criterion),
        identified=_identified(table),
        components=components,
        ridge=None if math.isinf(ridge) else ridge,
        ridge_estimated=shrinkage is None and estimated is not None,
    )


@dataclass(frozen=True)
class _Fit:
    nominee: Numbers
    severity: Numbers
    criterion: Numbers


def _solve(table: Table, ridge: float) -> _Fit:
    """Penalised least squares. Where the data leave a level open, any least-squares solution will do; `_centred` then
    fixes the levels. An infinite ridge takes the severities out of the model."""
    sizes = len(table.nominees), len(table.reviewers), len(table.criteria)
    if not len(table.value):
        return _Fit(np.zeros(sizes[0]), np.zeros(sizes[1]), np.zeros(sizes[2]))
    design = _design(table, 0.0 if math.isinf(ridge) else -1.0)
    weighted = sparse.csr_array(design.T * table.weight)
    penalty = np.repeat([0.0, 1.0 if math.isinf(ridge) else ridge, 0.0], sizes)
    matrix = sparse.csr_array(weighted @ design + sparse.diags_array(penalty))
    middle = float(np.average(table.value, weights=table.weight))
    scale = float(np.linalg.norm(weighted @ table.value))
    solution = _conjugate_gradient(matrix, weighted @ (table.value - middle), 1e-14 * scale)
    nominee, severity, criterion = np.split(solution, np.cumsum(sizes)[:2])
    return _centred(table, _Fit(nominee + middle, severity, criterion))


def _design(table: Table, sign: float) -> sparse.csr_array:
    """One row per score: 1 for its nominee, `sign` for its reviewer, 1 for its criterion."""
    ones = np.ones(len(table.value))
    first_reviewer, first_criterion = len(table.nominees), len(table.nominees) + len(table.reviewers)
    columns = np.concatenate([table.nominee, first_reviewer + table.reviewer, first_criterion + table.criterion])
    rows = np.tile(np.arange(len(ones)), 3)
    shape = len(ones), first_criterion + len(table.criteria)
    return sparse.csr_array((np.concatenate([ones, sign * ones, ones]), (rows, columns)), shape=shape)


def _conjugate_gradient(matrix: sparse.csr_array, right: Numbers, nothing: float) -> Numbers:
    """Conjugate gradients with the Jacobi preconditioner (Saad, Iterative Methods for Sparse Linear Systems, 2003,
    chapter 9), then once more for what was left, down to a remainder of `nothing`: ties must come out equal to about
    1e-12 of the scale. A singular matrix is fine as long as `right` is in its range, as it is here."""
    jacobi = sparse.diags_array(1.0 / matrix.diagonal())
    solution = np.zeros(len(right))
    for _ in range(2):
        left = right - matrix @ solution
        step, failed = cg(matrix, left, rtol=1e-10, atol=nothing, M=jacobi, maxiter=20_000)
        if failed:
            raise ArithmeticError("the additive model did not converge")
        solution = solution + step
    return solution


def _centred(table: Table, fit: _Fit) -> _Fit:
    """Levels are free to move between the parts: criteria average zero by weight, severities zero within each group of
    reviewers joined by shared files (as any shrinkage makes them), and the nominees take up the rest."""
    shift = float(np.average(fit.criterion, weights=table.criterion_weight))
    _, of_nominee, of_reviewer = groups(table.nominee, len(table.nominees), table.reviewer, len(table.reviewers))
    means = np.bincount(of_reviewer, fit.severity) / np.bincount(of_reviewer)
    return _Fit(fit.nominee + shift - means[of_nominee], fit.severity - means[of_reviewer], fit.criterion - shift)


def _estimated_ridge(table: Table) -> float | None:
    """Variance of the error over variance of the severities, infinite when the latter is not above zero; None without
    degrees of freedom."""
    fit = _solve(table, 0.0)
    pairs = Pairs.of(table, fit.criterion)
    freedom = len(pairs.value) - len(table.nominees) - len(table.reviewers) + _components(table)
    reviewers = len(table.reviewers) - _components(table)
    if freedom <= 0 or reviewers <= 0:
        return None
    full = pairs.value - fit.nominee[pairs.nominee] + fit.severity[pairs.reviewer]
    of_nominee = np.bincount(pairs.nominee, pairs.weight)
    alone = pairs.value - (np.bincount(pairs.nominee, pairs.weight * pairs.value) / of_nominee)[pairs.nominee]
    error = float(pairs.weight @ full**2)
    reduction = float(pairs.weight @ alone**2) - error
    spread = float(pairs.weight.sum() - np.sum(pairs.weight**2 / of_nominee[pairs.nominee]))
    return _variance_ratio(error / freedom, (reduction - reviewers * error / freedom) / spread, pairs)


def _variance_ratio(error: float, severity: float, pairs: Pairs) -> float:
    """Rounding errors of the fit are no variance: what is under 1e-15 of the values' squares is zero."""
    nothing = 1e-15 * float(np.mean(pairs.value**2))
    if severity <= nothing:
        return math.inf
    return error / severity if error > nothing else 0.0


def _components(table: Table) -> int:
    return groups(table.nominee, len(table.nominees), table.reviewer, len(table.reviewers))[0]


def _identified(table: Table) -> bool:
    """Whether the scores alone, without shrinkage, settle all differences between nominees and between reviewers.

    A direction x that the scores cannot see has K x = 0, K being the matrix of the normal equations. Solving K y = K g
    for an arbitrary g leaves in g - y an arbitrary such direction; it must move all nominees alike, and all reviewers.
    That finds what the graph of files and reviewers does not show, such as a file read on criteria of its own.
    """
    if not len(table.value):
        return True
    design = _design(table, -1.0)
    matrix = sparse.csr_array(sparse.csr_array(design.T * table.weight) @ design)
    arbitrary = np.sin(np.arange(1.0, matrix.shape[0] + 1) ** 2)
    right = matrix @ arbitrary
    unseen = arbitrary - _conjugate_gradient(matrix, right, 1e-14 * float(np.linalg.norm(right)))
    nominee, severity, _ = np.split(unseen, np.cumsum([len(table.nominees), len(table.reviewers)]))
    return bool(np.ptp(nominee) < 1e-6 and np.ptp(severity) < 1e-6)
