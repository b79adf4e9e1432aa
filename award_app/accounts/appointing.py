"""What somebody can be appointed to, and what stands against it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import exists, select

from award_app import audit
from award_app.accounts import seats, sessions, telling
from award_app.accounts.models import Appointment, Invitation, Person
from award_app.accounts.problems import Problem
from award_app.cycles.models import Cycle, CycleMission, Mission
from award_app.db import db
from award_app.domain.vocabulary import AppointmentRole, Refusal, Refused, Seat

R = AppointmentRole
# role → (wants a cycle, wants a mission)
SCOPE: Final = {
    R.SECRETARIAT: (False, False),
    R.OBSERVER: (False, False),
    R.MEMBER: (True, False),
    R.NOMINATOR: (True, True),
    R.AUTHORITY: (True, True),
}
# The secretariat serves the panel and never scores.
_NEVER_BOTH: Final = {R.SECRETARIAT: R.MEMBER, R.MEMBER: R.SECRETARIAT}


@dataclass(frozen=True)
class Place:
    role: AppointmentRole
    cycle_id: int | None
    mission_id: int | None
    seat: Seat | None


def place(role: AppointmentRole, *, cycle: Cycle | None, mission: Mission | None, seat: Seat | None) -> Place:
    """Refuses what the role cannot mean: INVALID with SCOPE or MISSION_NOT_CALLED."""
    if SCOPE[role] != (cycle is not None, mission is not None) or (seat is not None and role is not R.MEMBER):
        raise Refused(Refusal.INVALID, problems=(Problem.SCOPE,))
    if role is R.MEMBER:
        seat = seat or Seat.MEMBER
    if cycle is not None and mission is not None:
        called = exists().where(CycleMission.cycle_id == cycle.id, CycleMission.mission_id == mission.id)
        if not db.session.scalar(select(called)):
            raise Refused(Refusal.INVALID, problems=(Problem.MISSION_NOT_CALLED,))
    return Place(role, cycle.id if cycle else None, mission.id if mission else None, seat)


def place_of(invitation: Invitation) -> Place:
    return Place(invitation.role, invitation.cycle_id, invitation.mission_id, invitation.seat)


def held(person: Person, wanted: Place) -> Appointment | None:
    """Her running appointment in this role, cycle and mission, whatever the seat."""
    same = (wanted.role, wanted.cycle_id, wanted.mission_id)
    return next((a for a in _running(person) if (a.role, a.cycle_id, a.mission_id) == same), None)


def holds(person: Person, wanted: Place) -> bool:
    found = held(person, wanted)
    return found is not None and found.seat is wanted.seat


def require_possible(person: Person, wanted: Place) -> None:
    if holds(person, wanted):
        raise Refused(Refusal.ALREADY_DONE)
    if any(a.role is _NEVER_BOTH.get(wanted.role) for a in _running(person)):
        raise Refused(Refusal.INVALID, problems=(Problem.SECRETARIAT_AND_PANEL,))
    if wanted.seat in {Seat.CHAIR, Seat.DEPUTY} and _seat_taken(wanted):
        raise Refused(Refusal.INVALID, problems=(Problem.SEAT_TAKEN,))


def appoint(person: Person, wanted: Place, *, by_id: int | None, actor: Person | None, now: datetime) -> Appointment:
    """The person's row is locked first, so that two appointments at once cannot make her both of what excludes itself.

    `by_id` is who appointed her, `actor` whose act this is: hers, when she accepts an invitation.
    """
    if wanted.role is AppointmentRole.MEMBER and wanted.cycle_id is not None:
        seats.panel_changes(wanted.cycle_id)
    db.session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
    db.session.expire(person, ["appointments"])
    require_possible(person, wanted)
    before = held(person, wanted)
    if before is not None:
        before.ended_at = now
        db.session.flush()
        role = before.role.value
        sessions.end_for_rights(person, by=actor, now=now)
        audit.record("end_appointment", before, by=actor, at=now, cycle_id=before.cycle_id, role=role)
    made = Appointment(
        person_id=person.id,
        role=wanted.role,
        seat=wanted.seat,
        cycle_id=wanted.cycle_id,
        mission_id=wanted.mission_id,
        appointed_at=now,
        appointed_by_id=by_id,
    )
    db.session.add(made)
    db.session.flush()
    db.session.expire(person, ["appointments"])
    if actor is not None and actor.id != person.id:
        telling.appointed(made, seat_changed=before is not None, now=now)
    telling.deputised(made, now=now)
    telling.call_late(made, now=now)
    return made


def require_another(person_id: int) -> None:
    """Somebody must be left who can invite. The rows are locked, so that the last two cannot end each other."""
    holding = db.session.scalars(
        select(Appointment)
        .join(Person, Person.id == Appointment.person_id)
        .where(Appointment.role == AppointmentRole.SECRETARIAT, Appointment.ended_at.is_(None))
        .where(Person.deactivated_at.is_(None))
        .order_by(Appointment.id)
        .with_for_update(of=Appointment)
    )
    if not any(a.person_id != person_id for a in holding):
        raise Refused(Refusal.INVALID, problems=(Problem.LAST_SECRETARIAT,))


def _running(person: Person) -> list[Appointment]:
    return [a for a in person.appointments if a.ended_at is None]


def _seat_taken(wanted: Place) -> bool:
    taken = exists().where(
        Appointment.cycle_id == wanted.cycle_id, Appointment.seat == wanted.seat, Appointment.ended_at.is_(None)
    )
    return bool(db.session.scalar(select(taken)))
