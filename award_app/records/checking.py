"""The chain is walked by a worker now and then, and the page says when and what came of it: a walk takes seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, or_, select, true

from award_app import access
from award_app.accounts.models import Person
from award_app.audit import LedgerAnchor, LedgerCheck
from award_app.db import db
from award_app.records import anchors
from award_app.selection.models import Decision

EVERY: Final = timedelta(minutes=15)
UNREADABLE: Final = "unreadable"
MISSING: Final = "missing"


@dataclass(frozen=True)
class State:
    """What the page says. `anchored` is the newest anchor this reader may know of."""

    check: LedgerCheck | None
    anchored: datetime | None


def due(now: datetime) -> bool:
    last = db.session.scalar(select(LedgerCheck.at))
    return last is None or not now - EVERY < last <= now


def walk() -> LedgerCheck:
    """Against every anchor in the file; a file that cannot be read or lacks a line is a break too. It only reads."""
    try:
        said = anchors.compare()
    except anchors.Unreadable as error:
        return LedgerCheck(ok=False, rows=0, broken_at=error.line, reason=UNREADABLE)
    verdict = said.verdict
    reason = verdict.reason.value if verdict.reason else (MISSING if said.missing else None)
    return LedgerCheck(ok=said.ok, rows=verdict.count, broken_at=verdict.broken_at, reason=reason)


def keep(found: LedgerCheck, now: datetime) -> None:
    found.id, found.at = 1, now
    db.session.merge(found)


def state(person: Person) -> State:
    """One statement. An anchor made at a decision or a release tells that there was one."""
    known = or_(
        LedgerAnchor.cycle_id.is_(None),
        LedgerAnchor.cycle_id.in_(
            select(Decision.cycle_id).where(Decision.cycle_id.not_in(access.cycles_kept_from(person)))
        ),
    )
    anchored = select(func.max(LedgerAnchor.at)).where(LedgerAnchor.written_at.is_not(None), known)
    row = db.session.execute(
        select(LedgerCheck, anchored.scalar_subquery()).select_from(select(1).subquery()).outerjoin(LedgerCheck, true())
    ).one()
    return State(row[0], row[1])
