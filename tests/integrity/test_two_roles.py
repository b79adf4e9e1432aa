"""T1, people with two roles: those whose conflict closes something here; `make integrity` makes every pair."""

from __future__ import annotations

from pathlib import Path

from award_app import clock
from tests.integrity import two_roles
from tests.integrity.stage import staged


def test_a_second_role_opens_nothing_that_a_conflict_closes(tmp_path: Path) -> None:
    found = two_roles.Found()
    chosen = [pair for pair in two_roles.pairs() if frozenset(pair) in two_roles.CLOSED]
    with staged(tmp_path) as stage:
        for pair in chosen:
            two_roles.examine(stage.world, pair, clock.now(), found)
    assert found.deviations == []
    assert found.pairs == len(two_roles.CLOSED)
    assert found.closed > 20
