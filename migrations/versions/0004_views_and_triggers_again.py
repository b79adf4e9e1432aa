"""Who handed a file in may not score it either, and the new histories are only added to."""

from __future__ import annotations

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
