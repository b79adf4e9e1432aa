"""Declarations before opening a file, and recusals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from award_app.db import Base, one_of
from award_app.domain.vocabulary import ConflictKind


class Declaration(Base):
    """A member's word on one file, given from its card before she opens it.

    `suggested` keeps the rules that pointed at a conflict and her reason where she answered one: {rule: reason}.
    Whether she stepped out stands in `Recusal`.
    """

    __tablename__ = "declaration"
    __table_args__ = (UniqueConstraint("nomination_id", "person_id", name="uq_declaration_nomination_person"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    suggested: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class Recusal(Base):
    """A member is out of one file. Her scores stay, and count no more. The database refuses new ones."""

    __tablename__ = "recusal"
    __table_args__ = (UniqueConstraint("nomination_id", "person_id", name="uq_recusal_nomination_person"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[ConflictKind] = mapped_column(one_of(ConflictKind, "kind_word"))
    reason: Mapped[str]
    at: Mapped[datetime]
