"""Who handed a file in may not score it either, and the new histories are only added to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_BARRED = """
CREATE VIEW barred AS
SELECT n.id AS nomination_id, n.nominator_id AS person_id FROM nomination n
UNION ALL SELECT a.nomination_id, a.by_id FROM answer a
UNION ALL SELECT e.nomination_id, e.by_id FROM endorsement e
UNION ALL SELECT f.nomination_id, p.id FROM attachment f JOIN person p ON p.email = f.author_email
          WHERE f.kind = 'supporting_letter' AND f.removed_at IS NULL
"""
_HANDED_IN = """UNION ALL SELECT h.nomination_id, h.by_id FROM hand_in h
UNION ALL SELECT f.nomination_id, c.person_id FROM attachment f JOIN address_change c ON c.before = f.author_email
          WHERE f.kind = 'supporting_letter' AND f.removed_at IS NULL AND c.confirmed_at IS NOT NULL
"""  # a letter names its author by her address of that day: a new address lifts no bar

APPEND_ONLY = ("hand_in", "translation", "conduct_clearance", "moved_date", "file_extension")


def upgrade() -> None:
    _replace_barred(_BARRED + _HANDED_IN)
    _keep_what_was_handed_in()
    for table in APPEND_ONLY:
        if op.get_bind().dialect.name == "sqlite":
            for verb in ("update", "delete"):
                op.execute(
                    f"CREATE TRIGGER {table}_refuses_{verb} BEFORE {verb.upper()} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        else:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )


def _keep_what_was_handed_in() -> None:
    """A receipt for each file that was handed in before receipts were kept: its last hand-in, by who endorsed it."""
    bind = op.get_bind()
    for file in bind.execute(sa.text(_WITHOUT_RECEIPT)).mappings().all():
        by = bind.scalar(sa.text(_ENDORSED_BY), dict(file)) or file["nominator_id"]
        papers = list(bind.scalars(sa.text(_PAPERS), dict(file)))
        bind.execute(
            _RECEIPTS.insert().values(
                nomination_id=file["id"],
                digest=file["submitted_digest"],
                answer_id=file["submitted_answer_id"],
                attachments=papers,
                by_id=by,
                at=file["submitted_at"],
            )
        )


_RECEIPTS = sa.table(
    "hand_in",
    *(sa.column(name) for name in ("nomination_id", "digest", "answer_id", "by_id", "at")),
    sa.column("attachments", sa.JSON),
)
_WITHOUT_RECEIPT = """
SELECT id, nominator_id, submitted_digest, submitted_answer_id, submitted_at FROM nomination
WHERE submitted_at IS NOT NULL AND id NOT IN (SELECT nomination_id FROM hand_in) ORDER BY id
"""
_ENDORSED_BY = "SELECT by_id FROM endorsement WHERE nomination_id = :id ORDER BY id DESC LIMIT 1"
_PAPERS = """
SELECT id FROM attachment WHERE nomination_id = :id AND at <= :submitted_at
AND (removed_at IS NULL OR removed_at > :submitted_at) ORDER BY id
"""


def downgrade() -> None:
    for table in APPEND_ONLY:
        if op.get_bind().dialect.name == "sqlite":
            for verb in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_refuses_{verb}")
        else:
            op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    _replace_barred(_BARRED)


def _replace_barred(definition: str) -> None:
    """SQLite finds views by name when they are used; PostgreSQL replaces one in place, whatever rests on it."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP VIEW barred")
        op.execute(definition)
    else:
        op.execute(definition.replace("CREATE VIEW", "CREATE OR REPLACE VIEW"))
