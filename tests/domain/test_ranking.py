"""From scores to an order: known truths, made-up panels whose truth is known, and what may not change an order."""

import random
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from award_app.domain.ranking import Score, Summary, additive_model, order, summarise, weighted_means

WEIGHTS = {1: 30.0, 2: 25.0, 3: 20.0, 4: 15.0, 5: 10.0}


def panel(
    nominees: int,
    severity: Mapping[int, float],
    *,
    noise: float = 0.0,
    seed: int = 1,
    left_out: Callable[[int, int, int], bool] = lambda nominee, reviewer, criterion: False,
) -> list[Score]:
    """Nominee n is truly worth 3 + n/10; the criteria differ by 0.2 a step and average zero by weight."""
    draw = random.Random(seed)
    easy = {criterion: 0.2 * (criterion - 2.5) for criterion in WEIGHTS}
    return [
        Score(n, r, c, 3 + n / 10 - severity[r] + easy[c] + draw.gauss(0, noise))
        for n in range(nominees)
        for r in severity
        for c in WEIGHTS
        if not left_out(n, r, c)
    ]


def close(found: Mapping[int, float], expected: Mapping[int, float], within: float = 1e-8) -> bool:
    return found.keys() == expected.keys() and all(abs(found[key] - expected[key]) <= within for key in expected)


PLANTED = {1: 0.6, 2: -0.4, 3: 0.1, 4: -0.3, 5: 0.0}


def test_the_weighted_mean_by_hand() -> None:
    scores = [Score(1, 1, 1, 4), Score(1, 1, 2, 2), Score(1, 2, 1, 5), Score(1, 2, 2, 5), Score(2, 1, 1, 3)]
    # nominee 1: (0.75·4 + 0.25·2 = 3.5, and 5); nominee 2 has one criterion only, which then counts whole
    assert close(weighted_means(scores, {1: 3, 2: 1}), {1: 4.25, 2: 3.0})


def test_planted_severities_are_recovered_exactly_from_scores_without_error() -> None:
    model = additive_model(panel(8, PLANTED, left_out=lambda n, r, c: (n, r) in {(0, 1), (3, 2), (7, 5)}), WEIGHTS)
    assert close(model.severity, PLANTED)
    assert close(model.nominees, {n: 3 + n / 10 for n in range(8)})
    assert close(model.criteria, {c: 0.2 * (c - 2.5) for c in WEIGHTS})
    assert (model.identified, model.components, model.ridge, model.ridge_estimated) == (True, 1, 0.0, True)


def test_planted_severities_are_recovered_from_scores_with_error() -> None:
    model = additive_model(panel(20, PLANTED, noise=0.5), WEIGHTS)
    assert close(model.severity, PLANTED, within=0.12)
    assert sorted(model.severity, key=PLANTED.__getitem__) == sorted(model.severity, key=model.severity.__getitem__)
    assert model.ridge is not None
    assert 0 < model.ridge < 1


def test_the_variances_are_those_that_were_planted() -> None:
    """Whole-file errors of 0.4 and severities of 0.5 standard deviation: the shrinkage is their ratio, 0.64."""
    draw = random.Random(3)
    severity = {reviewer: draw.gauss(0, 0.5) for reviewer in range(60)}
    scores = []
    for nominee in range(40):
        for reviewer in severity:
            whole = draw.gauss(0, 0.4)
            scores += [Score(nominee, reviewer, c, 3 - severity[reviewer] + whole) for c in WEIGHTS]
    ridge = additive_model(scores, WEIGHTS).ridge
    assert ridge is not None
    assert abs(ridge - 0.64) < 0.2


def test_the_shrinkage_by_hand() -> None:
    """Three files, two reviewers, no gap: the two-way analysis of variance. Between the reviewers 8/3 with one degree
    of freedom; error 1/3 with two, so 1/6. Severity (8/3 - 1/6) / 3 = 5/6, and the ratio is 1/5."""
    scores = [Score(n, r, 1, value) for r, row in enumerate([(1, 2, 4), (2, 4, 5)]) for n, value in enumerate(row)]
    model = additive_model(scores, {1: 1})
    assert model.ridge == pytest.approx(0.2, abs=1e-9)
    # the first is 2/3 below the middle, drawn in by 3 / (3 + 0.2)
    assert close(model.severity, {0: 0.625, 1: -0.625})


