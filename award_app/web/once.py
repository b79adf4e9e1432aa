"""A form sent twice has one effect and gets the same answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from award_app import chance
from award_app.accounts.models import OnceKey, Person
from award_app.db import db, transaction


def once(key: str, work: Callable[[], str], *, by: Person, now: datetime) -> str:
    """Do `work` in a transaction and return the address it leads to, unless this key did so before.

    The key is written first: of two that arrive together the second waits for the first, and finds its answer.
    """
    person_id = by.id
    key = key or chance.token()  # a form without one is sent for itself: two of them are not the same
    try:
        with transaction():
            earlier = _answer(person_id, key)
            if earlier is not None:
                return earlier
            kept = OnceKey(person_id=person_id, key=key, location="", at=now)
            db.session.add(kept)
            db.session.flush()
            kept.location = work()
            return kept.location
    except IntegrityError:
        earlier = _answer(person_id, key)
        if earlier is None:  # another constraint was hit: not ours to answer
            raise
        return earlier


def _answer(person_id: int, key: str) -> str | None:
    return db.session.scalar(select(OnceKey.location).where(OnceKey.person_id == person_id, OnceKey.key == key))
