"""The decision: who is honoured, who stands next, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select

from award_app import access, audit
from award_app.accounts.models import Person
from award_app.cycles.models import Cycle
from award_app.db import db
from award_app.domain.vocabulary import Action, Outcome, Refusal, Refused
from award_app.nominations.models import Nomination
from award_app.panel.models import Recusal
from award_app.reviews.models import barred
from award_app.selection import queries
from award_app.selection.models import Decision, Place, Present
from award_app.selection.shortlist.queries import finalists

MOST_RUNNERS_UP = 2


@dataclass(frozen=True)
class Choice:
    """What a decider has in mind. No laureate means "no award", and then nobody else is named."""

    laureate: Nomination | None
    runners_up: Sequence[Nomination]
    reserve: Sequence[Nomination]
    reasons: str
    present: Sequence[Person]

    @property
    def places(self) -> list[tuple[Outcome, Sequence[Nomination]]]:
        return [
            (Outcome.LAUREATE, [self.laureate] if self.laureate else []),
            (Outcome.RUNNER_UP, self.runners_up),
            (Outcome.RESERVE, self.reserve),
        ]

    @property
    def files(self) -> list[Nomination]:
        return [file for _outcome, group in self.places for file in group]


def decide(
    cycle: Cycle,
    *,
    laureate: Nomination | None,
    runners_up: Sequence[Nomination],
    reserve: Sequence[Nomination],
    reasons: str,
    present: Sequence[Person],
    by: Person,
    now: datetime,
) -> Decision:
    """Record the decision. The decider is always among those present. Raises Refused as `check` does."""
    db.session.flush()  # what the caller changed is not to be read away
    db.session.refresh(cycle, with_for_update=True)
    choice = Choice(laureate, runners_up, reserve, reasons.strip(), present)
    for file in choice.files:
        db.session.refresh(file, ["state"])  # the chair's page may have read it before its mission withdrew it
    check(cycle, choice, by=by, now=now)
    there = sorted({by.id, *(person.id for person in present)})
    decision = Decision(cycle_id=cycle.id, award=laureate is not None, reasons=choice.reasons, by_id=by.id, at=now)
    decision.places = [
        Place(nomination_id=file.id, outcome=outcome, position=position)
        for outcome, group in choice.places
        for position, file in enumerate(group, 1)
    ]
    decision.present = [Present(person_id=person) for person in there]
    db.session.add(decision)
    db.session.flush()
    ids = {outcome.value: [file.id for file in group] for outcome, group in choice.places}
    audit.record("decide", decision, by=by, at=now, cycle_id=cycle.id, present=there, **ids)
    audit.anchor("decide", at=now, cycle_id=cycle.id)
    return decision


def check(cycle: Cycle, choice: Choice, *, by: Person, now: datetime) -> None:
    """Whether this could be recorded now.

    Raises Refused: UNFINISHED while the result is being computed; INVALID with what is wrong (reasons, runners_up,
    twice, no_award, places, present); CONFLICT with the ids of members present who are out of a file that is named.
    """
    access.require(by, Action.DECIDE, cycle, now=now)
    if cycle.result_due or queries.stored(cycle, "") is None:
        raise Refused(Refusal.UNFINISHED)
    kept = {file.id for file in finalists(cycle)}
    files, there = choice.files, {by.id, *(person.id for person in choice.present)}
    wrong = {
        "reasons": not choice.reasons.strip(),
        "runners_up": len(choice.runners_up) > MOST_RUNNERS_UP,
        "twice": len({file.id for file in files}) < len(files),
        "no_award": choice.laureate is None and bool(files),
        "places": any(file.id not in kept for file in files),
        "present": not there <= {person.id for person in queries.panel(cycle)},
    }
    problems = tuple(code for code, is_wrong in wrong.items() if is_wrong)
    if problems:
        raise Refused(Refusal.INVALID, problems=problems)
    out = _out_of(files, there)
    if out:
        raise Refused(Refusal.CONFLICT, problems=out)


def _out_of(files: Sequence[Nomination], there: set[int]) -> tuple[int, ...]:
    """From the decision on those present may read it, so no file that it names may be kept from them."""
    named = [file.id for file in files]
    recused = exists().where(Recusal.person_id == Person.id, Recusal.nomination_id.in_(named))
    is_barred = exists().where(barred.c.person_id == Person.id, barred.c.nomination_id.in_(named))
    found = select(Person.id).where(Person.id.in_(there), or_(recused, is_barred))
    return tuple(db.session.scalars(found.order_by(Person.id)))
