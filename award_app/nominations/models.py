"""The file: a nomination, its answers as revision rows, attachments, endorsements, returns and screening."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from award_app.accounts.models import Person
from award_app.cycles.models import Cycle, Mission
from award_app.db import Base, one_of
from award_app.domain.vocabulary import AttachmentKind, Consent, IneligibleReason, NominationState, RenderingState


class Nomination(Base):
    """One nominee's file. Its texts are `Answer` rows; the columns from `nominee_name` on are the card, kept in step by
    `nominations.operations.save` so that lists need no texts."""

    __tablename__ = "nomination"
    __table_args__ = (
        CheckConstraint(
            "state NOT IN ('submitted', 'accepted', 'ineligible') OR submitted_at IS NOT NULL", name="handed_in"
        ),
        CheckConstraint("state <> 'endorsed' OR endorsed_digest IS NOT NULL", name="endorsed_has_digest"),
        CheckConstraint("state <> 'returned' OR return_deadline IS NOT NULL", name="returned_has_deadline"),
        CheckConstraint(
            "state <> 'ineligible' OR (ineligible_reason IS NOT NULL AND ineligible_by_id IS NOT NULL"
            " AND ineligible_confirmed_by_id IS NOT NULL)",
            name="ineligible_has_reason_and_two_people",
        ),
        CheckConstraint("ineligible_by_id <> ineligible_confirmed_by_id", name="ineligible_two_different_people"),
        CheckConstraint("state <> 'withdrawn' OR withdrawn_reason IS NOT NULL", name="withdrawn_has_reason"),
        CheckConstraint(
            "(submitted_at IS NULL) = (submitted_digest IS NULL)"
            " AND (submitted_at IS NULL) = (submitted_answer_id IS NULL)",
            name="handed_in_whole",
        ),
        CheckConstraint("state <> 'accepted' OR accepted_at IS NOT NULL", name="accepted_has_time"),
        CheckConstraint("(consent IS NULL) = (consent_at IS NULL)", name="consent_has_time"),
        Index("ix_nomination_cycle_state", "cycle_id", "state"),
        Index("ix_nomination_cycle_mission", "cycle_id", "mission_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    mission_id: Mapped[int] = mapped_column(ForeignKey("mission.id"))
    nominator_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[NominationState] = mapped_column(one_of(NominationState, "state_word"), default=NominationState.DRAFT)
    version: Mapped[int] = mapped_column()
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    endorsed_digest: Mapped[str | None]  # of the text the authority vouched for
    submitted_at: Mapped[datetime | None]  # the last hand-in
    submitted_digest: Mapped[str | None]
    submitted_answer_id: Mapped[int | None]  # revisions up to this id are what was handed in
    return_deadline: Mapped[datetime | None]  # set by a return, kept through the second endorsement
    accepted_at: Mapped[datetime | None]
    ineligible_reason: Mapped[IneligibleReason | None] = mapped_column(
        one_of(IneligibleReason, "ineligible_reason_word")
    )
    ineligible_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ineligible_confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_reason: Mapped[str | None]
    consent: Mapped[Consent | None] = mapped_column(one_of(Consent, "consent_word"))
    consent_at: Mapped[datetime | None]
    language: Mapped[str | None]  # it was written in; none: English
    nominee_name: Mapped[str] = mapped_column(default="")
    nominee_rank: Mapped[str] = mapped_column(default="")
    nominee_country: Mapped[str] = mapped_column(default="")
    nominee_service: Mapped[str] = mapped_column(default="")
    nominee_unit: Mapped[str] = mapped_column(default="")

    __mapper_args__ = {"version_id_col": version}

    cycle: Mapped[Cycle] = relationship()
    mission: Mapped[Mission] = relationship()
    nominator: Mapped[Person] = relationship(foreign_keys=[nominator_id])
    attachments: Mapped[list[Attachment]] = relationship(
        back_populates="nomination",
        primaryjoin="and_(Attachment.nomination_id == Nomination.id, Attachment.removed_at.is_(None))",
        order_by="Attachment.id",
        viewonly=True,
    )
    returns: Mapped[list[Return]] = relationship(order_by="Return.id", viewonly=True)


class Answer(Base):
    """One revision of one answer; append-only. A late one belongs to its author alone and to no digest."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("nomination_id", "field", "revision", name="uq_answer_nomination_field_revision"),
        UniqueConstraint("nomination_id", "field", "operation_id", name="uq_answer_nomination_field_operation"),
        CheckConstraint("revision > 0", name="revision_positive"),
        Index("ix_answer_nomination_by", "nomination_id", "by_id"),
        Index("ix_answer_by_nomination", "by_id", "nomination_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"))
    field: Mapped[str]
    revision: Mapped[int]
    seen_revision: Mapped[int]  # the revision the author saw when she wrote this one; 0 = none
    operation_id: Mapped[str]
    text: Mapped[str]
    late: Mapped[bool] = mapped_column(default=False)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Attachment(Base):
    """A file checked by its content. The bytes lie under FILES_DIR by their digest, never by a name people typed."""

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("size > 0", name="size_positive"),
        CheckConstraint(
            "kind <> 'supporting_letter' OR (author_name IS NOT NULL AND author_email IS NOT NULL)",
            name="letter_has_author",
        ),
        CheckConstraint("author_email = lower(author_email)", name="author_email_lower"),
        Index(
            "uq_attachment_single",
            "nomination_id",
            "kind",
            unique=True,
            sqlite_where=text("removed_at IS NULL AND kind <> 'supporting_letter'"),
            postgresql_where=text("removed_at IS NULL AND kind <> 'supporting_letter'"),
        ),
        Index("ix_attachment_author_email", "author_email"),
        Index(
            "ix_attachment_letter",
            "nomination_id",
            "author_email",
            sqlite_where=text("kind = 'supporting_letter' AND removed_at IS NULL"),
            postgresql_where=text("kind = 'supporting_letter' AND removed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"), index=True)
    kind: Mapped[AttachmentKind] = mapped_column(one_of(AttachmentKind, "kind_word"))
    filename: Mapped[str]  # as typed, for display only
    media_type: Mapped[str]
    size: Mapped[int]
    digest: Mapped[str]  # SHA-256 of the stored bytes, and their name on disk
    author_name: Mapped[str | None]
    author_email: Mapped[str | None]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    nomination: Mapped[Nomination] = relationship(back_populates="attachments")


