"""T1m: every rule of the policy changed in every way that matters, one change at a time.

A mutant is killed by the first cell that answers otherwise than written by hand. Only the cells of its action are
asked, and of the actions whose existence hangs on it; the situations are worked out once. What no person of the world
stands in (a chair who is recused, a file that was returned and endorsed again) is in expected_situations.csv, by hand.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from award_app import access
from award_app.domain import policy
from award_app.domain.policy import EXISTENCE, POLICY, Rule, Situation
from award_app.domain.vocabulary import Action, NominationState, Role
from tests.integrity.cells import actions, word
from tests.integrity.expectations import ACTORS, Expectations
from tests.integrity.world import World

S = NominationState
# Where a step leads, by hand from DOMAIN.md, "States and who they are for". What is not here moves nothing.
LEADS_TO = {
    Action.ENDORSE: S.ENDORSED,
    Action.HAND_IN: S.SUBMITTED,
    Action.WITHDRAW: S.WITHDRAWN,
    Action.ACCEPT: S.ACCEPTED,
    Action.RETURN: S.RETURNED,
    Action.CONFIRM_INELIGIBLE: S.INELIGIBLE,
}


@dataclass(frozen=True)
class Mutant:
    name: str
    action: Action | None  # None: whatever the change touches is asked everywhere
    changed: Mapping[str, Any]  # name in domain/policy.py → its value in this mutant


@dataclass(frozen=True)
class Asked:
    """One cell, with the situation already worked out."""

    action: Action
    actor: str
    situation: Situation
    expected: str


@dataclass
class Court:
    """The cells by their action, and the mutants that met none of them."""

    cells: dict[Action, list[Asked]] = field(default_factory=dict)

    def first_kill(self, mutant: Mutant) -> Asked | None:
        with patch.multiple(policy, **mutant.changed):
            return next((asked for asked in self._asked_of(mutant) if _differs(asked)), None)

    def _asked_of(self, mutant: Mutant) -> Iterator[Asked]:
        for action, cells in self.cells.items():
            if mutant.action in (None, action, EXISTENCE.get(action)):
                yield from cells


def court(world: World, now: datetime) -> Court:
    expected, made = Expectations(), Court()
    for state, phase, thing in world.things():
        for actor in ACTORS:
            if actor == "deactivated":  # the guard lets her through nowhere; the policy is not asked
                continue
            found = access.situation(world.people[actor], thing, now=now)
            for action in actions(state, phase):
                wanted = expected.of(action.name, actor, state, phase)
                made.cells.setdefault(action, []).append(Asked(action, actor, found, wanted))
    for asked in _further(world, now):
        made.cells[asked.action].append(asked)
    return made


def _further(world: World, now: datetime) -> Iterator[Asked]:
    with Path(__file__).with_name("expected_situations.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    timings = {phase.value: access.windows(cycle, now) for phase, cycle in world.cycles.items()}
    for row in rows:
        roles = frozenset(Role[name] for name in row["roles"].split("|"))
        for phase in timings if row["phases"] == "*" else row["phases"].split("|"):
            for state in row["states"].split("|"):
                stands = Situation(roles, None if state == "-" else NominationState(state), timings[phase])
                for name in row["actions"].split("|"):
                    yield Asked(Action[name], row["roles"], stands, row["expected"])


def mutants() -> Iterator[Mutant]:
    for number, rule in enumerate(POLICY):
        name = f"rule {number} {rule.action.name} as {rule.role.name}"
        yield _with(number, None, f"{name}: gone", rule.action)
        for what, other in _other(rule):
            yield _with(number, other, f"{name}: {what}", rule.action)
    yield from _of_the_sets()


def _other(rule: Rule) -> Iterator[tuple[str, Rule]]:
    for role in Role:
        if role is not rule.role:
            yield f"as {role.name}", replace(rule, role=role)
    if rule.during is not None:
        yield "at any time", replace(rule, during=None)
    if rule.states is not None:
        yield "in every state", replace(rule, states=None)
        for state in rule.states:
            yield f"not when {state.name}", replace(rule, states=rule.states - {state})
        for state in set(NominationState) - rule.states:
            yield f"also when {state.name}", replace(rule, states=rule.states | {state})
    for to in (*NominationState, None):
        if to is not rule.to:
            yield f"leads to {to}", replace(rule, to=to)


def _of_the_sets() -> Iterator[Mutant]:
    for action in policy.CLOSED_BY_A_CONFLICT:
        less = policy.CLOSED_BY_A_CONFLICT - {action}
        yield Mutant(f"{action.name}: no conflict closes it", action, {"CLOSED_BY_A_CONFLICT": less})
    for action in EXISTENCE:
        less_told = {a: of for a, of in EXISTENCE.items() if a is not action}
        yield Mutant(f"{action.name}: says of itself that it is there", action, {"EXISTENCE": less_told})
    for number, row in enumerate(policy._EXPLAINED):
        rest = (*policy._EXPLAINED[:number], *policy._EXPLAINED[number + 1 :])
        yield Mutant(f"explanation {number} ({row[2].value}): gone", None, {"_EXPLAINED": rest})


def _with(number: int, rule: Rule | None, name: str, action: Action) -> Mutant:
    rules = (*POLICY[:number], *((rule,) if rule else ()), *POLICY[number + 1 :])
    return Mutant(name, action, {"POLICY": rules})


def _differs(asked: Asked) -> bool:
    verdict = policy.decide(asked.action, asked.situation)
    leads_to = LEADS_TO.get(asked.action) if verdict.allowed else None
    return word(verdict.refusal) != asked.expected or verdict.to is not leads_to
