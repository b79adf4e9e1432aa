"""The announcement and its approvals. Every public text that depends on the outcome hangs from here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from award_app.cycles.models import Cycle
from award_app.db import Base
from award_app.nominations.models import Nomination


class Announcement(Base):
    """What the public will read, from `release_at` on, once two people have approved it. No nomination: no award.

    `version` is counted up with each change of the texts; approvals are for one version.
    """

    __tablename__ = "announcement"
    __table_args__ = (CheckConstraint("(released_at IS NULL) OR (taken_back_at IS NULL)", name="released_or_back"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), unique=True)
    nomination_id: Mapped[int | None] = mapped_column(ForeignKey("nomination.id"))
    name: Mapped[str]  # as it will be published; empty for no award
    rank: Mapped[str]
    country: Mapped[str]
    duty: Mapped[str]
    citations: Mapped[dict[str, Any]]  # language → text
    stories: Mapped[dict[str, Any]]
    results: Mapped[dict[str, Any] | None]  # measurable results, language → text
    careers: Mapped[dict[str, Any] | None]
    video_url: Mapped[str | None]
    portrait: Mapped[dict[str, Any] | None]  # digest, width, height, credit, alts (language → text)
    release_at: Mapped[datetime]
    version: Mapped[int]
    prepared_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    prepared_at: Mapped[datetime]
    released_at: Mapped[datetime | None]  # when the worker wrote the ledger and the letters; never asked by a page
    taken_back_at: Mapped[datetime | None]

    cycle: Mapped[Cycle] = relationship()
    nomination: Mapped[Nomination | None] = relationship()
    approvals: Mapped[list[Approval]] = relationship(order_by="Approval.slot")


class Approval(Base):
    """One of the two people who release. Two slots, two different people: the database holds it."""

    __tablename__ = "approval"
    __table_args__ = (
        UniqueConstraint("announcement_id", "version", "slot", name="uq_approval_announcement_slot"),
        UniqueConstraint("announcement_id", "version", "person_id", name="uq_approval_announcement_person"),
        CheckConstraint("slot IN (1, 2)", name="two_slots"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"))
    version: Mapped[int]
    slot: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Telling(Base):
    """The laureate's mission was told under embargo."""

    __tablename__ = "telling"

    id: Mapped[int] = mapped_column(primary_key=True)
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"))
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"), unique=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class TakingBack(Base):
    """A version of the announcement was hidden, before its release or after it, and why. One person may always hide;
    to show it again needs a new version and its two approvals."""

    __tablename__ = "taking_back"
    __table_args__ = (
        UniqueConstraint("announcement_id", "version", name="uq_taking_back_announcement_version"),
        CheckConstraint("length(reason) > 0", name="has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"))
    version: Mapped[int]
    reason: Mapped[str]
    was_released: Mapped[bool]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
