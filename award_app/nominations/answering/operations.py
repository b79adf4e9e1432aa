"""A mission's answer that it has no nominee this year."""

from __future__ import annotations

from datetime import datetime

from award_app import access, audit
from award_app.accounts.models import Person
from award_app.cycles import queries as cycle_queries
from award_app.cycles.models import CycleMission, MissionAnswer
from award_app.db import db
from award_app.domain.vocabulary import Action, AppointmentRole, Refusal, Refused
from award_app.nominations import queries
from award_app.nominations.operations import REASON_CHARS, locked_place, take_back_answer


def answer_call(called: CycleMission, reason: str, *, by: Person, now: datetime) -> MissionAnswer:
    """The reason may be empty. Raises `Refused`: WRONG_STATE where a file of the mission is handed in already,
    ALREADY_DONE, INVALID for an endless reason."""
    _require(called, by, now)
    reason = reason.replace("\x00", "").strip()
    if len(reason) > REASON_CHARS:
        raise Refused(Refusal.INVALID)
    if queries.places_taken(called.cycle_id, called.mission_id):
        raise Refused(Refusal.WRONG_STATE)
    if queries.standing_answer(called.cycle_id, called.mission_id) is not None:
        raise Refused(Refusal.ALREADY_DONE)
    answer = MissionAnswer(cycle_id=called.cycle_id, mission_id=called.mission_id, reason=reason, by_id=by.id, at=now)
    db.session.add(answer)
    db.session.flush()
    audit.record("answer_call", answer, by=by, at=now, cycle_id=called.cycle_id, mission=called.mission_id)
    return answer


def take_back(called: CycleMission, *, by: Person, now: datetime) -> None:
    """Raises `Refused`: ALREADY_DONE where no answer stands."""
    _require(called, by, now)
    if not take_back_answer(called.cycle_id, called.mission_id, by=by, now=now):
        raise Refused(Refusal.ALREADY_DONE)


def _require(called: CycleMission, by: Person, now: datetime) -> None:
    """For an authority of this very mission, within its own time. The place stays locked: nobody hands in meanwhile."""
    access.require(by, Action.ANSWER_CALL, called.cycle, now=now)
    here = (AppointmentRole.AUTHORITY, called.cycle_id, called.mission_id)
    if here not in {(a.role, a.cycle_id, a.mission_id) for a in access.appointments(by)}:
        raise Refused(Refusal.NOT_YOURS)
    if now >= cycle_queries.deadline_of(called.cycle, called.mission):
        raise Refused(Refusal.TOO_LATE)
    locked_place(called.cycle_id, called.mission_id)
