"""T1, the rules: every actor, every action, every state in every phase, against expectations written by hand."""

from __future__ import annotations

import pytest

from award_app import access
from award_app.domain.policy import POLICY, decide
from award_app.domain.vocabulary import Action, Refusal
from tests.conftest import Clock
from tests.integrity import world as worlds
from tests.integrity.expectations import ACTORS, Expectations

OF_A_FILE = {rule.action for rule in POLICY if rule.states} | {Action.READ, Action.DECLARE_AS_SECRETARIAT}
OF_THE_SERVICE = (
    Action.SEE_HOME,
    Action.SEE_ACCOUNT,
    Action.LIST_CYCLES,
    Action.CREATE_CYCLE,
    Action.SEE_PEOPLE,
    Action.INVITE,
    Action.APPOINT,
    Action.SEE_LEDGER,
    Action.SEE_LETTERS,
    Action.MANAGE_LETTER,
    Action.MEND_ADDRESS,
)


@pytest.mark.usefixtures("app")
def test_every_cell_is_as_written_by_hand(clock: Clock) -> None:
    world, expected = worlds.build(), Expectations()
    deviations, cells, allowed = [], 0, 0
    things: list[tuple[str, str, access.Thing]] = [
        ("-", "-", None),
        *(("-", p.value, c) for p, c in world.cycles.items()),
    ]
    things += [(s.value, p.value, f) for (p, s), f in world.files.items()]
    for actor in ACTORS:
        for state, phase, thing in things:
            situation = access.situation(world.people[actor], thing, now=clock.now)
            for action in _actions(state, phase):
                refusal = decide(action, situation).refusal
                found = _word(refusal, actor)
                wanted = expected.of(action.name, actor, state, phase)
                cells, allowed = cells + 1, allowed + (refusal is None)
                if found != wanted:
                    deviations.append((action.name, actor, state, phase, f"expected {wanted}", f"found {found}"))
    assert deviations == []
    assert expected.unheard() == []
    assert (cells, allowed) == (17984, 977)


def _actions(state: str, phase: str) -> tuple[Action, ...]:
    if state != "-":
        return tuple(a for a in Action if a in OF_A_FILE)
    if phase == "-":
        return OF_THE_SERVICE
    return tuple(a for a in Action if a not in OF_A_FILE and a not in OF_THE_SERVICE)


def _word(refusal: Refusal | None, actor: str) -> str:
    if actor == "deactivated" and refusal is Refusal.NOT_FOUND:
        return "sign-in"  # the guard never lets her session through
    if refusal is None:
        return "yes"
    return "404" if refusal is Refusal.NOT_FOUND else refusal.value
