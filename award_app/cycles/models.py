"""The award year: titles, dates, criteria, missions and their quotas."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from award_app.db import Base, one_of
from award_app.domain.calendar import Dates
from award_app.domain.vocabulary import CriterionKind


class Mission(Base):
    """A UN peace operation with a police component. `area` is an area, not necessarily a country."""

    __tablename__ = "mission"

    id: Mapped[int] = mapped_column(primary_key=True)
    acronym: Mapped[str] = mapped_column(unique=True)
    acronym_fr: Mapped[str | None]
    name: Mapped[str]
    area: Mapped[str]
    kind: Mapped[str]
    started: Mapped[str]  # at the precision known: a year, a month or a day
    ended: Mapped[str | None]
    timezone: Mapped[str] = mapped_column(default="UTC")
    name_fr: Mapped[str | None]  # empty: not known in French
    area_fr: Mapped[str | None]

    def acronym_in(self, locale: str) -> str:
        return (self.acronym_fr if locale[:2] == "fr" else None) or self.acronym

    def name_in(self, locale: str) -> str:
        return (self.name_fr if locale[:2] == "fr" else None) or self.name

    def area_in(self, locale: str) -> str:
        return (self.area_fr if locale[:2] == "fr" else None) or self.area


class Cycle(Base):
    """One round of the award. Windows are instants; `opened_at` and `round_closed_at` are acts."""

    __tablename__ = "cycle"
    __table_args__ = (
        CheckConstraint(
            "opens_at < closes_at AND closes_at < screening_ends_at AND screening_ends_at < review_ends_at",
            name="dates_in_order",
        ),
        CheckConstraint("service_from <= service_to", name="service_window_in_order"),
        CheckConstraint("default_quota > 0", name="quota_positive"),
        CheckConstraint("quorum > 0", name="quorum_positive"),
        CheckConstraint("round_closed_at IS NULL OR opened_at IS NOT NULL", name="closed_was_opened"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    award_year: Mapped[int] = mapped_column(unique=True)
    titles: Mapped[dict[str, Any]]  # language → title of the award in this year
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    screening_ends_at: Mapped[datetime]
    review_ends_at: Mapped[datetime]
    service_from: Mapped[date]
    service_to: Mapped[date]
    default_quota: Mapped[int] = mapped_column(default=4)
    quorum: Mapped[int] = mapped_column(default=3)  # scores a file should have
    demonstration: Mapped[bool] = mapped_column(default=False)  # its people are invented, and every page says so
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    round_opened_at: Mapped[datetime | None]  # when the members were told that scoring has begun
    round_closed_at: Mapped[datetime | None]
    result_due: Mapped[bool] = mapped_column(default=False)  # the close asks the worker for it, and a recusal after it
    archived_at: Mapped[datetime | None]
    called_at: Mapped[datetime | None]  # when the call went to the missions, first
    reminder_days: Mapped[list[Any] | None]  # days before a deadline; none: REMINDER_DAYS

    criteria: Mapped[list[Criterion]] = relationship(back_populates="cycle", order_by="Criterion.position")
    missions: Mapped[list[CycleMission]] = relationship(back_populates="cycle", order_by="CycleMission.id")

    @property
    def dates(self) -> Dates:
        return Dates(self.opens_at, self.closes_at, self.screening_ends_at, self.review_ends_at)

    def title(self, locale: str) -> str:
        return str(self.titles.get(locale.split("-")[0].split("_")[0]) or self.titles["en"])


class Criterion(Base):
    """What is scored. Titles and level descriptions are kept per language: {"en": …}, {"1": {"en": …}, …}."""

    __tablename__ = "criterion"
    __table_args__ = (
        UniqueConstraint("cycle_id", "code", name="uq_criterion_cycle_code"),
        CheckConstraint("weight BETWEEN 0 AND 100", name="weight_percent"),
        CheckConstraint("kind = 'scale' OR weight = 0", name="concern_without_weight"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    position: Mapped[int]
    code: Mapped[str]
    kind: Mapped[CriterionKind] = mapped_column(one_of(CriterionKind, "kind_word"))
    weight: Mapped[int]
    titles: Mapped[dict[str, Any]]
    levels: Mapped[dict[str, Any]]

    cycle: Mapped[Cycle] = relationship(back_populates="criteria")

    @property
    def values(self) -> range:
        return self.kind.values

    def title(self, locale: str) -> str:
        return str(self.titles.get(locale[:2]) or self.titles["en"])

    def level(self, value: int, locale: str) -> str:
        texts = self.levels[str(value)]
        return str(texts.get(locale[:2]) or texts["en"])


class CycleMission(Base):
    """A mission that is called in a cycle, with its quota. Its row is locked while a file is handed in."""

    __tablename__ = "cycle_mission"
    __table_args__ = (
        UniqueConstraint("cycle_id", "mission_id", name="uq_cycle_mission_cycle_mission"),
        CheckConstraint("quota > 0", name="quota_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    mission_id: Mapped[int] = mapped_column(ForeignKey("mission.id"))
    quota: Mapped[int]

    cycle: Mapped[Cycle] = relationship(back_populates="missions")
    mission: Mapped[Mission] = relationship()


class MovedDate(Base):
    """An instant of an opened cycle that was moved, and why. Append-only; the cycle holds the instant that counts."""

    __tablename__ = "moved_date"
    __table_args__ = (CheckConstraint("length(reason) > 0", name="has_reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), index=True)
    field: Mapped[str]  # of domain.calendar.Dates
    before: Mapped[datetime]
    after: Mapped[datetime]
    reason: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Extension(Base):
    """More time for one mission to nominate and hand in. The newest of a mission counts."""

    __tablename__ = "extension"
    __table_args__ = (CheckConstraint("length(reason) > 0", name="has_reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), index=True)
    mission_id: Mapped[int] = mapped_column(ForeignKey("mission.id"))
    until: Mapped[datetime]
    reason: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class MissionAnswer(Base):
    """A mission says that it has no nominee this year. It may take that back while nominations are open."""

    __tablename__ = "mission_answer"
    __table_args__ = (
        Index(
            "uq_mission_answer_standing",
            "cycle_id",
            "mission_id",
            unique=True,
            sqlite_where=text("taken_back_at IS NULL"),
            postgresql_where=text("taken_back_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    mission_id: Mapped[int] = mapped_column(ForeignKey("mission.id"))
    reason: Mapped[str]  # may be empty
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]

    mission: Mapped[Mission] = relationship()


class ClockOffset(Base):
    """The movable clock of the demonstration: one row, so that all processes move together."""

    __tablename__ = "clock_offset"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seconds: Mapped[int]
