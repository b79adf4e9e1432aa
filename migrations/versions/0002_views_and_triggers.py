"""Views that say who may count, and triggers that keep history as it was.

A batch change on SQLite drops a table's triggers: a migration that alters one of these tables creates them again, and
tests/migrations lists them after every upgrade.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Conflict rule 5. UNION ALL, so that a condition on the file reaches each part.
BARRED = """
CREATE VIEW barred AS
SELECT n.id AS nomination_id, n.nominator_id AS person_id FROM nomination n
UNION ALL SELECT a.nomination_id, a.by_id FROM answer a
UNION ALL SELECT e.nomination_id, e.by_id FROM endorsement e
UNION ALL SELECT f.nomination_id, p.id FROM attachment f JOIN person p ON p.email = f.author_email
          WHERE f.kind = 'supporting_letter' AND f.removed_at IS NULL
"""

EFFECTIVE_SCORES = """
CREATE VIEW effective_scores AS
SELECT s.nomination_id, s.person_id, s.criterion_id, n.cycle_id, s.round, s.revision, s.value, s.comment, s.at
FROM score s
JOIN nomination n ON n.id = s.nomination_id AND n.state = 'accepted'
JOIN appointment m ON m.person_id = s.person_id AND m.cycle_id = n.cycle_id
     AND m.role = 'member' AND m.ended_at IS NULL
WHERE NOT s.late
  AND s.revision = (SELECT max(t.revision) FROM score t WHERE t.nomination_id = s.nomination_id
      AND t.person_id = s.person_id AND t.criterion_id = s.criterion_id AND t.round = s.round AND NOT t.late)
  AND NOT EXISTS (SELECT 1 FROM recusal r WHERE r.nomination_id = s.nomination_id AND r.person_id = s.person_id)
  AND NOT EXISTS (SELECT 1 FROM barred b WHERE b.nomination_id = s.nomination_id AND b.person_id = s.person_id)
"""

# Alembic does not write expression indexes for SQLite by itself.
ONE_ACTIVE_APPOINTMENT = """
CREATE UNIQUE INDEX uq_appointment_active
ON appointment (person_id, role, coalesce(cycle_id, 0), coalesce(mission_id, 0)) WHERE ended_at IS NULL
"""

APPEND_ONLY = ("ledger", "answer", "score")

_STANDS_OUT = """
EXISTS (SELECT 1 FROM recusal r WHERE r.nomination_id = NEW.nomination_id AND r.person_id = NEW.person_id)
OR EXISTS (SELECT 1 FROM barred b WHERE b.nomination_id = NEW.nomination_id AND b.person_id = NEW.person_id)
"""


def upgrade() -> None:
    op.execute(ONE_ACTIVE_APPOINTMENT)
    op.execute(BARRED)
    op.execute(EFFECTIVE_SCORES)
    if op.get_bind().dialect.name == "sqlite":
        _sqlite_triggers()
    else:
        _postgresql_triggers()
    op.execute("INSERT INTO ledger_head (id, seq, seal) VALUES (1, 0, '')")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for verb in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_refuses_{verb}")
        op.execute("DROP TRIGGER score_refuses_conflict")
    else:
        for table in APPEND_ONLY:
            op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        op.execute("DROP TRIGGER score_refuses_conflict ON score")
        op.execute("DROP FUNCTION refuse_change()")
        op.execute("DROP FUNCTION refuse_conflicted_score()")
    op.execute("DROP VIEW effective_scores")
    op.execute("DROP VIEW barred")
    op.execute("DROP INDEX uq_appointment_active")
    op.execute("DELETE FROM ledger_head")


def _sqlite_triggers() -> None:
    for table in APPEND_ONLY:
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{verb} BEFORE {verb.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    op.execute(
        f"CREATE TRIGGER score_refuses_conflict BEFORE INSERT ON score WHEN {_STANDS_OUT} "
        "BEGIN SELECT RAISE(ABORT, 'score by a recused or barred member'); END"
    )


def _postgresql_triggers() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    op.execute(
        f"CREATE FUNCTION refuse_conflicted_score() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {_STANDS_OUT} THEN "
        "RAISE EXCEPTION 'score by a recused or barred member' USING ERRCODE = 'integrity_constraint_violation'; "
        "END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER score_refuses_conflict BEFORE INSERT ON score FOR EACH ROW EXECUTE FUNCTION refuse_conflicted_score()"
    )
