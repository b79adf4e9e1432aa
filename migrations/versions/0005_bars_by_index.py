"""The same scores count as before; each part of a bar is asked by itself, so that an index can answer it.

`barred` keeps its meaning and its readers. Inside `effective_scores` its parts stand one by one: PostgreSQL reads the
joined parts of a UNION ALL whole for every score, and guesses one row where the newest revision is a subquery.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_COUNTING = """
CREATE VIEW effective_scores AS
SELECT s.nomination_id, s.person_id, s.criterion_id, n.cycle_id, s.round, s.revision, s.value, s.comment, s.at
FROM score s
JOIN nomination n ON n.id = s.nomination_id AND n.state = 'accepted'
JOIN appointment m ON m.person_id = s.person_id AND m.cycle_id = n.cycle_id
     AND m.role = 'member' AND m.ended_at IS NULL
WHERE NOT s.late
"""
_NEWEST = """
  AND NOT EXISTS (SELECT 1 FROM score t WHERE t.nomination_id = s.nomination_id AND t.person_id = s.person_id
      AND t.criterion_id = s.criterion_id AND t.round = s.round AND t.revision > s.revision AND NOT t.late)
"""
_NEWEST_BEFORE = """
  AND s.revision = (SELECT max(t.revision) FROM score t WHERE t.nomination_id = s.nomination_id
      AND t.person_id = s.person_id AND t.criterion_id = s.criterion_id AND t.round = s.round AND NOT t.late)
"""
_NOT_RECUSED = """
  AND NOT EXISTS (SELECT 1 FROM recusal r WHERE r.nomination_id = s.nomination_id AND r.person_id = s.person_id)
"""
_NOT_BARRED_BEFORE = """
  AND NOT EXISTS (SELECT 1 FROM barred b WHERE b.nomination_id = s.nomination_id AND b.person_id = s.person_id)
"""
_LETTER = "f.nomination_id = s.nomination_id AND f.kind = 'supporting_letter' AND f.removed_at IS NULL"
_NOT_BARRED = f"""
  AND n.nominator_id <> s.person_id
  AND NOT EXISTS (SELECT 1 FROM answer a WHERE a.nomination_id = s.nomination_id AND a.by_id = s.person_id)
  AND NOT EXISTS (SELECT 1 FROM endorsement e WHERE e.nomination_id = s.nomination_id AND e.by_id = s.person_id)
  AND NOT EXISTS (SELECT 1 FROM hand_in h WHERE h.nomination_id = s.nomination_id AND h.by_id = s.person_id)
  AND NOT EXISTS (SELECT 1 FROM attachment f JOIN person p ON p.email = f.author_email
      WHERE {_LETTER} AND p.id = s.person_id)
  AND NOT EXISTS (SELECT 1 FROM attachment f JOIN address_change c ON c.before = f.author_email
      WHERE {_LETTER} AND c.person_id = s.person_id AND c.confirmed_at IS NOT NULL)
"""
_LETTERS = text("kind = 'supporting_letter' AND removed_at IS NULL")


def upgrade() -> None:
    op.create_index("ix_answer_by_nomination", "answer", ["by_id", "nomination_id"])
    op.create_index("ix_hand_in_nomination_by", "hand_in", ["nomination_id", "by_id"])
    op.create_index("ix_address_change_before", "address_change", ["before"])
    op.create_index(
        "ix_attachment_letter",
        "attachment",
        ["nomination_id", "author_email"],
        sqlite_where=_LETTERS,
        postgresql_where=_LETTERS,
    )
    _replace(_COUNTING + _NEWEST + _NOT_RECUSED + _NOT_BARRED)


def downgrade() -> None:
    _replace(_COUNTING + _NEWEST_BEFORE + _NOT_RECUSED + _NOT_BARRED_BEFORE)
    op.drop_index("ix_attachment_letter", "attachment")
    op.drop_index("ix_address_change_before", "address_change")
    op.drop_index("ix_hand_in_nomination_by", "hand_in")
    op.drop_index("ix_answer_by_nomination", "answer")


def _replace(definition: str) -> None:
    op.execute("DROP VIEW effective_scores")
    op.execute(definition)
