"""the year as its people need it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "address_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR cancelled_at IS NULL", name=op.f("ck_address_change_confirmed_or_cancelled")
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_address_change_email_lower")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_address_change_asked_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_address_change_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_change")),
        sa.UniqueConstraint("ref", name=op.f("uq_address_change_ref")),
    )
    with op.batch_alter_table("address_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_address_change_person_id"), ["person_id"], unique=False)

    op.create_table(
        "cannot_finish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by_id IS NULL)", name=op.f("ck_cannot_finish_answered_by_somebody")
        ),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_cannot_finish_has_reason")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_cannot_finish_answered_by_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_cannot_finish_cycle_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_cannot_finish_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cannot_finish")),
    )
    with op.batch_alter_table("cannot_finish", schema=None) as batch_op:
        batch_op.create_index(
            "uq_cannot_finish_open",
            ["cycle_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )

    op.create_table(
        "closing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column(
            "under_quorum",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("complete OR length(reasons) > 0", name=op.f("ck_closing_under_quorum_has_reasons")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_closing_by_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_closing_cycle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing")),
        sa.UniqueConstraint("cycle_id", name=op.f("uq_closing_cycle_id")),
    )
    op.create_table(
        "extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_extension_has_reason")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_extension_by_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_extension_cycle_id")),
        sa.ForeignKeyConstraint(["mission_id"], ["mission.id"], name=op.f("fk_extension_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extension_cycle_id"), ["cycle_id"], unique=False)

    op.create_table(
        "mission_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_mission_answer_by_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_mission_answer_cycle_id")),
        sa.ForeignKeyConstraint(["mission_id"], ["mission.id"], name=op.f("fk_mission_answer_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mission_answer")),
    )
    with op.batch_alter_table("mission_answer", schema=None) as batch_op:
        batch_op.create_index(
            "uq_mission_answer_standing",
            ["cycle_id", "mission_id"],
            unique=True,
            sqlite_where=sa.text("taken_back_at IS NULL"),
            postgresql_where=sa.text("taken_back_at IS NULL"),
        )

    op.create_table(
        "moved_date",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_moved_date_has_reason")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_moved_date_by_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_moved_date_cycle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moved_date")),
    )
    with op.batch_alter_table("moved_date", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_moved_date_cycle_id"), ["cycle_id"], unique=False)

    op.create_table(
        "reminder",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reminder_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_reminder")),
    )
    op.create_table(
        "shortlist",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name=op.f("ck_shortlist_confirmed_by_somebody")
        ),
        sa.CheckConstraint("length(reasons) > 0", name=op.f("ck_shortlist_has_reasons")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_shortlist_by_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["person.id"], name=op.f("fk_shortlist_confirmed_by_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_shortlist_cycle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortlist")),
        sa.UniqueConstraint("cycle_id", "version", name="uq_shortlist_cycle_version"),
    )
    op.create_table(
        "conduct_clearance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nomination_id", sa.Integer(), nullable=False),
        sa.Column("cleared", sa.Boolean(), nullable=False),
        sa.Column("cleared_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reference) > 0", name=op.f("ck_conduct_clearance_has_reference")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_conduct_clearance_by_id")),
        sa.ForeignKeyConstraint(["nomination_id"], ["nomination.id"], name=op.f("fk_conduct_clearance_nomination_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conduct_clearance")),
    )
    with op.batch_alter_table("conduct_clearance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conduct_clearance_nomination_id"), ["nomination_id"], unique=False)

    op.create_table(
        "file_extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nomination_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_file_extension_has_reason")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_file_extension_by_id")),
        sa.ForeignKeyConstraint(["nomination_id"], ["nomination.id"], name=op.f("fk_file_extension_nomination_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_extension")),
    )
    with op.batch_alter_table("file_extension", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_file_extension_nomination_id"), ["nomination_id"], unique=False)

    op.create_table(
        "finalist",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shortlist_id", sa.Integer(), nullable=False),
        sa.Column("nomination_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["nomination_id"], ["nomination.id"], name=op.f("fk_finalist_nomination_id")),
        sa.ForeignKeyConstraint(["shortlist_id"], ["shortlist.id"], name=op.f("fk_finalist_shortlist_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finalist")),
        sa.UniqueConstraint("shortlist_id", "nomination_id", name="uq_finalist_shortlist_nomination"),
    )
    op.create_table(
        "hand_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nomination_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column(
            "attachments", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_hand_in_by_id")),
        sa.ForeignKeyConstraint(["nomination_id"], ["nomination.id"], name=op.f("fk_hand_in_nomination_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_in")),
    )
    with op.batch_alter_table("hand_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hand_in_nomination_id"), ["nomination_id"], unique=False)

    op.create_table(
        "handling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column(
            "what",
            sa.Enum(
                "held",
                "released",
                "sent_again",
                "skipped",
                name="handled_word",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("copy_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(what = 'sent_again') = (copy_id IS NOT NULL)", name=op.f("ck_handling_sent_again_has_copy")
        ),
        sa.CheckConstraint("what IN ('held', 'released') OR length(reason) > 0", name=op.f("ck_handling_has_reason")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_handling_by_id")),
        sa.ForeignKeyConstraint(["copy_id"], ["letter.id"], name=op.f("fk_handling_copy_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_handling_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handling")),
        sa.UniqueConstraint("copy_id", name=op.f("uq_handling_copy_id")),
    )
    with op.batch_alter_table("handling", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handling_letter_id"), ["letter_id"], unique=False)
        batch_op.create_index(
            "uq_handling_sent_again_once",
            ["letter_id"],
            unique=True,
            sqlite_where=sa.text("what = 'sent_again'"),
            postgresql_where=sa.text("what = 'sent_again'"),
        )

    op.create_table(
        "outcome_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("nomination_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "declined",
                "withdrawn",
                "disqualified",
                name="kind_word",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "ineligible_reason",
            sa.Enum(
                "not_serving",
                "outside_window",
                "not_police",
                "not_a_woman",
                "sanction",
                name="ineligible_reason_word",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'disqualified') = (ineligible_reason IS NOT NULL)",
            name=op.f("ck_outcome_change_disqualified_has_ground"),
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name=op.f("ck_outcome_change_confirmed_by_somebody")
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR dropped_at IS NULL", name=op.f("ck_outcome_change_confirmed_or_dropped")
        ),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_outcome_change_has_reason")),
        sa.CheckConstraint("proposed_by_id <> confirmed_by_id", name=op.f("ck_outcome_change_two_different_people")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["person.id"], name=op.f("fk_outcome_change_confirmed_by_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_outcome_change_cycle_id")),
        sa.ForeignKeyConstraint(["nomination_id"], ["nomination.id"], name=op.f("fk_outcome_change_nomination_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("fk_outcome_change_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_change")),
    )
    with op.batch_alter_table("outcome_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outcome_change_cycle_id"), ["cycle_id"], unique=False)
        batch_op.create_index(
            "uq_outcome_change_standing",
            ["nomination_id"],
            unique=True,
            sqlite_where=sa.text("dropped_at IS NULL"),
            postgresql_where=sa.text("dropped_at IS NULL"),
        )

    op.create_table(
        "score_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nomination_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["criterion_id"], ["criterion.id"], name=op.f("fk_score_draft_criterion_id")),
        sa.ForeignKeyConstraint(["nomination_id"], ["nomination.id"], name=op.f("fk_score_draft_nomination_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_score_draft_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_draft")),
        sa.UniqueConstraint("nomination_id", "person_id", "criterion_id", "round", name="uq_score_draft_sheet"),
    )
    with op.batch_alter_table("score_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_score_draft_person_id"), ["person_id"], unique=False)

    op.create_table(
        "sent_back",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nomination_id", sa.Integer(), nullable=False),
        sa.Column("remarks", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(remarks) > 0", name=op.f("ck_sent_back_has_remarks")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_sent_back_by_id")),
        sa.ForeignKeyConstraint(["nomination_id"], ["nomination.id"], name=op.f("fk_sent_back_nomination_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_back")),
    )
    with op.batch_alter_table("sent_back", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sent_back_nomination_id"), ["nomination_id"], unique=False)

    op.create_table(
        "translation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nomination_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("revision > 0", name=op.f("ck_translation_revision_positive")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_translation_by_id")),
        sa.ForeignKeyConstraint(["nomination_id"], ["nomination.id"], name=op.f("fk_translation_nomination_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_translation")),
        sa.UniqueConstraint(
            "nomination_id", "field", "language", "revision", name="uq_translation_nomination_field_language_revision"
        ),
    )
    with op.batch_alter_table("translation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_translation_nomination_id"), ["nomination_id"], unique=False)

    op.create_table(
        "withdrawal_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nomination_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_withdrawal_request_has_reason")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_withdrawal_request_by_id")),
        sa.ForeignKeyConstraint(["nomination_id"], ["nomination.id"], name=op.f("fk_withdrawal_request_nomination_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal_request")),
        sa.UniqueConstraint("nomination_id", name=op.f("uq_withdrawal_request_nomination_id")),
    )
    op.create_table(
        "field_remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=True),
        sa.Column("sent_back_id", sa.Integer(), nullable=True),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(return_id IS NULL) <> (sent_back_id IS NULL)", name=op.f("ck_field_remark_of_one_occasion")
        ),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_field_remark_has_text")),
        sa.ForeignKeyConstraint(["return_id"], ["return.id"], name=op.f("fk_field_remark_return_id")),
        sa.ForeignKeyConstraint(["sent_back_id"], ["sent_back.id"], name=op.f("fk_field_remark_sent_back_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_remark")),
    )
    with op.batch_alter_table("field_remark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_field_remark_return_id"), ["return_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_field_remark_sent_back_id"), ["sent_back_id"], unique=False)

    op.create_table(
        "rendering",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "made",
                "refused",
                name="rendering_word",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state = 'waiting' OR made_at IS NOT NULL", name=op.f("ck_rendering_ended_has_time")),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachment.id"], name=op.f("fk_rendering_attachment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rendering")),
        sa.UniqueConstraint("attachment_id", name=op.f("uq_rendering_attachment_id")),
    )
    op.create_table(
        "taking_back",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("was_released", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_taking_back_has_reason")),
        sa.ForeignKeyConstraint(["announcement_id"], ["announcement.id"], name=op.f("fk_taking_back_announcement_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_taking_back_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taking_back")),
        sa.UniqueConstraint("announcement_id", "version", name="uq_taking_back_announcement_version"),
    )
    op.create_table(
        "telling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("nomination_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["announcement_id"], ["announcement.id"], name=op.f("fk_telling_announcement_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_telling_by_id")),
        sa.ForeignKeyConstraint(["nomination_id"], ["nomination.id"], name=op.f("fk_telling_nomination_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telling")),
        sa.UniqueConstraint("nomination_id", name=op.f("uq_telling_nomination_id")),
    )
    op.create_table(
        "rendered_page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rendering_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["rendering_id"], ["rendering.id"], name=op.f("fk_rendered_page_rendering_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rendered_page")),
        sa.UniqueConstraint("rendering_id", "number", name="uq_rendered_page_rendering_number"),
    )
    op.add_column(
        "announcement",
        sa.Column(
            "results", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True
        ),
    )
    op.add_column(
        "announcement",
        sa.Column(
            "careers", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True
        ),
    )
    op.add_column("announcement", sa.Column("video_url", sa.String(), nullable=True))
    op.add_column(
        "announcement",
        sa.Column(
            "portrait", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True
        ),
    )

    op.add_column("cycle", sa.Column("called_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "cycle",
        sa.Column(
            "reminder_days",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=True,
        ),
    )

    op.add_column("mission", sa.Column("name_fr", sa.String(), nullable=True))
    op.add_column("mission", sa.Column("area_fr", sa.String(), nullable=True))

    op.add_column("nomination", sa.Column("language", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("nomination", "language")

    op.drop_column("mission", "area_fr")
    op.drop_column("mission", "name_fr")

    op.drop_column("cycle", "reminder_days")
    op.drop_column("cycle", "called_at")

    op.drop_column("announcement", "portrait")
    op.drop_column("announcement", "video_url")
    op.drop_column("announcement", "careers")
    op.drop_column("announcement", "results")

    op.drop_table("rendered_page")
    op.drop_table("telling")
    op.drop_table("taking_back")
    op.drop_table("rendering")
    with op.batch_alter_table("field_remark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_field_remark_sent_back_id"))
        batch_op.drop_index(batch_op.f("ix_field_remark_return_id"))

    op.drop_table("field_remark")
    op.drop_table("withdrawal_request")
    with op.batch_alter_table("translation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_translation_nomination_id"))

    op.drop_table("translation")
    with op.batch_alter_table("sent_back", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sent_back_nomination_id"))

    op.drop_table("sent_back")
    with op.batch_alter_table("score_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_score_draft_person_id"))

    op.drop_table("score_draft")
    with op.batch_alter_table("outcome_change", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_outcome_change_standing",
            sqlite_where=sa.text("dropped_at IS NULL"),
            postgresql_where=sa.text("dropped_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_outcome_change_cycle_id"))

    op.drop_table("outcome_change")
    with op.batch_alter_table("handling", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_handling_sent_again_once",
            sqlite_where=sa.text("what = 'sent_again'"),
            postgresql_where=sa.text("what = 'sent_again'"),
        )
        batch_op.drop_index(batch_op.f("ix_handling_letter_id"))

    op.drop_table("handling")
    with op.batch_alter_table("hand_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hand_in_nomination_id"))

    op.drop_table("hand_in")
    op.drop_table("finalist")
    with op.batch_alter_table("file_extension", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_file_extension_nomination_id"))

    op.drop_table("file_extension")
    with op.batch_alter_table("conduct_clearance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conduct_clearance_nomination_id"))

    op.drop_table("conduct_clearance")
    op.drop_table("shortlist")
    op.drop_table("reminder")
    with op.batch_alter_table("moved_date", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_moved_date_cycle_id"))

    op.drop_table("moved_date")
    with op.batch_alter_table("mission_answer", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_mission_answer_standing",
            sqlite_where=sa.text("taken_back_at IS NULL"),
            postgresql_where=sa.text("taken_back_at IS NULL"),
        )

    op.drop_table("mission_answer")
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_extension_cycle_id"))

    op.drop_table("extension")
    op.drop_table("closing")
    with op.batch_alter_table("cannot_finish", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_cannot_finish_open",
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )

    op.drop_table("cannot_finish")
    with op.batch_alter_table("address_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_address_change_person_id"))

    op.drop_table("address_change")
