"""Whether what she shows is right. Each code opens once, whoever else has it at the same moment."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, or_, update

from award_app import audit, outbox
from award_app.accounts.factors import codes, halves, passkeys, queries, sealing
from award_app.accounts.factors.models import Authenticator, HalfSignIn, RecoveryCode
from award_app.accounts.models import Person
from award_app.db import db


def code(half: HalfSignIn, given: str, *, step: int, now: datetime) -> bool:
    """`step` is where the machine's clock stands."""
    if not halves.try_once(half):
        return False
    return _ended(half, "authenticator", spend_code(half.person, given, step=step), now)


def paper_code(half: HalfSignIn, given: str, *, now: datetime) -> bool:
    if not halves.try_once(half):
        return False
    return _ended(half, "recovery_code", spend_paper_code(half.person, given, now=now), now)


def passkey(half: HalfSignIn, answer: str, *, now: datetime) -> bool:
    challenge = halves.take_challenge(half) if halves.try_once(half) else None
    if challenge is None:
        return False
    key = passkeys.shown(queries.passkeys(half.person), answer, challenge=challenge, now=now)
    return _ended(half, "passkey", key is not None, now)


def spend_code(person: Person, given: str, *, step: int) -> bool:
    found = queries.authenticator(person)
    return found is not None and spend(found, given, step=step)


def spend(of: Authenticator, given: str, *, step: int) -> bool:
    """Compare and set: a step counts once, and none before it counts any more."""
    secret = sealing.unseal(of.secret, of=of.person_id)
    fits = codes.step_of(secret, given, step=step) if secret else None
    if fits is None:
        return False
    later = or_(Authenticator.last_step.is_(None), Authenticator.last_step < fits)
    unspent = (Authenticator.id == of.id, Authenticator.removed_at.is_(None), later)
    return _changed(update(Authenticator).where(*unspent).values(last_step=fits))


def spend_paper_code(person: Person, given: str, *, now: datetime) -> bool:
    """She hears of it: if it was not she, somebody has her paper and her password."""
    unused = (
        RecoveryCode.person_id == person.id,
        RecoveryCode.digest == sealing.digest(given, of=person.id),
        RecoveryCode.used_at.is_(None),
        RecoveryCode.removed_at.is_(None),
    )
    spent = db.session.scalar(update(RecoveryCode).where(*unused).values(used_at=now).returning(RecoveryCode.id))
    if spent is None:
        return False
    audit.record("use_recovery_code", person, by=person, at=now)
    outbox.add("recovery_code_used", to=person, cause=f"recovery code {spent}", now=now, person_id=person.id)
    return True


def _ended(half: HalfSignIn, kind: str, right: bool, now: datetime) -> bool:
    """Said to the ledger either way; the half sign-in leads to one session."""
    if right and halves.end(half, now=now):
        return True
    audit.record("second_factor_failed", half.person, by=half.person, at=now, kind=kind)
    return False


def _changed(statement: Any) -> bool:
    return cast("CursorResult[Any]", db.session.execute(statement)).rowcount == 1
