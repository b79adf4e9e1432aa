"""What each answer said before: every revision is kept, and read here as its authors left it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import or_, select

from award_app.accounts.models import Person
from award_app.db import db
from award_app.nominations.models import Answer, Nomination

PAUSE: Final = timedelta(minutes=10)
MOST: Final = 20  # versions of one answer on a page; the newest


@dataclass(frozen=True)
class Version:
    """What one person left of an answer when she paused, or when somebody else went on. `late`: written when it was too
    late, and seen by its author alone; it is no part of the file."""

    text: str
    by: str
    at: datetime
    late: bool


def of_answers(nomination: Nomination, keys: Iterable[str], *, seen_by: Person) -> dict[str, list[Version]]:
    """Key → its versions, the oldest first; only of answers that were changed after they were first written."""
    rows = db.session.execute(
        select(Answer.field, Answer.text, Person.name, Answer.by_id, Answer.at, Answer.late)
        .join(Person, Person.id == Answer.by_id)
        .where(Answer.nomination_id == nomination.id, Answer.field.in_(list(keys)))
        .where(or_(Answer.late.is_(False), Answer.by_id == seen_by.id))
        .order_by(Answer.revision)
    )
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.field, []).append(row)
    read = {key: [_version(row) for row in _left(of_one)] for key, of_one in found.items()}
    return {key: versions for key, versions in read.items() if len(versions) > 1}


def _left(rows: list[Any]) -> list[Any]:
    """A form that saves by itself writes a row at each pause for breath: of those only the last is a version."""
    return [one for one, after in pairwise([*rows, None]) if after is None or not _went_on(one, after)]


def _went_on(one: Any, after: Any) -> bool:
    return (one.by_id, one.late) == (after.by_id, after.late) and after.at - one.at < PAUSE


def _version(row: Any) -> Version:
    return Version(row.text, row.name, row.at, row.late)
