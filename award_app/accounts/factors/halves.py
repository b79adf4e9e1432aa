"""A sign-in that has come half way: the password was right, the second factor is asked for."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import CursorResult, delete, select, update

from award_app import chance
from award_app.accounts.factors.models import HalfSignIn
from award_app.accounts.models import Person
from award_app.db import db

LASTS: Final = timedelta(minutes=10)
KEPT: Final = timedelta(days=1)
MOST_TRIES: Final = 5


def begin(person: Person, *, now: datetime) -> str:
    """Returns the token, which is kept nowhere but in the browser's cookie."""
    token = chance.token()
    half = HalfSignIn(token_digest=_digest(token), person_id=person.id, challenge=chance.token(), tries=0, at=now)
    db.session.add(half)
    db.session.flush()
    return token


def by_token(token: str, *, now: datetime) -> HalfSignIn | None:
    """None where it has ended, by success, by its time or by wrong codes, and where the account was closed meanwhile."""
    half = db.session.scalars(select(HalfSignIn).where(HalfSignIn.token_digest == _digest(token))).one_or_none()
    if half is None or half.ended_at is not None or half.tries >= MOST_TRIES or now >= half.at + LASTS:
        return None
    return half if half.person.is_active else None


def try_once(half: HalfSignIn) -> bool:
    """Count this try before anything is looked at. False: there have been as many as there may be."""
    running = (HalfSignIn.id == half.id, HalfSignIn.ended_at.is_(None), HalfSignIn.tries < MOST_TRIES)
    return _changed(update(HalfSignIn).where(*running).values(tries=HalfSignIn.tries + 1))


def take_challenge(half: HalfSignIn) -> str | None:
    """What the passkey had to sign; the next try gets another one."""
    asked = half.challenge
    same = (HalfSignIn.id == half.id, HalfSignIn.challenge == asked)
    return asked if _changed(update(HalfSignIn).where(*same).values(challenge=chance.token())) else None


def end(half: HalfSignIn, *, now: datetime) -> bool:
    """It has led to a session. False: it has ended before, so that it leads to no second one."""
    return _changed(
        update(HalfSignIn).where(HalfSignIn.id == half.id, HalfSignIn.ended_at.is_(None)).values(ended_at=now)
    )


def end_all(person: Person, *, now: datetime) -> None:
    running = (HalfSignIn.person_id == person.id, HalfSignIn.ended_at.is_(None))
    db.session.execute(update(HalfSignIn).where(*running).values(ended_at=now))


def forget_old(*, now: datetime) -> int:
    """What ended yesterday, by whatever, is of no use to anybody. Returns how many there were."""
    old = delete(HalfSignIn).where(HalfSignIn.at < now - KEPT)
    return cast("CursorResult[Any]", db.session.execute(old)).rowcount


def _changed(statement: Any) -> bool:
    return cast("CursorResult[Any]", db.session.execute(statement)).rowcount == 1


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
