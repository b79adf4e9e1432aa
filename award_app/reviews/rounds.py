"""The scoring round begins and ends: once, whoever comes first, and everybody concerned gets a letter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select, update

from award_app import audit, outbox
from award_app.accounts.models import Appointment, Person
from award_app.cycles.models import Cycle
from award_app.db import db
from award_app.domain.vocabulary import AppointmentRole, Refusal, Refused

CLOSE_AFTER = timedelta(minutes=1)  # the worker's patience: requests that arrived in time are done by then


def open_round(cycle: Cycle, *, now: datetime) -> bool:
    """Tell the members that scoring has begun. False where that was done before; TOO_EARLY before its instant."""
    if cycle.opened_at is None or now < cycle.screening_ends_at:
        raise Refused(Refusal.TOO_EARLY)
    first = db.session.execute(
        update(Cycle)
        .where(Cycle.id == cycle.id, Cycle.round_opened_at.is_(None), Cycle.round_closed_at.is_(None))
        .values(round_opened_at=now)
        .returning(Cycle.id)
    ).one_or_none()
    if first is None:
        return False
    db.session.refresh(cycle, ["round_opened_at"])
    _write_to(_members(cycle), "round_open", cycle, now)
    audit.record("open_round", cycle, by=None, at=now, cycle_id=cycle.id)
    return True


def close_round(cycle: Cycle, *, now: datetime) -> bool:
    """From here on no score counts. The result falls due. False where that was done before; TOO_EARLY before its instant.

    The row is locked first, so every score in time is in when the round closes, and none comes after.
    """
    locked = select(Cycle).where(Cycle.id == cycle.id).with_for_update(key_share=True)
    cycle = db.session.scalars(locked.execution_options(populate_existing=True)).one()
    if cycle.opened_at is None or now < cycle.review_ends_at:
        raise Refused(Refusal.TOO_EARLY)
    if cycle.round_closed_at is not None:
        return False
    cycle.round_closed_at, cycle.result_due = now, True
    db.session.flush()
    _write_to(_members(cycle) | _secretariat(), "round_closed", cycle, now)
    audit.record("close_round", cycle, by=None, at=now, cycle_id=cycle.id)
    return True


def due_to_open(now: datetime) -> list[int]:
    """Ids of the cycles whose members wait for the word."""
    due = (Cycle.screening_ends_at <= now, Cycle.round_opened_at.is_(None), Cycle.round_closed_at.is_(None))
    return list(db.session.scalars(select(Cycle.id).where(Cycle.opened_at.is_not(None), *due)))


def due_to_close(now: datetime) -> list[int]:
    due = (Cycle.review_ends_at <= now - CLOSE_AFTER, Cycle.round_closed_at.is_(None))
    return list(db.session.scalars(select(Cycle.id).where(Cycle.opened_at.is_not(None), *due)))


def _write_to(people: Iterable[Person], template: str, cycle: Cycle, now: datetime) -> None:
    for person in sorted(people, key=lambda one: one.id):
        outbox.add(template, to=person, cause=f"cycle {cycle.id}", now=now, cycle_id=cycle.id)


def _members(cycle: Cycle) -> set[Person]:
    return _appointed(AppointmentRole.MEMBER, cycle)


def _secretariat() -> set[Person]:
    return _appointed(AppointmentRole.SECRETARIAT, None)


def _appointed(role: AppointmentRole, cycle: Cycle | None) -> set[Person]:
    holds = select(Person).join(Appointment, Appointment.person_id == Person.id)
    in_cycle = Appointment.cycle_id == cycle.id if cycle else Appointment.cycle_id.is_(None)
    holds = holds.where(Appointment.role == role, in_cycle, Appointment.ended_at.is_(None))
    return set(db.session.scalars(holds.where(Person.deactivated_at.is_(None))))
