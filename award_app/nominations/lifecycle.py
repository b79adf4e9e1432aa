"""A nomination changes its state through this one door, which asks, moves and writes it down in one breath."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from award_app import access, audit
from award_app.accounts.models import Person
from award_app.db import db
from award_app.domain.vocabulary import Action, NominationState, Refusal, Refused
from award_app.nominations.models import Endorsement, Nomination


def hold(nomination: Nomination, action: Action, *, by: Person, now: datetime) -> None:
    """Ask, lock the file until the transaction ends, and ask again of the file as it stands now: whoever comes second
    sees the first's work. Raises `Refused`. SQLite holds the whole database from the first statement on."""
    access.require(by, action, nomination, now=now)
    query = select(Nomination).where(Nomination.id == nomination.id).with_for_update()
    db.session.scalars(query.execution_options(populate_existing=True)).one()
    access.require(by, action, nomination, now=now)


def advance(nomination: Nomination, action: Action, *, by: Person, now: datetime, **detail: object) -> None:
    """Raises `Refused`; CHANGED_MEANWHILE where somebody else moved the file first.

    Set what the new state needs (its reason, its time) before calling: the flush here carries it.
    """
    verdict = access.require(by, action, nomination, now=now)
    before = nomination.state
    if verdict.to is not None:
        nomination.state = verdict.to
    nomination.changed_at = now
    flush()
    _record(nomination, action.name.lower(), before, by, now, detail)


def void_endorsement(nomination: Nomination, *, by: Person, now: datetime) -> None:
    """An edit of an endorsed file takes it back to draft, or to returned if it had been returned; else nothing to void."""
    if nomination.state is not NominationState.ENDORSED:
        return
    before = nomination.state
    nomination.state = NominationState.RETURNED if nomination.return_deadline else NominationState.DRAFT
    nomination.endorsed_digest = None
    nomination.changed_at = now
    standing = select(Endorsement).where(Endorsement.nomination_id == nomination.id, Endorsement.voided_at.is_(None))
    for endorsement in db.session.scalars(standing):
        endorsement.voided_at = now
    flush()
    _record(nomination, "void_endorsement", before, by, now, {})


def remove(nomination: Nomination, to: NominationState, *, by: Person, now: datetime) -> None:
    """Out of the running by a change of the outcome, which two people have agreed to: they were asked there."""
    before = nomination.state
    nomination.state = to
    nomination.changed_at = now
    flush()
    _record(nomination, "remove", before, by, now, {})


def flush() -> None:
    """Compare and set: the version column decides who was first."""
    try:
        db.session.flush()
    except StaleDataError:
        raise Refused(Refusal.CHANGED_MEANWHILE) from None


def _record(
    nomination: Nomination, act: str, before: NominationState, by: Person, now: datetime, detail: dict[str, object]
) -> None:
    states = {"from": before.value, "to": nomination.state.value}
    audit.record(act, nomination, by=by, at=now, cycle_id=nomination.cycle_id, **states, **detail)
