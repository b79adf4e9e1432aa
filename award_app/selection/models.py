"""The stored result, and the decision with its reasons."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from award_app.accounts.models import Person
from award_app.db import Base, one_of
from award_app.domain.vocabulary import ChangeKind, IneligibleReason, Outcome
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


class Shortlist(Base):
    """The files kept for the final round, with reasons. A new version replaces the last; the newest counts, and only
    once it is confirmed, for which every file on it needs its conduct clearance and its nominee's consent."""

    __tablename__ = "shortlist"
    __table_args__ = (
        UniqueConstraint("cycle_id", "version", name="uq_shortlist_cycle_version"),
        CheckConstraint("length(reasons) > 0", name="has_reasons"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="confirmed_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    version: Mapped[int]
    reasons: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]

    by: Mapped[Person] = relationship(foreign_keys=[by_id])
    finalists: Mapped[list[Finalist]] = relationship(order_by="Finalist.id")


class Finalist(Base):
    __tablename__ = "finalist"
    __table_args__ = (UniqueConstraint("shortlist_id", "nomination_id", name="uq_finalist_shortlist_nomination"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    shortlist_id: Mapped[int] = mapped_column(ForeignKey("shortlist.id"))
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"))

    nomination: Mapped[Nomination] = relationship()


class OutcomeChange(Base):
    """A file leaves the outcome: she declined, it was withdrawn, or it was disqualified. One person proposes, another
    confirms. The decision stays as it was recorded; what stands is its places without the files that left."""

    __tablename__ = "outcome_change"
    __table_args__ = (
        CheckConstraint("length(reason) > 0", name="has_reason"),
        CheckConstraint("(kind = 'disqualified') = (ineligible_reason IS NOT NULL)", name="disqualified_has_ground"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="confirmed_by_somebody"),
        CheckConstraint("proposed_by_id <> confirmed_by_id", name="two_different_people"),
        CheckConstraint("confirmed_at IS NULL OR dropped_at IS NULL", name="confirmed_or_dropped"),
        Index(
            "uq_outcome_change_standing",
            "nomination_id",
            unique=True,
            sqlite_where=text("dropped_at IS NULL"),
            postgresql_where=text("dropped_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), index=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"))
    kind: Mapped[ChangeKind] = mapped_column(one_of(ChangeKind, "kind_word"))
    ineligible_reason: Mapped[IneligibleReason | None] = mapped_column(
        one_of(IneligibleReason, "ineligible_reason_word")
    )
    reason: Mapped[str]
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]

    nomination: Mapped[Nomination] = relationship()
