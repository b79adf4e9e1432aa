"""What a person shows besides her password, and what two people of the secretariat do when she lost it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from award_app.accounts.models import Person
from award_app.db import Base

_RUNNING = text("removed_at IS NULL AND confirmed_at IS NOT NULL")
_BEGUN = text("removed_at IS NULL AND confirmed_at IS NULL")


class Authenticator(Base):
    """An app that shows six digits. `secret` is sealed with the service's key; a step of time counts once."""

    __tablename__ = "authenticator"
    __table_args__ = (
        Index("uq_authenticator_running", "person_id", unique=True, sqlite_where=_RUNNING, postgresql_where=_RUNNING),
        # Beside it one that is being set up: the old one holds until a code of the new one was shown.
        Index("uq_authenticator_begun", "person_id", unique=True, sqlite_where=_BEGUN, postgresql_where=_BEGUN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    secret: Mapped[str]
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]  # empty: she has not shown a code of it yet, and it opens nothing
    last_step: Mapped[int | None]
    removed_at: Mapped[datetime | None]


class Passkey(Base):
    """A key that a phone, a computer or a stick keeps for her (WebAuthn)."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    label: Mapped[str]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """One of ten codes on paper; each opens once. Only its digest is kept."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    digest: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class HalfSignIn(Base):
    """The password was right, the second factor is asked for. The cookie holds a token, this row its digest."""

    __tablename__ = "half_sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    challenge: Mapped[str | None]  # what a passkey is asked to sign, once
    tries: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class FactorReset(Base):
    """A lost second factor: one of the secretariat asks, another confirms, neither for herself."""

    __tablename__ = "factor_reset"
    __table_args__ = (
        CheckConstraint("asked_by_id <> person_id", name="asked_for_another"),
        CheckConstraint("confirmed_by_id <> asked_by_id AND confirmed_by_id <> person_id", name="two_people"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="confirmed_by_whom"),
        CheckConstraint("confirmed_at IS NULL OR cancelled_at IS NULL", name="confirmed_or_cancelled"),
        Index(
            "uq_factor_reset_open",
            "person_id",
            unique=True,
            sqlite_where=text("confirmed_at IS NULL AND cancelled_at IS NULL"),
            postgresql_where=text("confirmed_at IS NULL AND cancelled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
