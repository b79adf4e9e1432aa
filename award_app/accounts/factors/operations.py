"""Setting up what one shows besides the password, and removing it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import CursorResult, update

from award_app import access, audit, chance, outbox
from award_app.accounts import passwords, sessions
from award_app.accounts.factors import codes, halves, passkeys, queries, sealing, showing
from award_app.accounts.factors.models import Authenticator, Passkey, RecoveryCode
from award_app.accounts.models import Person, SignIn
from award_app.accounts.problems import Problem
from award_app.db import db
from award_app.domain.vocabulary import Action, Refusal, Refused

PAPER_CODES: Final = 10


def require_password(person: Person, password: str) -> None:
    """Typed again, so that whoever finds a browser open changes nothing about who comes in."""
    if not passwords.fits(password, person.password_hash):
        raise Refused(Refusal.INVALID, problems=(Problem.PASSWORD_WRONG,))


def begin_authenticator(person: Person, *, now: datetime) -> Authenticator:
    """A fresh secret. One begun before is forgotten; the one she has holds until a code of the new one was shown."""
    _require(person, now)
    begun = (Authenticator.person_id == person.id, Authenticator.removed_at.is_(None))
    db.session.execute(update(Authenticator).where(*begun, Authenticator.confirmed_at.is_(None)).values(removed_at=now))
    return _add(person, codes.new_secret(), now)


def confirm_authenticator(person: Person, code: str, *, step: int, now: datetime) -> bool:
    """Whether it was her first factor. Raises INVALID for a wrong code, WRONG_STATE where none was begun."""
    _require(person, now)
    begun = queries.authenticator(person, confirmed=False)
    if begun is None:
        raise Refused(Refusal.WRONG_STATE)
    if not showing.spend(begun, code, step=step):
        raise Refused(Refusal.INVALID, problems=(Problem.CODE_WRONG,))
    first, old = not queries.has_any(person), queries.authenticator(person)
    if old is not None:
        old.removed_at = now
        db.session.flush()  # one holds at a time
    begun.confirmed_at = now
    db.session.flush()
    audit.record("replace_authenticator" if old else "add_authenticator", begun, by=person, at=now)
    _tell("factor_replaced" if old else "factor_added", person, f"authenticator {begun.id}", now)
    return first


def enrol(person: Person, secret: str, *, now: datetime) -> Authenticator:
    """An authenticator whose secret is known already, as in the demonstration."""
    made = _add(person, secret, now)
    made.confirmed_at = now
    db.session.flush()
    audit.record("add_authenticator", made, by=person, at=now)
    return made


def ask_passkey(person: Person, *, now: datetime) -> None:
    """What the new key will have to sign, kept with the session."""
    _require(person, now)
    here = update(SignIn).where(SignIn.id == person.session_id, SignIn.ended_at.is_(None))
    if not _changed(here.values(challenge=chance.token())):
        raise Refused(Refusal.WRONG_STATE)


def add_passkey(person: Person, answer: str, label: str, *, challenge: str, now: datetime) -> bool:
    """Whether it was her first factor. The challenge counts once, right or wrong: take it with `take_challenge`."""
    _require(person, now)
    first = not queries.has_any(person)
    key = passkeys.made(person, answer, label.strip(), challenge=challenge, now=now)
    audit.record("add_passkey", key, by=person, at=now)
    _tell("factor_added", person, f"passkey {key.ref}", now)
    return first


def take_challenge(person: Person) -> str | None:
    row = db.session.get(SignIn, person.session_id)
    if row is None or row.challenge is None:
        return None
    asked = row.challenge
    same = update(SignIn).where(SignIn.id == row.id, SignIn.challenge == asked)
    return asked if _changed(same.values(challenge=None)) else None


def came_in_by_it(person: Person, *, now: datetime) -> str:
    """Her first factor is set up: the session she is in counts as one that showed it, under a new token, which is
    returned; every other session of hers knew only the password, and ends."""
    sessions.end_all(person, now=now, why=sessions.Why.FACTOR, but=person.session_token)
    return sessions.prove(person.session_token, now=now, second=True)


def write_paper_codes(person: Person, *, now: datetime) -> list[str]:
    """Ten new ones; earlier ones open nothing any more. They are returned here and kept nowhere."""
    _require(person, now)
    _forget_paper_codes(person, now)
    fresh = [codes.new_paper_code() for _n in range(PAPER_CODES)]
    db.session.add_all(
        RecoveryCode(person_id=person.id, digest=sealing.digest(code, of=person.id), created_at=now) for code in fresh
    )
    db.session.flush()
    audit.record("write_recovery_codes", person, by=person, at=now)
    return fresh


def remove(person: Person, factor: Authenticator | Passkey, *, now: datetime) -> None:
    """Raises INVALID for the last one of a person who needs one. With the last one the codes on paper go too."""
    _require(person, now)
    held = queries.held(person)
    if held.count == 1 and queries.needs_one(person):
        raise Refused(Refusal.INVALID, problems=(Problem.LAST_FACTOR,))
    kind = type(factor)
    there = update(kind).where(kind.id == factor.id, kind.person_id == person.id, kind.removed_at.is_(None))
    if not _changed(there.values(removed_at=now)):
        raise Refused(Refusal.ALREADY_DONE)
    if held.count == 1:
        _forget_paper_codes(person, now)
    audit.record(f"remove_{factor.__tablename__}", factor, by=person, at=now)
    _tell("factor_removed", person, f"{factor.__tablename__} {factor.id}", now)


def remove_all(person: Person, *, now: datetime) -> None:
    """Everything of hers, codes on paper and half sign-ins too."""
    for kind in (Authenticator, Passkey):
        db.session.execute(
            update(kind).where(kind.person_id == person.id, kind.removed_at.is_(None)).values(removed_at=now)
        )
    _forget_paper_codes(person, now)
    halves.end_all(person, now=now)


def _require(person: Person, now: datetime) -> None:
    """A session that knows only the password changes nothing once there is a second factor."""
    access.require(person, Action.SEE_ACCOUNT, now=now)
    if not person.second_shown and queries.has_any(person):
        raise Refused(Refusal.WRONG_STATE)


def _add(person: Person, secret: str, now: datetime) -> Authenticator:
    made = Authenticator(person_id=person.id, secret=sealing.seal(secret, of=person.id), created_at=now)
    db.session.add(made)
    db.session.flush()
    return made


def _forget_paper_codes(person: Person, now: datetime) -> None:
    hers = (RecoveryCode.person_id == person.id, RecoveryCode.removed_at.is_(None), RecoveryCode.used_at.is_(None))
    db.session.execute(update(RecoveryCode).where(*hers).values(removed_at=now))


def _tell(template: str, person: Person, cause: str, now: datetime) -> None:
    outbox.add(template, to=person, cause=cause, now=now, person_id=person.id)


def _changed(statement: Any) -> bool:
    return cast("CursorResult[Any]", db.session.execute(statement)).rowcount == 1
