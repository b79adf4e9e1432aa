"""The same scores count as before; whether a member is barred from a file is asked in one expression and not in seven joins.

PostgreSQL puts an anti join for each NOT EXISTS beside the others and tries their orders: planning took three times as
long as answering, and the plan that it keeps for later took a guess of one row for three hundred.
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_LETTER = "f.nomination_id = n.id AND f.kind = 'supporting_letter' AND f.removed_at IS NULL"
_BY_MEMBER = f"""
CREATE VIEW effective_scores AS
SELECT s.nomination_id, s.person_id, s.criterion_id, n.cycle_id, s.round, s.revision, s.value, s.comment, s.at
FROM nomination n
JOIN appointment m ON m.cycle_id = n.cycle_id AND m.role = 'member' AND m.ended_at IS NULL
     AND m.person_id <> n.nominator_id
JOIN score s ON s.nomination_id = n.id AND s.person_id = m.person_id AND NOT s.late
WHERE n.state = 'accepted'
  AND NOT EXISTS (SELECT 1 FROM score t WHERE t.nomination_id = s.nomination_id AND t.person_id = s.person_id
      AND t.criterion_id = s.criterion_id AND t.round = s.round AND t.revision > s.revision AND NOT t.late)
  AND NOT (
    EXISTS (SELECT 1 FROM recusal r WHERE r.nomination_id = n.id AND r.person_id = m.person_id)
    OR EXISTS (SELECT 1 FROM answer a WHERE a.nomination_id = n.id AND a.by_id = m.person_id)
    OR EXISTS (SELECT 1 FROM endorsement e WHERE e.nomination_id = n.id AND e.by_id = m.person_id)
    OR EXISTS (SELECT 1 FROM hand_in h WHERE h.nomination_id = n.id AND h.by_id = m.person_id)
    OR EXISTS (SELECT 1 FROM attachment f JOIN person p ON p.email = f.author_email
        WHERE {_LETTER} AND p.id = m.person_id)
    OR EXISTS (SELECT 1 FROM attachment f JOIN address_change c ON c.before = f.author_email
        WHERE {_LETTER} AND c.person_id = m.person_id AND c.confirmed_at IS NOT NULL)
  )
"""
_LETTER_BEFORE = "f.nomination_id = s.nomination_id AND f.kind = 'supporting_letter' AND f.removed_at IS NULL"
_BEFORE = f"""
CREATE VIEW effective_scores AS
SELECT s.nomination_id, s.person_id, s.criterion_id, n.cycle_id, s.round, s.revision, s.value, s.comment, s.at
FROM score s
JOIN nomination n ON n.id = s.nomination_id AND n.state = 'accepted'
JOIN appointment m ON m.person_id = s.person_id AND m.cycle_id = n.cycle_id
     AND m.role = 'member' AND m.ended_at IS NULL
WHERE NOT s.late
  AND NOT EXISTS (SELECT 1 FROM score t WHERE t.nomination_id = s.nomination_id AND t.person_id = s.person_id
      AND t.criterion_id = s.criterion_id AND t.round = s.round AND t.revision > s.revision AND NOT t.late)
  AND NOT EXISTS (SELECT 1 FROM recusal r WHERE r.nomination_id = s.nomination_id AND r.person_id = s.person_id)
  AND n.nominator_id <> s.person_id
  AND NOT EXISTS (SELECT 1 FROM answer a WHERE a.nomination_id = s.nomination_id AND a.by_id = s.person_id)
  AND NOT EXISTS (SELECT 1 FROM endorsement e WHERE e.nomination_id = s.nomination_id AND e.by_id = s.person_id)
  AND NOT EXISTS (SELECT 1 FROM hand_in h WHERE h.nomination_id = s.nomination_id AND h.by_id = s.person_id)
  AND NOT EXISTS (SELECT 1 FROM attachment f JOIN person p ON p.email = f.author_email
      WHERE {_LETTER_BEFORE} AND p.id = s.person_id)
  AND NOT EXISTS (SELECT 1 FROM attachment f JOIN address_change c ON c.before = f.author_email
      WHERE {_LETTER_BEFORE} AND c.person_id = s.person_id AND c.confirmed_at IS NOT NULL)
"""


def upgrade() -> None:
    _replace(_BY_MEMBER)


def downgrade() -> None:
    _replace(_BEFORE)


def _replace(definition: str) -> None:
    op.execute("DROP VIEW effective_scores")
    op.execute(definition)
