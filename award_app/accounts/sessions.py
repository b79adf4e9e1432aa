"""Server-side sessions behind Flask-Login: the cookie carries a token, the row decides."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from award_app import audit, chance
from award_app.accounts.models import Appointment, Person, SignIn
from award_app.db import db
from award_app.domain.vocabulary import AppointmentRole

_SEEN_EVERY = timedelta(minutes=1)  # a page does not write more often than this
_MISSION = {AppointmentRole.NOMINATOR, AppointmentRole.AUTHORITY}


def start(person: Person, *, now: datetime, second: bool = False, browser: str | None = None) -> str:
    """Begin a session and return its token, which is kept nowhere but in the person's cookie. `second`: she has shown a
    second factor too."""
    token = chance.token()
    row = SignIn(
        ref=chance.reference(),
        token_digest=_digest(token),
        person_id=person.id,
        started_at=now,
        seen_at=now,
        second_at=now if second else None,
        proved_at=now,
        browser=browser,
    )
    db.session.add(row)
    audit.record("sign_in", person, by=person, at=now)
    return token


def resume(token: str, *, now: datetime) -> SignIn | None:
    """The session behind a cookie; None where it has ended. Its person comes with her appointments, their missions and
    cycles, in the same query."""
    row = (
        db.session.scalars(
            select(SignIn)
            .where(SignIn.token_digest == _digest(token), SignIn.ended_at.is_(None))
            .options(
                joinedload(SignIn.person)
                .joinedload(Person.appointments)
                .options(joinedload(Appointment.mission), joinedload(Appointment.cycle))
            )
        )
        .unique()
        .one_or_none()
    )
    if row is None or not row.person.is_active or now >= _ends_at(row):
        return None
    row.person.session_token = token
    return row


def is_stale(row: SignIn, *, now: datetime) -> bool:
    return now - row.seen_at >= _SEEN_EVERY


def touch(sign_in_id: int, *, now: datetime) -> None:
    db.session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=now))


def end(token: str, *, now: datetime) -> None:
    running = (SignIn.token_digest == _digest(token), SignIn.ended_at.is_(None))
    db.session.execute(update(SignIn).where(*running).values(ended_at=now))


def end_all(person: Person, *, now: datetime) -> None:
    db.session.execute(
        update(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None)).values(ended_at=now)
    )


def _ends_at(row: SignIn) -> datetime:
    roles = {a.role for a in row.person.appointments if a.ended_at is None}
    idle = "IDLE_MINUTES_MISSION" if roles and roles <= _MISSION else "IDLE_MINUTES"
    return min(
        row.seen_at + timedelta(minutes=int(current_app.config[idle])),
        row.started_at + timedelta(hours=int(current_app.config["SESSION_HOURS"])),
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
