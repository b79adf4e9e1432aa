"""A person ends sessions of her own: a telephone that was lost, a shared computer she forgot."""

from __future__ import annotations

from datetime import datetime

from award_app import access, audit
from award_app.accounts import sessions
from award_app.accounts.models import Person
from award_app.domain.vocabulary import Action


def end(person: Person, ref: str, *, now: datetime) -> bool:
    """False for what has ended already, and for what is not hers, which is the same to her."""
    access.require(person, Action.SEE_ACCOUNT, now=now)
    ended = sessions.end_one(person, ref, now=now)
    if ended:
        audit.record("end_session", person, by=person, at=now, sessions=1)
    return ended


def end_others(person: Person, *, now: datetime) -> int:
    """All but the one she is in. Returns how many."""
    access.require(person, Action.SEE_ACCOUNT, now=now)
    ended = sessions.end_all(person, now=now, why=sessions.Why.DEVICE, but=person.session_token)
    if ended:
        audit.record("end_session", person, by=person, at=now, sessions=ended)
    return ended
