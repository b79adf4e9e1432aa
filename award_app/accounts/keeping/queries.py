"""What waits for a person."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from award_app.accounts.keeping.models import KeptForm
from award_app.db import db


def newest(person_id: int, path: str) -> KeptForm | None:
    """The form she sent last from this page, of those that wait."""
    wanted = select(KeptForm).where(KeptForm.person_id == person_id, KeptForm.path == path)
    return db.session.scalars(wanted.order_by(KeptForm.at.desc(), KeptForm.id.desc()).limit(1)).one_or_none()


def waiting(person_id: int) -> Sequence[KeptForm]:
    """The newest of each page, newest first."""
    rows = db.session.scalars(
        select(KeptForm).where(KeptForm.person_id == person_id).order_by(KeptForm.at.desc(), KeptForm.id.desc())
    )
    first: dict[str, KeptForm] = {}
    for row in rows:
        first.setdefault(row.path, row)
    return list(first.values())