def test_a_harsh_member_recused_from_one_file_favours_it_in_the_mean_and_not_in_the_adjusted_order() -> None:
    harsh = {1: 1.5, 2: 0.0, 3: 0.0, 4: -0.5}
    lines = summarise(panel(4, harsh, noise=0.01, left_out=lambda n, r, c: (n, r) == (2, 1)), WEIGHTS)
    assert [n for n, line in sorted(lines.items(), key=lambda item: item[1].mean_rank)] == [2, 3, 1, 0]
    assert [n for n, line in sorted(lines.items(), key=lambda item: item[1].adjusted_rank)] == [3, 2, 1, 0]
    assert {n: line.n_scores for n, line in lines.items()} == {0: 4, 1: 4, 2: 3, 3: 4}


def test_where_everybody_scored_everything_the_adjusted_value_is_the_weighted_mean() -> None:
    scores = panel(6, PLANTED, noise=0.7)
    assert close(additive_model(scores, WEIGHTS).nominees, weighted_means(scores, WEIGHTS))


def test_a_missing_criterion_is_not_held_against_a_file() -> None:
    """The criterion with the highest scores is missing from one reviewer's view of the best file."""
    scores = panel(5, PLANTED, left_out=lambda n, r, c: (n, r, c) == (4, 1, 5))
    assert close(additive_model(scores, WEIGHTS).nominees, {n: 3 + n / 10 for n in range(5)})


def test_shrinkage_moves_severities_towards_zero() -> None:
    scores = panel(10, PLANTED, noise=0.3)
    sizes = [
        sum(abs(value) for value in additive_model(scores, WEIGHTS, shrinkage=ridge).severity.values())
        for ridge in (0.0, 1.0, 10.0, 1000.0)
    ]
    assert sizes == sorted(sizes, reverse=True)
    # k files and a shrinkage of k: half of what plain least squares sees, in a panel without gaps
    plain = additive_model(scores, WEIGHTS, shrinkage=0.0)
    half = additive_model(scores, WEIGHTS, shrinkage=10.0)
    assert close(half.severity, {reviewer: value / 2 for reviewer, value in plain.severity.items()})
    assert (plain.ridge, plain.ridge_estimated) == (0.0, False)


def test_two_panels_without_a_shared_file_cannot_be_compared() -> None:
    scores = panel(4, PLANTED, noise=0.1, left_out=lambda n, r, c: (n < 2) != (r < 3))
    model = additive_model(scores, WEIGHTS)
    assert (model.identified, model.components) == (False, 2)
    # one shared file joins them
    joined = panel(4, PLANTED, noise=0.1, left_out=lambda n, r, c: (n < 2) != (r < 3) and n > 0)
    assert (additive_model(joined, WEIGHTS).identified, additive_model(joined, WEIGHTS).components) == (True, 1)


def test_a_file_read_on_criteria_of_its_own_cannot_be_compared() -> None:
    model = additive_model(panel(2, PLANTED, left_out=lambda n, r, c: (n == 0) != (c < 3)), WEIGHTS)
    assert (model.identified, model.components) == (False, 1)
    # files, reviewers and criteria are all joined by twos, and still three scores cannot settle three differences
    few = additive_model([Score(0, 0, 2, 1), Score(0, 1, 1, 1), Score(1, 0, 1, 1)], WEIGHTS)
    assert (few.identified, few.components) == (False, 1)


def test_all_scores_equal() -> None:
    scores = [Score(n, r, c, 3.3) for n in range(4) for r in range(3) for c in WEIGHTS]
    model = additive_model(scores, WEIGHTS)
    assert close(model.nominees, dict.fromkeys(range(4), 3.3))
    assert model.severity == dict.fromkeys(range(3), 0.0)
    assert (model.ridge, model.ridge_estimated) == (None, True)
    assert {line.adjusted_rank for line in summarise(scores, WEIGHTS).values()} == {1}


def test_a_single_reviewer_has_no_severity() -> None:
    scores = panel(3, {1: 0.5}, noise=0.2)
    model = additive_model(scores, WEIGHTS)
    assert close(model.severity, {1: 0.0})
    assert close(model.nominees, weighted_means(scores, WEIGHTS))
    assert (model.identified, model.ridge, model.ridge_estimated) == (True, 1.0, False)


def test_a_single_nominee_is_first() -> None:
    (line,) = summarise([Score(9, 1, 1, 2), Score(9, 2, 1, 4)], WEIGHTS).values()
    assert line == Summary(9, 2, 2.0, 4.0, 3.0, 3.0, 1, 1)


