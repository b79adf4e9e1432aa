"""T1m: a policy that is wrong in one place is found by the expectations, whichever place it is."""

from __future__ import annotations

import pytest

from award_app.domain.policy import POLICY
from tests.conftest import Clock
from tests.integrity import mutants
from tests.integrity import world as worlds


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("app")
def test_every_mutant_is_killed_and_the_policy_itself_is_not(clock: Clock) -> None:
    court = mutants.court(worlds.build(), clock.now)
    found = list(mutants.mutants())
    survived = [mutant.name for mutant in found if court.first_kill(mutant) is None]
    assert survived == []
    assert court.first_kill(mutants.Mutant("as it is", None, {"POLICY": POLICY})) is None
    assert len(found) > 2_500
