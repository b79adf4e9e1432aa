"""T1, people with two roles: nobody gains by the second what neither gives, and a conflict of one closes the other.

For each pair of people of the world somebody is made who holds the appointments of both and has declared, stepped out
and been in conflict as both have. What she may is then asked cell by cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations

from sqlalchemy import select

from award_app import access
from award_app.accounts.models import Person
from award_app.db import db, rehearsal
from award_app.domain.policy import decide
from award_app.domain.vocabulary import Action, Seat
from award_app.nominations.models import Nomination, SecretariatDeclaration
from award_app.panel.models import Declaration, Recusal
from tests import factories as make
from tests.integrity.cells import actions
from tests.integrity.expectations import Expectations
from tests.integrity.world import World

# One of each kind that can be combined: a cycle has one chair and one deputy, and they are members first.
KINDS = (
    *("secretariat", "secretariat_undeclared", "secretariat_conflict", "observer"),
    *("nominator", "nominator_other", "authority", "authority_other"),
    *("member", "member_undeclared", "member_recused", "member_removed", "member_other_cycle"),
)
# What a conflict takes from the other part, by hand from DOMAIN.md: a recusal hides the file, its scores and every
# aggregate that would give them away; a secretariat member with a conflict counts as an outsider to the file.
_OUTCOME = (Action.SEE_SHORTLIST, Action.SEE_DECISION)
_ANNOUNCING = (
    *_OUTCOME,
    Action.SEE_ANNOUNCEMENT,
    Action.PREPARE_ANNOUNCEMENT,
    Action.APPROVE_RELEASE,
    Action.TAKE_BACK,
)
CLOSED = {
    frozenset({"observer", "member_recused"}): (*_OUTCOME, Action.READ),
    frozenset({"observer", "secretariat_conflict"}): (*_OUTCOME, Action.READ),
    frozenset({"secretariat", "member_recused"}): _ANNOUNCING,
    frozenset({"member", "secretariat_conflict"}): _OUTCOME,
}


@dataclass
class Found:
    pairs: int = 0
    cells: int = 0
    allowed: int = 0
    closed: int = 0  # cells that one part alone would open and the other's conflict closes
    deviations: list[str] = field(default_factory=list)


def pairs() -> Iterator[tuple[str, str]]:
    for one, other in combinations(KINDS, 2):
        both_members = one.startswith("member") and other.startswith("member")
        both_secretariat = one.startswith("secretariat") and other.startswith("secretariat")
        if not both_members and not both_secretariat:
            yield one, other


def examine(world: World, pair: tuple[str, str], now: datetime, found: Found) -> None:
    with rehearsal():  # she is gone afterwards
        _ask(world, pair, _both(world, pair), now, found)


def _ask(world: World, pair: tuple[str, str], person: Person, now: datetime, found: Found) -> None:
    expected = Expectations()
    shut = CLOSED.get(frozenset(pair), ())
    found.pairs += 1
    for state, phase, thing in world.things():
        situation = access.situation(person, thing, now=now)
        for action in actions(state, phase):
            allowed = decide(action, situation).allowed
            alone = any(expected.of(action.name, kind, state, phase) == "yes" for kind in pair)
            found.cells, found.allowed = found.cells + 1, found.allowed + allowed
            where = f"{' and '.join(pair)}: {action.name} [{state} in {phase}]"
            if allowed and not alone:
                found.deviations.append(f"{where} is open to neither")
            if alone and action in shut and _concerned(state, phase):
                found.closed += 1
                if allowed:
                    found.deviations.append(f"{where} should be closed by the conflict")


def _concerned(state: str, phase: str) -> bool:
    """In every phase of this world but the first there is an accepted file, in which the conflict lies."""
    return phase != "preparing" and state in ("-", "accepted")


def _both(world: World, pair: tuple[str, str]) -> Person:
    person = make.person(" and ".join(pair))
    for kind in pair:
        twin = world.people[kind]
        for a in twin.appointments:
            made = make.appoint(person, a.role, a.cycle, a.mission, Seat.MEMBER if a.seat else None)
            made.ended_at = a.ended_at
        _declare_as(person, twin)
    db.session.flush()
    db.session.refresh(person, ["appointments"])
    return person


def _declare_as(person: Person, twin: Person) -> None:
    for row in db.session.scalars(select(Declaration).where(Declaration.person_id == twin.id)).all():
        make.declaration(db.session.get_one(Nomination, row.nomination_id), person)
    for step in db.session.scalars(select(Recusal).where(Recusal.person_id == twin.id)).all():
        make.add(
            Recusal(
                nomination_id=step.nomination_id, person_id=person.id, kind=step.kind, reason=step.reason, at=step.at
            )
        )
    mine = select(SecretariatDeclaration).where(SecretariatDeclaration.person_id == twin.id)
    for said in db.session.scalars(mine).all():
        make.add(
            SecretariatDeclaration(
                nomination_id=said.nomination_id,
                person_id=person.id,
                conflict=said.conflict,
                reason=said.reason,
                at=said.at,
            )
        )