def test_nothing_in_nothing_out() -> None:
    model = additive_model([], WEIGHTS)
    assert (model.nominees, model.severity, model.criteria, model.components) == ({}, {}, {}, 0)
    assert (weighted_means([], WEIGHTS), order({}), summarise([], {})) == ({}, {}, {})


def test_a_criterion_of_weight_zero_changes_nothing() -> None:
    scores = panel(4, PLANTED, noise=0.3)
    conduct = [Score(n, 1, 6, 1.0) for n in range(3)]
    assert summarise(scores + conduct, {**WEIGHTS, 6: 0.0}) == summarise(scores, WEIGHTS)


REFUSED = [
    ("a criterion without a weight", [Score(1, 1, 9, 3)], WEIGHTS, "criterion 9 has no weight"),
    ("the same score twice", [Score(1, 1, 1, 3), Score(1, 1, 1, 4)], WEIGHTS, "twice"),
    ("no number", [Score(1, 1, 1, float("nan"))], WEIGHTS, "finite number"),
    ("a negative weight", [Score(1, 1, 1, 3)], {1: 1.0, 2: -0.5}, "not negative"),
    ("weights of nothing", [Score(1, 1, 1, 3)], {1: 0.0}, "not all zero"),
]


@pytest.mark.parametrize(("scores", "weights", "reason"), [c[1:] for c in REFUSED], ids=[c[0] for c in REFUSED])
def test_what_is_refused(scores: list[Score], weights: dict[int, float], reason: str) -> None:
    for method in (weighted_means, additive_model, summarise):
        with pytest.raises(ValueError, match=reason):
            method(scores, weights)


PLACES = [
    # the highest first
    ({1: 2.0, 2: 3.0, 3: 1.0}, {2: 1, 1: 2, 3: 3}),
    # equals share the place, the next one stands after both
    ({1: 2.0, 2: 3.0, 3: 2.0, 4: 1.0}, {2: 1, 1: 2, 3: 2, 4: 4}),
    # the order of adding up makes no difference that counts
    ({1: 0.1 + 0.2, 2: 0.3}, {1: 1, 2: 1}),
    # ties do not creep: the third lies within the tolerance of the second, not of the first
    ({1: 3.0, 2: 3.0 - 0.8e-9, 3: 3.0 - 1.6e-9}, {1: 1, 2: 1, 3: 3}),
]


@pytest.mark.parametrize(("values", "places"), PLACES)
def test_places(values: dict[int, float], places: dict[int, int]) -> None:
    assert order(values) == places


tables = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 3), st.sampled_from([1, 2, 3])), st.integers(1, 5), min_size=1
)


def from_table(table: Mapping[tuple[int, int, int], float]) -> list[Score]:
    return [Score(*place, value) for place, value in table.items()]


@settings(max_examples=40, deadline=None)
@given(tables, st.randoms(use_true_random=False))
def test_neither_the_order_of_the_scores_nor_the_scale_of_the_weights_matters(
    table: dict[tuple[int, int, int], int], shuffler: random.Random
) -> None:
    scores = from_table(table)
    mixed = shuffler.sample(scores, len(scores))
    assert summarise(mixed, WEIGHTS) == summarise(scores, WEIGHTS)
    halved = additive_model(scores, {criterion: weight / 2 for criterion, weight in WEIGHTS.items()})
    assert close(halved.nominees, additive_model(scores, WEIGHTS).nominees)


@settings(max_examples=40, deadline=None)
@given(tables)
def test_all_ballots_reversed_reverse_everything(table: dict[tuple[int, int, int], int]) -> None:
    there = additive_model(from_table(table), WEIGHTS)
    back = additive_model(from_table({place: 6 - value for place, value in table.items()}), WEIGHTS)
    assert close(back.nominees, {nominee: 6 - value for nominee, value in there.nominees.items()}, 1e-6)
    assert close(back.severity, {reviewer: -value for reviewer, value in there.severity.items()}, 1e-6)


@settings(max_examples=40, deadline=None)
@given(tables, st.floats(-2, 2))
def test_a_reviewer_shifted_changes_no_adjusted_difference_without_shrinkage(
    table: dict[tuple[int, int, int], int], shift: float
) -> None:
    shifted = {place: value + (shift if place[1] == 0 else 0) for place, value in table.items()}
    plain = additive_model(from_table(table), WEIGHTS, shrinkage=0.0)
    moved = additive_model(from_table(shifted), WEIGHTS, shrinkage=0.0)
    if plain.identified:
        by = {moved.nominees[n] - plain.nominees[n] for n in plain.nominees}
        assert max(by) - min(by) < 1e-6
