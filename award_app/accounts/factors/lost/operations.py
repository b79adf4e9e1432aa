"""A lost second factor: one of the secretariat asks, another one confirms, and neither does it for herself."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import CursorResult, update

from award_app import access, audit, chance, outbox
from award_app.accounts import sessions
from award_app.accounts.factors import operations as factors
from award_app.accounts.factors import queries
from award_app.accounts.factors.models import FactorReset
from award_app.accounts.models import Person
from award_app.accounts.problems import Problem
from award_app.accounts.queries import holders
from award_app.db import db
from award_app.domain.vocabulary import Action, AppointmentRole, Refusal, Refused

LONGEST: Final = 500


def ask(person: Person, reason: str, *, by: Person, now: datetime) -> FactorReset:
    """The others of the secretariat get a letter: one of them confirms."""
    access.require(by, Action.ASK_FACTOR_RESET, now=now)
    if by.id == person.id:
        raise Refused(Refusal.SAME_PERSON)
    if not reason.strip() or len(reason) > LONGEST:
        raise Refused(Refusal.INVALID, problems=(Problem.REASON_MISSING,))
    if not queries.has_any(person):
        raise Refused(Refusal.INVALID, problems=(Problem.NO_FACTOR,))
    if queries.open_reset(person) is not None:
        raise Refused(Refusal.ALREADY_DONE)
    asked = FactorReset(
        ref=chance.reference(), person_id=person.id, reason=reason.strip(), asked_by_id=by.id, asked_at=now
    )
    db.session.add(asked)
    db.session.flush()
    audit.record("ask_factor_reset", asked, by=by, at=now, person=person.id)
    for other in holders(AppointmentRole.SECRETARIAT):
        if other.id not in (by.id, person.id):
            _tell("factor_reset_asked", other, asked, now)
    return asked


def confirm(asked: FactorReset, *, by: Person, now: datetime) -> None:
    """Everything of hers is removed and she is signed out; with her password she sets up a new one."""
    access.require(by, Action.CONFIRM_FACTOR_RESET, now=now)
    if by.id in (asked.asked_by_id, asked.person_id):
        raise Refused(Refusal.SAME_PERSON)
    _close(asked, confirmed_by_id=by.id, confirmed_at=now)
    factors.remove_all(asked.person, now=now)
    sessions.end_all(asked.person, now=now, why=sessions.Why.FACTOR)
    audit.record("confirm_factor_reset", asked, by=by, at=now, person=asked.person_id)
    _tell("factor_reset", asked.person, asked, now)


def cancel(asked: FactorReset, *, by: Person, now: datetime) -> None:
    access.require(by, Action.CANCEL_FACTOR_RESET, now=now)
    _close(asked, cancelled_at=now)
    audit.record("cancel_factor_reset", asked, by=by, at=now, person=asked.person_id)


def _close(asked: FactorReset, **how: object) -> None:
    """Of two who answer at once, one does."""
    open_ = (FactorReset.id == asked.id, FactorReset.confirmed_at.is_(None), FactorReset.cancelled_at.is_(None))
    closed = update(FactorReset).where(*open_).values(**how)
    if cast("CursorResult[Any]", db.session.execute(closed)).rowcount != 1:
        raise Refused(Refusal.ALREADY_DONE)


def _tell(template: str, to: Person, asked: FactorReset, now: datetime) -> None:
    outbox.add(template, to=to, cause=f"factor reset {asked.ref}", now=now, factor_reset_id=asked.id)
