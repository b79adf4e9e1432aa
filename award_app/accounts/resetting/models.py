"""A link to choose a new password."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from award_app.accounts.models import Person
from award_app.db import Base


class ForgottenPassword(Base):
    """Somebody wrote this address on the page for a forgotten password. Whether it has an account is looked up by a
    worker, so that the page does the same for every address; then the row is gone."""

    __tablename__ = "forgotten_password"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    at: Mapped[datetime]


class PasswordReset(Base):
    """Works once, within its time, for the address it was sent to. Its token is derived from `nonce` as an invitation's
    is; a newer one, a changed address and a changed password end it."""

    __tablename__ = "password_reset"
    __table_args__ = (CheckConstraint("spent_at IS NULL OR cancelled_at IS NULL", name="spent_or_cancelled"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    nonce: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    email: Mapped[str]
    at: Mapped[datetime]
    expires_at: Mapped[datetime]
    spent_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
