"""Forms that came too late for their session are kept for the person it was, and thrown away in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import CursorResult, Select, delete, select

from award_app.accounts.keeping.models import KeptForm
from award_app.db import db

KEPT_FOR: Final = timedelta(days=30)
MOST: Final = 30  # forms of one person; the oldest make way
LONGEST: Final = 400_000  # characters of one form, names included
MOST_FIELDS: Final = 2_000

Fields = Sequence[tuple[str, str]]


def keep(person_id: int, fields: Fields, *, path: str, action: str, now: datetime) -> KeptForm | None:
    """None where it is too much to keep. The same form sent twice is kept once."""
    if len(fields) > MOST_FIELDS or sum(len(name) + len(value) for name, value in fields) > LONGEST:
        return None
    rows = [[name.replace("\x00", ""), value.replace("\x00", "")] for name, value in fields]
    earlier = db.session.scalars(_of(person_id).order_by(KeptForm.id)).all()
    for same in (one for one in earlier if (one.action, one.fields) == (action, rows)):
        same.at, same.path = now, path
        return same
    for oldest in earlier[: max(0, len(earlier) - MOST + 1)]:
        db.session.delete(oldest)
    kept = KeptForm(person_id=person_id, path=path, action=action, fields=rows, at=now)
    db.session.add(kept)
    db.session.flush()
    return kept


def sent(person_id: int, action: str) -> int:
    """The form went through: nothing of it is offered again."""
    return _gone(delete(KeptForm).where(KeptForm.person_id == person_id, KeptForm.action == action))


def throw_away(person_id: int, number: int) -> str | None:
    """Hers alone. Returns the page of the form; None where she has none of that number."""
    kept = db.session.scalars(_of(person_id).where(KeptForm.id == number)).one_or_none()
    if kept is None:
        return None
    db.session.delete(kept)
    return kept.path


def purge(*, now: datetime) -> int:
    return _gone(delete(KeptForm).where(KeptForm.at < now - KEPT_FOR))


def _of(person_id: int) -> Select[KeptForm]:
    return select(KeptForm).where(KeptForm.person_id == person_id)


def _gone(statement: Any) -> int:
    return cast("CursorResult[Any]", db.session.execute(statement)).rowcount
