"""The outbox: letters as rows, written with their cause and posted later."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from award_app.accounts.models import Person
from award_app.db import Base, one_of
from award_app.domain.vocabulary import Handled, LetterState


class Letter(Base):
    """A template name and ids; the text is made when it is sent. `once` keeps one cause from writing twice to one address.

    An invitation goes to somebody who is no person yet: then `person_id` is empty and `ids` names the invitation.
    """

    __tablename__ = "letter"
    __table_args__ = (
        CheckConstraint("state <> 'sending' OR claimed_at IS NOT NULL", name="sending_is_claimed"),
        CheckConstraint("state IN ('waiting', 'held', 'sending') OR closed_at IS NOT NULL", name="ended_has_time"),
        Index("ix_letter_due", "state", "next_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    template: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    ids: Mapped[dict[str, Any]]
    once: Mapped[str] = mapped_column(unique=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    state: Mapped[LetterState] = mapped_column(one_of(LetterState, "state_word"), default=LetterState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    next_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    note: Mapped[str | None]  # the last answer of the mail server, as a code

    person: Mapped[Person | None] = relationship()


class Reminder(Base):
    """When a person was reminded last: one row a person, set by compare-and-set, so never two in 24 hours."""

    __tablename__ = "reminder"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    last_at: Mapped[datetime]


class Handling(Base):
    """What a person did with a letter, and why. A letter is sent again once, as a copy with a name of its own; who wants
    to send it a third time sends the copy again."""

    __tablename__ = "handling"
    __table_args__ = (
        CheckConstraint("what IN ('held', 'released') OR length(reason) > 0", name="has_reason"),
        CheckConstraint("(what = 'sent_again') = (copy_id IS NOT NULL)", name="sent_again_has_copy"),
        Index(
            "uq_handling_sent_again_once",
            "letter_id",
            unique=True,
            sqlite_where=text("what = 'sent_again'"),
            postgresql_where=text("what = 'sent_again'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"), index=True)
    what: Mapped[Handled] = mapped_column(one_of(Handled, "handled_word"))
    reason: Mapped[str] = mapped_column(default="")
    copy_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id"), unique=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    by: Mapped[Person] = relationship()
