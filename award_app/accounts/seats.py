"""The panel's seats: one chair, at most one deputy, changed in one breath; and what a change of the panel does to a
result that is computed already."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from award_app import access, audit
from award_app.accounts import sessions, telling
from award_app.accounts.models import Appointment, Person
from award_app.accounts.problems import Problem
from award_app.cycles import queries as cycle_queries
from award_app.cycles.models import Cycle
from award_app.db import db
from award_app.domain.vocabulary import Action, AppointmentRole, Refusal, Refused, Seat


def members(cycle: Cycle) -> list[Appointment]:
    """The running appointments of the panel, by name; whoever's account is closed is among them."""
    wanted = (
        select(Appointment)
        .join(Person, Person.id == Appointment.person_id)
        .where(Appointment.cycle_id == cycle.id, Appointment.role == AppointmentRole.MEMBER)
        .where(Appointment.ended_at.is_(None))
        .order_by(Person.name, Appointment.id)
    )
    return list(db.session.scalars(wanted.options(joinedload(Appointment.person))))


def set_seats(cycle: Cycle, *, chair: Person, deputy: Person | None, by: Person, now: datetime) -> list[Appointment]:
    """Everybody else becomes a member. Returns the appointments that are new; each of these people gets a letter. Raises
    `Refused`: INVALID where somebody is not on the panel or would hold both seats; ALREADY_DONE where nothing changes."""
    access.require(by, Action.APPOINT, now=now)
    cycle = cycle_queries.held(cycle.id)
    panel = members(cycle)
    wanted = {chair.id: Seat.CHAIR} | ({deputy.id: Seat.DEPUTY} if deputy else {})
    there = {a.person_id for a in panel if a.person.is_active}
    if not set(wanted) <= there:
        raise Refused(Refusal.INVALID, problems=(Problem.NOT_ON_PANEL,))
    if deputy is not None and deputy.id == chair.id:
        raise Refused(Refusal.INVALID, problems=(Problem.BOTH_SEATS,))
    changing = [a for a in panel if a.seat is not wanted.get(a.person_id, Seat.MEMBER)]
    if not changing:
        raise Refused(Refusal.ALREADY_DONE)
    return _reseat(changing, wanted, by, now)


def panel_changes(cycle_id: int) -> None:
    """Somebody joins or leaves the panel. Her scores count while she is on it: a result that stands is computed again.

    The cycle's row comes before every other lock.
    """
    cycle = cycle_queries.held(cycle_id)
    if cycle.round_closed_at is not None:
        cycle.result_due = True


def _reseat(changing: list[Appointment], wanted: Mapping[int, Seat], by: Person, now: datetime) -> list[Appointment]:
    """All old ones end before the first new one begins: the database knows one chair at a time."""
    for old in changing:
        old.ended_at = now
    db.session.flush()
    made = [_again(old, wanted.get(old.person_id, Seat.MEMBER), by, now) for old in changing]
    db.session.add_all(made)
    db.session.flush()
    for old, new in zip(changing, made, strict=True):
        db.session.expire(old.person, ["appointments"])
        sessions.end_for_rights(old.person, by=by, now=now)
        codes = {"person": new.person_id, "before": str(old.seat), "seat": str(new.seat)}
        audit.record("change_seat", new, by=by, at=now, cycle_id=new.cycle_id, **codes)
        telling.appointed(new, seat_changed=True, now=now)
    return made


def _again(old: Appointment, seat: Seat, by: Person, now: datetime) -> Appointment:
    return Appointment(
        person=old.person,
        role=old.role,
        seat=seat,
        cycle_id=old.cycle_id,
        appointed_at=now,
        appointed_by_id=by.id,
    )
