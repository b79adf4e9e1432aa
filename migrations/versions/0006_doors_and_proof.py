"""Second factors, sessions that can be named and ended, forgotten passwords, kept forms, anchors of the ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "authenticator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_authenticator_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authenticator")),
    )
    op.create_index(op.f("ix_authenticator_person_id"), "authenticator", ["person_id"], unique=False)
    op.create_index(
        "uq_authenticator_running",
        "authenticator",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL AND confirmed_at IS NOT NULL"),
        postgresql_where=sa.text("removed_at IS NULL AND confirmed_at IS NOT NULL"),
    )
    op.create_index(
        "uq_authenticator_begun",
        "authenticator",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL AND confirmed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL AND confirmed_at IS NULL"),
    )

    op.create_table(
        "factor_reset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name=op.f("ck_factor_reset_confirmed_by_whom")
        ),
        sa.CheckConstraint("asked_by_id <> person_id", name=op.f("ck_factor_reset_asked_for_another")),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR cancelled_at IS NULL", name=op.f("ck_factor_reset_confirmed_or_cancelled")
        ),
        sa.CheckConstraint(
            "confirmed_by_id <> asked_by_id AND confirmed_by_id <> person_id", name=op.f("ck_factor_reset_two_people")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_factor_reset_asked_by_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["person.id"], name=op.f("fk_factor_reset_confirmed_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_factor_reset_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factor_reset")),
        sa.UniqueConstraint("ref", name=op.f("uq_factor_reset_ref")),
    )
    op.create_index(op.f("ix_factor_reset_person_id"), "factor_reset", ["person_id"], unique=False)
    op.create_index(
        "uq_factor_reset_open",
        "factor_reset",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("confirmed_at IS NULL AND cancelled_at IS NULL"),
        postgresql_where=sa.text("confirmed_at IS NULL AND cancelled_at IS NULL"),
    )

    op.create_table(
        "forgotten_password",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forgotten_password")),
    )
    op.create_table(
        "half_sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("challenge", sa.String(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_half_sign_in_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_half_sign_in")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_half_sign_in_token_digest")),
    )
    op.create_index(op.f("ix_half_sign_in_person_id"), "half_sign_in", ["person_id"], unique=False)

    op.create_table(
        "kept_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column(
            "fields", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_kept_form_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_form")),
    )
    op.create_index("ix_kept_form_person_id_path", "kept_form", ["person_id", "path"], unique=False)

    op.create_table(
        "ledger_anchor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_ledger_anchor_cycle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_anchor")),
    )
    op.create_table(
        "ledger_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("broken_at", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_ledger_check_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_check")),
    )
    op.create_index("ix_ledger_actor", "ledger", ["actor_id", "at"], unique=False)
    op.create_index("ix_ledger_at", "ledger", ["at", "seq"], unique=False)

    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_passkey_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_passkey_ref")),
    )
    op.create_index(op.f("ix_passkey_person_id"), "passkey", ["person_id"], unique=False)

    op.create_table(
        "password_reset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "spent_at IS NULL OR cancelled_at IS NULL", name=op.f("ck_password_reset_spent_or_cancelled")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_password_reset_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_reset")),
        sa.UniqueConstraint("ref", name=op.f("uq_password_reset_ref")),
    )
    op.create_index(op.f("ix_password_reset_person_id"), "password_reset", ["person_id"], unique=False)

    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("digest", name=op.f("uq_recovery_code_digest")),
    )
    op.create_index(op.f("ix_recovery_code_person_id"), "recovery_code", ["person_id"], unique=False)

    op.add_column("sign_in", sa.Column("ref", sa.String(), nullable=True))
    op.add_column("sign_in", sa.Column("second_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sign_in", sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sign_in", sa.Column("browser", sa.String(), nullable=True))
    op.add_column("sign_in", sa.Column("challenge", sa.String(), nullable=True))
    op.add_column("sign_in", sa.Column("ended_why", sa.String(), nullable=True))
    op.create_index("uq_sign_in_ref", "sign_in", ["ref"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_sign_in_ref", "sign_in")
    for column in ("ended_why", "challenge", "browser", "proved_at", "second_at", "ref"):
        op.drop_column("sign_in", column)
    op.drop_index("ix_ledger_at", "ledger")
    op.drop_index("ix_ledger_actor", "ledger")
    op.drop_table("ledger_check")
    for table in (
        "recovery_code",
        "password_reset",
        "passkey",
        "ledger_anchor",
        "kept_form",
        "half_sign_in",
        "forgotten_password",
    ):
        op.drop_table(table)
    op.drop_table("factor_reset")
    op.drop_table("authenticator")
