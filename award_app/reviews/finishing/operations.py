"""A member who cannot finish says so, and the secretariat answers her."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from award_app import access, audit, outbox
from award_app.accounts.models import Person
from award_app.accounts.queries import holders
from award_app.cycles import queries as cycle_queries
from award_app.cycles.models import Cycle
from award_app.db import db
from award_app.domain.vocabulary import Action, AppointmentRole, Refusal, Refused
from award_app.reviews import queries
from award_app.reviews.models import CannotFinish

REASON_CHARS = 2000


def cannot_finish(cycle: Cycle, reason: str, *, by: Person, now: datetime) -> CannotFinish:
    """Tell the secretariat. She may go on scoring, and may still finish. ALREADY_DONE while an earlier word of hers waits
    for its answer, or once she has finished."""
    cycle = cycle_queries.shared(cycle.id)
    access.require(by, Action.CANNOT_FINISH, cycle, now=now)
    reason = reason.replace("\x00", "").strip()
    if not 0 < len(reason) <= REASON_CHARS:
        raise Refused(Refusal.INVALID, problems=("reason",))
    if queries.ballot(by, cycle) is not None:
        raise Refused(Refusal.ALREADY_DONE)
    made = CannotFinish(cycle_id=cycle.id, person_id=by.id, reason=reason, at=now)
    db.session.add(made)
    try:
        db.session.flush()
    except IntegrityError as error:  # the index lets one of hers wait at a time
        raise Refused(Refusal.ALREADY_DONE) from error
    for person in _who_answers(cycle, now):
        outbox.add("cannot_finish", to=person, cause=f"cannot finish {made.id}", now=now, cannot_finish_id=made.id)
    audit.record("cannot_finish", made, by=by, at=now, cycle_id=cycle.id)
    return made


def _who_answers(cycle: Cycle, now: datetime) -> list[Person]:
    """Those without a conflict in the year. Where all have one, all learn that somebody waits: the letter names no reason."""
    secretariat = sorted(holders(AppointmentRole.SECRETARIAT), key=lambda one: one.id)
    return [one for one in secretariat if access.may(one, Action.ANSWER_MEMBER, cycle, now=now).allowed] or secretariat


def answer(cycle: Cycle, number: int, *, by: Person, now: datetime) -> CannotFinish:
    """The secretariat has spoken with her. NOT_FOUND for one of another cycle, ALREADY_DONE where a colleague was first."""
    access.require(by, Action.ANSWER_MEMBER, cycle, now=now)
    wanted = select(CannotFinish).where(CannotFinish.id == number, CannotFinish.cycle_id == cycle.id)
    found = db.session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise Refused(Refusal.NOT_FOUND)
    if found.answered_at is not None:
        raise Refused(Refusal.ALREADY_DONE)
    found.answered_at, found.answered_by_id = now, by.id
    db.session.flush()
    audit.record("answer_member", found, by=by, at=now, cycle_id=cycle.id)
    return found
