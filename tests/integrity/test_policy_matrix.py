"""T1, the rules: every actor, every action, every state in every phase, against expectations written by hand."""

from __future__ import annotations

import pytest

from award_app import access
from award_app.domain.policy import decide
from award_app.domain.vocabulary import Refusal
from tests.conftest import Clock
from tests.integrity import cells
from tests.integrity import world as worlds
from tests.integrity.expectations import ACTORS, Expectations


@pytest.mark.usefixtures("app")
def test_every_cell_is_as_written_by_hand(clock: Clock) -> None:
    world, expected = worlds.build(), Expectations()
    deviations, asked, allowed = [], 0, 0
    for actor in ACTORS:
        for state, phase, thing in world.things():
            situation = access.situation(world.people[actor], thing, now=clock.now)
            for action in cells.actions(state, phase):
                refusal = decide(action, situation).refusal
                found = _word(refusal, actor)
                wanted = expected.of(action.name, actor, state, phase)
                asked, allowed = asked + 1, allowed + (refusal is None)
                if found != wanted:
                    deviations.append((action.name, actor, state, phase, f"expected {wanted}", f"found {found}"))
    assert deviations == []
    assert expected.unheard() == []
    assert (asked, allowed) == (20720, 1328)


def _word(refusal: Refusal | None, actor: str) -> str:
    if actor == "deactivated" and refusal is Refusal.NOT_FOUND:
        return "sign-in"  # the guard never lets her session through
    return cells.word(refusal)
