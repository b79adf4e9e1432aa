"""Server-side sessions behind Flask-Login: the cookie carries a token, the row decides."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, cast

from flask import current_app
from sqlalchemy import ColumnElement, CursorResult, Select, String, bindparam, exists, select, update
from sqlalchemy.orm import joinedload

from award_app import audit, chance
from award_app.accounts.keeping.models import KeptForm
from award_app.accounts.models import Appointment, Person, SignIn
from award_app.db import db
from award_app.domain.vocabulary import AppointmentRole

_LATELY = timedelta(days=14)
_SEEN_EVERY = timedelta(minutes=1)  # a page does not write more often than this
_MISSION = {AppointmentRole.NOMINATOR, AppointmentRole.AUTHORITY}


class Why(StrEnum):
    """Why a session was ended before its time."""

    SIGNED_OUT = "signed_out"
    PASSWORD = "password"  # noqa: S105 - a reason, not a password
    FACTOR = "factor"
    RIGHTS = "rights"
    DEVICE = "device"
    DEACTIVATED = "deactivated"
    TIME = "time"  # nobody ended it: it was idle for too long, or its hours are over


@dataclass(frozen=True)
class Past:
    """Whose session a cookie was, and why it is one no more."""

    person_id: int
    active: bool
    why: Why
    lately: bool  # she was here within two weeks


@dataclass(frozen=True)
class Running:
    row: SignIn
    keeps: bool  # a form of hers waits that came too late for its session


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


def resume(token: str, *, now: datetime) -> Running | None:
    """The session behind a cookie; None where it has ended. Its person comes with her appointments, their missions and
    cycles, in the same query."""
    found = db.session.execute(_running(), {"digest": _digest(token)}).unique().one_or_none()
    if found is None or not found[0].person.is_active or now >= _ends_at(found[0]):
        return None
    found[0].person.session_token, found[0].person.session_id = token, found[0].id
    found[0].person.second_shown = found[0].second_at is not None
    return Running(*found)


@cache  # each request asks this: making the question anew takes longer than its answer
def _running() -> Select[SignIn, bool]:
    keeps = exists().where(KeptForm.person_id == SignIn.person_id)
    hers = joinedload(SignIn.person).joinedload(Person.appointments)
    return (
        select(SignIn, keeps)
        .where(SignIn.token_digest == bindparam("digest", type_=String), SignIn.ended_at.is_(None))
        .options(hers.options(joinedload(Appointment.mission), joinedload(Appointment.cycle)))
    )


def past(token: str, *, now: datetime) -> Past | None:
    """Of a cookie that opens nothing any more: of what nobody here ever gave out there is nothing to say."""
    row = db.session.scalars(
        select(SignIn).where(SignIn.token_digest == _digest(token)).options(joinedload(SignIn.person))
    ).one_or_none()
    if row is None:
        return None
    ended = Why(row.ended_why or Why.SIGNED_OUT) if row.ended_at else Why.TIME
    return Past(row.person_id, row.person.is_active, ended, now < row.seen_at + _LATELY)


def is_stale(row: SignIn, *, now: datetime) -> bool:
    return now - row.seen_at >= _SEEN_EVERY


def touch(sign_in_id: int, *, now: datetime) -> None:
    db.session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=now))


def prove(token: str, *, now: datetime, second: bool = False) -> str:
    """She has shown anew who she is. The session goes on under a new token, which is returned; the old one is worthless."""
    fresh = chance.token()
    shown = {"second_at": now} if second else {}
    running = (SignIn.token_digest == _digest(token), SignIn.ended_at.is_(None))
    db.session.execute(update(SignIn).where(*running).values(token_digest=_digest(fresh), proved_at=now, **shown))
    return fresh


def end(token: str, *, now: datetime, why: Why = Why.SIGNED_OUT) -> None:
    _end(SignIn.token_digest == _digest(token), now=now, why=why)


def end_all(person: Person, *, now: datetime, why: Why, but: str = "") -> int:
    """Every session of hers, `but` the one with this token. Returns how many ran."""
    return _end(SignIn.person_id == person.id, SignIn.token_digest != _digest(but), now=now, why=why)


def end_for_rights(person: Person, *, by: Person | None, now: datetime) -> None:
    """What she may do has changed: she signs in anew. Whoever changes her own rights goes on; each request asks anyway."""
    if by is None or by.id != person.id:
        end_all(person, now=now, why=Why.RIGHTS)


def end_one(person: Person, ref: str, *, now: datetime) -> bool:
    """One of hers, by its name. False where none of that name runs."""
    return _end(SignIn.person_id == person.id, SignIn.ref == ref, now=now, why=Why.DEVICE) == 1


def running(person: Person, *, now: datetime) -> list[SignIn]:
    """The sessions that open something now, the one seen last first."""
    rows = db.session.scalars(
        select(SignIn)
        .where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
        .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
    )
    return [row for row in rows if now < _ends_at(row)]


def is_of(row: SignIn, token: str) -> bool:
    return row.token_digest == _digest(token)


def proved_lately(row: SignIn, *, now: datetime) -> bool:
    within = timedelta(minutes=int(current_app.config["PROVE_MINUTES"]))
    return row.proved_at is not None and now < row.proved_at + within


def _end(*which: ColumnElement[bool], now: datetime, why: Why) -> int:
    done = update(SignIn).where(SignIn.ended_at.is_(None), *which).values(ended_at=now, ended_why=why.value)
    return cast("CursorResult[Any]", db.session.execute(done)).rowcount


def _ends_at(row: SignIn) -> datetime:
    roles = {a.role for a in row.person.appointments if a.ended_at is None}
    idle = "IDLE_MINUTES_MISSION" if roles and roles <= _MISSION else "IDLE_MINUTES"
    return min(
        row.seen_at + timedelta(minutes=int(current_app.config[idle])),
        row.started_at + timedelta(hours=int(current_app.config["SESSION_HOURS"])),
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
