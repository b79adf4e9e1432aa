"""The decision: who is honoured, who stands next, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, or_, select

from award_app import access, audit
from award_app.accounts.models import Person
from award_app.cycles.models import Cycle
from award_app.db import db
from award_app.domain.vocabulary import Action, NominationState, Outcome, Refusal, Refused
from award_app.nominations.models import Nomination
from award_app.panel.models import Recusal
from award_app.reviews.models import barred
from award_app.selection import queries
from award_app.selection.models import Decision, Place, Present

MOST_RUNNERS_UP = 2


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
    """Record the decision; no laureate means "no award", and then nobody else is named. The decider is always present.

    Raises Refused: UNFINISHED while the result is being computed; INVALID with what is wrong (reasons, runners_up,
    twice, places, present); CONFLICT with the ids of members present who are recused from a file that is named.
    """
    db.session.flush()  # what the caller changed is not to be read away
    db.session.refresh(cycle, with_for_update=True)
    access.require(by, Action.DECIDE, cycle, now=now)
    named = [
        (Outcome.LAUREATE, [laureate] if laureate else []),
        (Outcome.RUNNER_UP, runners_up),
        (Outcome.RESERVE, reserve),
    ]
    files = [file for _outcome, group in named for file in group]
    there = {person.id: person for person in (by, *present)}
    _check(cycle, laureate, runners_up, files, reasons)
    _check_present(cycle, files, there)
    decision = Decision(
        cycle_id=cycle.id,
        award=laureate is not None,
        reasons=reasons.strip(),
        by_id=by.id,
        at=now,
        places=[
            Place(nomination_id=file.id, outcome=outcome, position=position)
            for outcome, group in named
            for position, file in enumerate(group, 1)
        ],
        present=[Present(person_id=person) for person in sorted(there)],
    )
    db.session.add(decision)
    db.session.flush()
    ids = {outcome.value: [file.id for file in group] for outcome, group in named}
    audit.record("decide", decision, by=by, at=now, cycle_id=cycle.id, present=sorted(there), **ids)
    return decision


def _check(
    cycle: Cycle,
    laureate: Nomination | None,
    runners_up: Sequence[Nomination],
    files: Sequence[Nomination],
    reasons: str,
) -> None:
    result = None if cycle.result_due else queries.stored(cycle, "")
    if result is None:
        raise Refused(Refusal.UNFINISHED)
    scored = {row.nomination_id for row in result.rows if row.position is not None}
    wrong = {
        "reasons": not reasons.strip(),
        "runners_up": len(runners_up) > MOST_RUNNERS_UP,
        "twice": len({file.id for file in files}) < len(files),
        "no_award": laureate is None and bool(files),
        "places": any(file.id not in scored or file.state is not NominationState.ACCEPTED for file in files),
    }
    problems = tuple(code for code, is_wrong in wrong.items() if is_wrong)
    if problems:
        raise Refused(Refusal.INVALID, problems=problems)


def _check_present(cycle: Cycle, files: Sequence[Nomination], there: dict[int, Person]) -> None:
    """From here on those present may read the decision: they sit on the panel, and no file it names is kept from them."""
    if not set(there) <= {person.id for person in queries.panel(cycle)}:
        raise Refused(Refusal.INVALID, problems=("present",))
    named = [file.id for file in files]
    recused = exists().where(Recusal.person_id == Person.id, Recusal.nomination_id.in_(named))
    is_barred = exists().where(barred.c.person_id == Person.id, barred.c.nomination_id.in_(named))
    out = tuple(db.session.scalars(select(Person.id).where(Person.id.in_(there), or_(recused, is_barred))))
    if out:
        raise Refused(Refusal.CONFLICT, problems=out)
