"""T3: that the harness measures in turn and computes right. How long anything takes is asked by `make integrity` alone."""

from __future__ import annotations

from random import Random

import pytest

from tests.counting import Statements
from tests.integrity.twins.predicates import predicates
from tests.integrity.twins.stage import Twins
from tests.integrity.twins.timing import PAIRS, Predicate, Samples, judge, measure


def samples(shift: float, noise: float, seed: int = 1, pairs: int = PAIRS) -> Samples:
    chance = Random(seed)
    return Samples(
        [10 + shift + chance.gauss(0, noise) for _ in range(pairs)], [10 + chance.gauss(0, noise) for _ in range(pairs)]
    )


@pytest.mark.parametrize(
    ("shift", "noise", "met"),
    [
        # the same work
        (0, 0.5, True),
        # two milliseconds more, in much noise
        (2, 4, False),
        # little more, but always
        (0.3, 0.2, False),
    ],
)
def test_a_difference_is_found_by_its_size_or_by_its_constancy(shift: float, noise: float, met: bool) -> None:
    (verdict,) = judge({"one": samples(shift, noise)})
    assert verdict.met is met


def test_holm_asks_more_of_many() -> None:
    """A value of p that stands alone is small; among twenty it is multiplied by how many are left."""
    doubtful = samples(0.08, 0.5, seed=8)
    (alone,) = judge({"doubtful": doubtful})
    many = {
        verdict.name: verdict
        for verdict in judge({"doubtful": doubtful, **{str(n): samples(0, 0.5, n) for n in range(19)}})
    }
    assert many["doubtful"].p == pytest.approx(min(1, alone.p * 20))
    assert all(verdict.p <= 1 for verdict in many.values())


def test_pairs_are_asked_in_turn() -> None:
    asked: list[str] = []
    taken = measure(lambda _actor, address: asked.append(address), Predicate("", "x", "/hidden", "/nothing"), 10)
    assert (len(taken.hidden), len(taken.nothing)) == (10, 10)
    assert all({asked[pair], asked[pair + 1]} == {"/hidden", "/nothing"} for pair in range(0, 20, 2))


def test_what_is_hidden_is_asked_of_the_database_as_nothing_is(worlds: Twins) -> None:
    """The two addresses of each predicate answer alike, with the same statements: what she may not know of is not loaded.
    The first time a refusal is written into the ledger, so both are asked before they are compared."""
    if not worlds.has():
        worlds.build()
    for one in predicates_of(worlds):
        hidden, nothing = [_asked(worlds, one.actor, path) for path in (one.hidden, one.nothing) * 2][2:]
        assert (one.name, hidden) == (one.name, nothing)


def predicates_of(worlds: Twins) -> list[Predicate]:
    worlds.show()
    return predicates()


def _asked(worlds: Twins, actor: str, path: str) -> tuple[int, list[str]]:
    with Statements().counted() as counted:
        status = worlds.stage.send(actor, "GET", path).status_code
    return status, counted.texts
