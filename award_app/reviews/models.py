"""Scores, append-only, and the members' word that they have finished."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from award_app.db import Base, Instant


class Score(Base):
    """One member's value for one criterion of one file, and its comment. A change is a new revision.

    A trigger refuses the insert where a bar or a recusal stands. Read `effective_scores`, never this table.
    """

    __tablename__ = "score"
    __table_args__ = (
        UniqueConstraint(
            "nomination_id", "person_id", "criterion_id", "round", "revision", name="uq_score_sheet_revision"
        ),
        CheckConstraint("value BETWEEN 1 AND 5", name="value_on_scale"),
        CheckConstraint("revision > 0", name="revision_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"))
    round: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int]
    value: Mapped[int]
    comment: Mapped[str] = mapped_column(default="")
    late: Mapped[bool] = mapped_column(default=False)
    operation_id: Mapped[str]
    at: Mapped[datetime]


class Ballot(Base):
    """A member has finished scoring in a cycle."""

    __tablename__ = "ballot"
    __table_args__ = (UniqueConstraint("cycle_id", "person_id", name="uq_ballot_cycle_person"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    finished_at: Mapped[datetime]


class ScoreDraft(Base):
    """A comment whose value is not chosen yet: kept, counted by nothing, seen by its author alone."""

    __tablename__ = "score_draft"
    __table_args__ = (
        UniqueConstraint("nomination_id", "person_id", "criterion_id", "round", name="uq_score_draft_sheet"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"))
    round: Mapped[int] = mapped_column(default=1)
    comment: Mapped[str]
    at: Mapped[datetime]


class CannotFinish(Base):
    """A member tells the secretariat that she cannot finish, and why."""

    __tablename__ = "cannot_finish"
    __table_args__ = (
        CheckConstraint("length(reason) > 0", name="has_reason"),
        CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered_by_somebody"),
        Index(
            "uq_cannot_finish_open",
            "cycle_id",
            "person_id",
            unique=True,
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]
    at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Closing(Base):
    """The chair closed the round: because it was complete, or under the quorum with her reasons."""

    __tablename__ = "closing"
    __table_args__ = (CheckConstraint("complete OR length(reasons) > 0", name="under_quorum_has_reasons"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), unique=True)
    complete: Mapped[bool]
    under_quorum: Mapped[list[Any]]  # ids of the files that had fewer scores than the quorum
    reasons: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


VIEWS = MetaData()  # apart from Base's: views come from a migration, not from models

# The newest score in time of a member who is on the panel and neither recused nor barred, on a file that is accepted.
effective_scores = Table(
    "effective_scores",
    VIEWS,
    Column("nomination_id", Integer),
    Column("person_id", Integer),
    Column("criterion_id", Integer),
    Column("cycle_id", Integer),
    Column("round", Integer),
    Column("revision", Integer),
    Column("value", Integer),
    Column("comment", String),
    Column("at", Instant),
)

# Who nominated, edited, endorsed or wrote a letter for a file, and so may never score it (conflict rule 5).
barred = Table("barred", VIEWS, Column("nomination_id", Integer), Column("person_id", Integer))
