"""The stored result, and the decision with its reasons."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from award_app.accounts.models import Person
from award_app.db import Base, one_of
from award_app.domain.vocabulary import Outcome
from award_app.nominations.models import Nomination


class Result(Base):
    """What the worker computed after the close, for those who may see all files but `without`.

    Whoever is recused from a file gets a result computed as if it were not there, so one cycle has as many results as
    there are different sets of files kept from somebody. `without` is those files' ids, sorted, joined by commas.
    `model` holds the additive model: severity per member id, whether it was identified, its shrinkage.
    """

    __tablename__ = "result"
    __table_args__ = (UniqueConstraint("cycle_id", "without", name="uq_result_cycle_without"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    without: Mapped[str]
    computed_at: Mapped[datetime]
    model: Mapped[dict[str, Any]]

    rows: Mapped[list[ResultRow]] = relationship(
        back_populates="result", order_by="ResultRow.position, ResultRow.id", cascade="all, delete-orphan"
    )


class ResultRow(Base):
    """One file in a result. Means stand on the scale of the criteria; positions share ties. A file without scores has
    neither means nor positions."""

    __tablename__ = "result_row"
    __table_args__ = (UniqueConstraint("result_id", "nomination_id", name="uq_result_row_result_nomination"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    result_id: Mapped[int] = mapped_column(ForeignKey("result.id"))
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"))
    position: Mapped[int | None]
    weighted_mean: Mapped[float | None]
    adjusted_position: Mapped[int | None]
    adjusted_mean: Mapped[float | None]
    scores: Mapped[int]
    recusals: Mapped[int]
    concerns: Mapped[int]
    lowest: Mapped[float | None]
    highest: Mapped[float | None]

    result: Mapped[Result] = relationship(back_populates="rows")
    nomination: Mapped[Nomination] = relationship()


class Decision(Base):
    """What the chair recorded: one per cycle. Without places it says "no award"."""

    __tablename__ = "decision"
    __table_args__ = (CheckConstraint("length(reasons) > 0", name="has_reasons"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), unique=True)
    award: Mapped[bool]
    reasons: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    by: Mapped[Person] = relationship()
    places: Mapped[list[Place]] = relationship(back_populates="decision", order_by="Place.position")
    present: Mapped[list[Present]] = relationship()


class Place(Base):
    """A file the decision names: laureate (position 1), runners-up (2 and 3), reserve in its order."""

    __tablename__ = "place"
    __table_args__ = (
        UniqueConstraint("decision_id", "nomination_id", name="uq_place_decision_nomination"),
        UniqueConstraint("decision_id", "outcome", "position", name="uq_place_decision_outcome_position"),
        CheckConstraint("position > 0", name="position_positive"),
        CheckConstraint("outcome <> 'runner_up' OR position <= 2", name="two_runners_up"),
        Index(
            "uq_place_one_laureate",
            "decision_id",
            unique=True,
            sqlite_where=text("outcome = 'laureate'"),
            postgresql_where=text("outcome = 'laureate'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"))
    outcome: Mapped[Outcome] = mapped_column(one_of(Outcome, "outcome_word"))
    position: Mapped[int]  # within its outcome, from 1

    decision: Mapped[Decision] = relationship(back_populates="places")
    nomination: Mapped[Nomination] = relationship()


class Present(Base):
    """A member present at the decision: she may see the result and the decision from then on."""

    __tablename__ = "present"
    __table_args__ = (UniqueConstraint("decision_id", "person_id", name="uq_present_decision_person"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
