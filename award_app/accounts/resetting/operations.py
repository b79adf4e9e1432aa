"""A forgotten password: asked for an address, answered by letter, and a new one chosen behind its link.

The page that asks does the same for every address; whether it has an account a worker finds out. The link ends every
session and touches nothing but the password: whoever has a second factor still needs it, and nobody is signed in by it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import CursorResult, delete, func, select, update

from award_app import audit, chance, outbox
from award_app.accounts import passwords, sessions
from award_app.accounts.factors import halves
from award_app.accounts.models import Person
from award_app.accounts.resetting.models import ForgottenPassword, PasswordReset
from award_app.db import db
from award_app.domain.vocabulary import Refusal, Refused

LASTS: Final = timedelta(hours=2)
PAUSE: Final = timedelta(minutes=10)  # who asks again and again gets one letter, and its link is not taken away
DAY: Final = timedelta(days=1)
MOST_A_DAY: Final = 10  # nobody fills somebody else's mailbox
LONGEST: Final = 254


def ask(email: str, *, now: datetime) -> None:
    """The same for every address, known or not: a row, and nothing else."""
    db.session.add(ForgottenPassword(email=email.strip().lower()[:LONGEST], at=now))


def answer_all(*, now: datetime) -> int:
    """Write a letter to those who have an account that is open; forget the other addresses. Returns how many letters.
    For a worker; running it twice at once writes no letter twice."""
    wanted = delete(ForgottenPassword).returning(ForgottenPassword.email)
    emails = sorted(set(db.session.scalars(wanted).all()))
    people = db.session.scalars(
        select(Person).where(Person.email.in_(emails), Person.deactivated_at.is_(None)).order_by(Person.id)
    ).all()
    return sum(_answer(person, now) for person in people)


def require_open(reset: PasswordReset, *, now: datetime) -> None:
    closed = reset.spent_at or reset.cancelled_at or now >= reset.expires_at
    if closed or not reset.person.is_active or reset.person.email != reset.email:
        raise Refused(Refusal.SPENT)


def spend(reset: PasswordReset, password: str, *, now: datetime) -> None:
    """Choose a new password, once. Raises `Refused`: SPENT for a link that is over, INVALID for a password that will not
    do. She is not signed in, and her second factor is what it was."""
    require_open(reset, now=now)
    person = reset.person
    kept = passwords.accept(password, person.name, person.email)
    unspent = (PasswordReset.spent_at.is_(None), PasswordReset.cancelled_at.is_(None), PasswordReset.expires_at > now)
    done = update(PasswordReset).where(PasswordReset.id == reset.id, *unspent).values(spent_at=now)
    if cast("CursorResult[Any]", db.session.execute(done)).rowcount != 1:  # of two at once, one does
        raise Refused(Refusal.SPENT)
    person.password_hash = kept
    sessions.end_all(person, now=now, why=sessions.Why.PASSWORD)
    end_open(person, now=now)
    audit.record("reset_password", person, by=person, at=now)
    outbox.add("password_changed", to=person, cause=f"reset {reset.ref}", now=now, person_id=person.id)


def end_open(person: Person, *, now: datetime) -> None:
    """Her password or her address changed, or her account is closed: what was on its way opens nothing any more."""
    db.session.flush()
    open_ = (PasswordReset.spent_at.is_(None), PasswordReset.cancelled_at.is_(None))
    db.session.execute(
        update(PasswordReset).where(PasswordReset.person_id == person.id, *open_).values(cancelled_at=now)
    )
    halves.end_all(person, now=now)


def _answer(person: Person, now: datetime) -> bool:
    db.session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
    newest, lately = db.session.execute(
        select(func.max(PasswordReset.at), func.count()).where(
            PasswordReset.person_id == person.id, PasswordReset.at > now - DAY
        )
    ).one()
    if newest is not None and (now < newest + PAUSE or lately >= MOST_A_DAY):
        return False
    open_ = (PasswordReset.spent_at.is_(None), PasswordReset.cancelled_at.is_(None))
    db.session.execute(
        update(PasswordReset).where(PasswordReset.person_id == person.id, *open_).values(cancelled_at=now)
    )
    made = PasswordReset(
        ref=chance.reference(),
        nonce=chance.token(),
        person_id=person.id,
        email=person.email,
        at=now,
        expires_at=now + LASTS,
    )
    db.session.add(made)
    db.session.flush()
    audit.record("ask_reset", person, by=None, at=now)
    outbox.add("password_reset", to=person, cause=f"reset {made.ref}", now=now, password_reset_id=made.id)
    return True
