"""The scoring round begins and ends: once, whoever comes first, and everybody concerned gets a letter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select, update

from award_app import audit, outbox
from award_app.accounts.models import Person
from award_app.accounts.queries import holders
from award_app.cycles import queries as cycle_queries
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
    _write_to(holders(AppointmentRole.MEMBER, cycle=cycle), "round_open", cycle, now)
    audit.record("open_round", cycle, by=None, at=now, cycle_id=cycle.id)
    return True


def close_round(cycle: Cycle, *, now: datetime) -> bool:
    """From here on no score counts. The result falls due. False where that was done before; TOO_EARLY before its instant.

    The row is locked first, so every score in time is in when the round closes, and none comes after.
    """
    cycle = cycle_queries.held(cycle.id)
    if cycle.opened_at is None or now < cycle.review_ends_at:
        raise Refused(Refusal.TOO_EARLY)
    if cycle.round_closed_at is not None:
        return False
    cycle.round_closed_at, cycle.result_due = now, True
    db.session.flush()
    concerned = {*holders(AppointmentRole.MEMBER, cycle=cycle), *holders(AppointmentRole.SECRETARIAT)}
    _write_to(concerned, "round_closed", cycle, now)
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