class Endorsement(Base):
    """The nominating authority's attestations, bound to the digest of the text she read."""

    __tablename__ = "endorsement"
    __table_args__ = (
        CheckConstraint("in_active_service AND no_serious_sanction AND none_pending", name="all_attested"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    digest: Mapped[str]
    in_active_service: Mapped[bool]
    no_serious_sanction: Mapped[bool]
    none_pending: Mapped[bool]
    voided_at: Mapped[datetime | None]


class Return(Base):
    """A file sent back to its mission, with remarks and a deadline of its own."""

    __tablename__ = "return"

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"), index=True)
    remarks: Mapped[str]
    deadline: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class FileExtension(Base):
    """More time for one returned file, and why. Append-only; the file's own deadline is the newest."""

    __tablename__ = "file_extension"
    __table_args__ = (CheckConstraint("length(reason) > 0", name="has_reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"), index=True)
    until: Mapped[datetime]
    reason: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class SentBack(Base):
    """The authority's remarks to the nominator, before the file was handed in."""

    __tablename__ = "sent_back"
    __table_args__ = (CheckConstraint("length(remarks) > 0", name="has_remarks"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"), index=True)
    remarks: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class FieldRemark(Base):
    """A remark on one field, of a return by the secretariat or of a sending back by the authority."""

    __tablename__ = "field_remark"
    __table_args__ = (
        CheckConstraint("(return_id IS NULL) <> (sent_back_id IS NULL)", name="of_one_occasion"),
        CheckConstraint("length(text) > 0", name="has_text"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int | None] = mapped_column(ForeignKey("return.id"), index=True)
    sent_back_id: Mapped[int | None] = mapped_column(ForeignKey("sent_back.id"), index=True)
    field: Mapped[str]
    text: Mapped[str]


class HandIn(Base):
    """Exactly what was handed in, and when: the revisions up to `answer_id` and the attachments named. Append-only."""

    __tablename__ = "hand_in"
    __table_args__ = (Index("ix_hand_in_nomination_by", "nomination_id", "by_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"), index=True)
    digest: Mapped[str]
    answer_id: Mapped[int]
    attachments: Mapped[list[Any]]  # ids
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Translation(Base):
    """One revision of a translation that stands beside an answer. It is no part of the file's digest. Append-only."""

    __tablename__ = "translation"
    __table_args__ = (
        UniqueConstraint(
            "nomination_id", "field", "language", "revision", name="uq_translation_nomination_field_language_revision"
        ),
        CheckConstraint("revision > 0", name="revision_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"), index=True)
    field: Mapped[str]
    language: Mapped[str]
    revision: Mapped[int]
    text: Mapped[str]  # empty: taken away
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class WithdrawalRequest(Base):
    """A mission asks for a file back after the round closed. The secretariat answers it by a change of the outcome."""

    __tablename__ = "withdrawal_request"
    __table_args__ = (CheckConstraint("length(reason) > 0", name="has_reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"), unique=True)
    reason: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class ConductClearance(Base):
    """Whether the conduct database cleared the nominee: yes or no, when, under which reference; never the case itself.
    The newest counts. Append-only."""

    __tablename__ = "conduct_clearance"
    __table_args__ = (CheckConstraint("length(reference) > 0", name="has_reference"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"), index=True)
    cleared: Mapped[bool]
    on: Mapped[date] = mapped_column("cleared_on")
    reference: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Rendering(Base):
    """An attachment's pages as pictures, made by a worker, so that it can be read in the page."""

    __tablename__ = "rendering"
    __table_args__ = (CheckConstraint("state = 'waiting' OR made_at IS NOT NULL", name="ended_has_time"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"), unique=True)
    state: Mapped[RenderingState] = mapped_column(one_of(RenderingState, "rendering_word"))
    note: Mapped[str | None]  # why not, as a code
    asked_at: Mapped[datetime]
    made_at: Mapped[datetime | None]

    pages: Mapped[list[RenderedPage]] = relationship(order_by="RenderedPage.number")


class RenderedPage(Base):
    __tablename__ = "rendered_page"
    __table_args__ = (UniqueConstraint("rendering_id", "number", name="uq_rendered_page_rendering_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rendering_id: Mapped[int] = mapped_column(ForeignKey("rendering.id"))
    number: Mapped[int]  # from 1
    width: Mapped[int]  # pixels
    height: Mapped[int]
    digest: Mapped[str]  # SHA-256 of the stored picture, and its name on disk
    text: Mapped[str] = mapped_column(default="")  # as far as the page holds its words as text


class SecretariatDeclaration(Base):
    """A secretariat member's word, before screening a file, on whether she has a conflict in it. One per person and file."""

    __tablename__ = "secretariat_declaration"
    __table_args__ = (
        UniqueConstraint("nomination_id", "person_id", name="uq_secretariat_declaration_nomination_person"),
        CheckConstraint("NOT conflict OR reason IS NOT NULL", name="conflict_has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    conflict: Mapped[bool]
    reason: Mapped[str | None]
    at: Mapped[datetime]
