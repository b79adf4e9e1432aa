"""What a person can show besides her password."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, or_, select

from award_app import access
from award_app.accounts.factors.models import Authenticator, FactorReset, Passkey, RecoveryCode
from award_app.accounts.models import Person
from award_app.db import db
from award_app.domain import policy
from award_app.domain.vocabulary import Refusal, Refused


@dataclass(frozen=True)
class Held:
    authenticator: Authenticator | None
    passkeys: Sequence[Passkey]
    codes_left: int

    @property
    def count(self) -> int:
        """Codes on paper do not count: they are for the day when the rest is lost."""
        return len(self.passkeys) + (self.authenticator is not None)


def held(person: Person) -> Held:
    return Held(authenticator(person), passkeys(person), codes_left(person))


def has_any(person: Person) -> bool:
    app = exists().where(
        Authenticator.person_id == person.id,
        Authenticator.confirmed_at.is_not(None),
        Authenticator.removed_at.is_(None),
    )
    key = exists().where(Passkey.person_id == person.id, Passkey.removed_at.is_(None))
    return bool(db.session.scalar(select(or_(app, key))))


def needs_one(person: Person) -> bool:
    return policy.needs_second_factor(a.role for a in access.appointments(person))


def authenticator(person: Person, *, confirmed: bool = True) -> Authenticator | None:
    """The one she has, or the one she is setting up."""
    state = Authenticator.confirmed_at.is_not(None) if confirmed else Authenticator.confirmed_at.is_(None)
    hers = (Authenticator.person_id == person.id, Authenticator.removed_at.is_(None), state)
    return db.session.scalars(select(Authenticator).where(*hers)).one_or_none()


def passkeys(person: Person) -> Sequence[Passkey]:
    hers = select(Passkey).where(Passkey.person_id == person.id, Passkey.removed_at.is_(None))
    return db.session.scalars(hers.order_by(Passkey.id)).all()


def passkey(person: Person, ref: str) -> Passkey:
    """Raises NOT_FOUND."""
    found = next((key for key in passkeys(person) if key.ref == ref), None)
    if found is None:
        raise Refused(Refusal.NOT_FOUND)
    return found


def codes_left(person: Person) -> int:
    unused = (RecoveryCode.used_at.is_(None), RecoveryCode.removed_at.is_(None))
    return (
        db.session.scalar(select(func.count(RecoveryCode.id)).where(RecoveryCode.person_id == person.id, *unused)) or 0
    )


def open_reset(person: Person) -> FactorReset | None:
    undone = (FactorReset.confirmed_at.is_(None), FactorReset.cancelled_at.is_(None))
    return db.session.scalars(select(FactorReset).where(FactorReset.person_id == person.id, *undone)).one_or_none()
