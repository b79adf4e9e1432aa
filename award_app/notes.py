"""What the ledger says about reading and refusing: noted while a request is answered, written when its work has ended.

A page that writes nothing stays so: a note is written in a short transaction of its own, after the work was committed
or rolled back and before the answer leaves. Where it cannot be written the answer does not leave either (decision 12).

Nobody can fill the ledger: the same person reading the same thing again within 15 minutes is not written again, nor is
the same refusal within a minute; of one person's refusals a hundred an hour are written. Of what is not there, or not
for her to know of, the thing does not count: one such refusal a minute, so that the time an answer takes does not tell
the two apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import Integer, Select, String, bindparam, exists, select

from award_app import audit
from award_app.audit import LedgerEntry, Thing
from award_app.db import Instant, db, transaction
from award_app.domain.vocabulary import Refusal

REFUSED: Final = "refused"
READ_AGAIN: Final = timedelta(minutes=15)
REFUSED_AGAIN: Final = timedelta(minutes=1)
REFUSALS: Final = 100  # of one person
WITHIN: Final = timedelta(hours=1)


@dataclass(frozen=True)
class About:
    """A row by its table and id, which outlive the session that loaded it."""

    __tablename__: str
    id: int


def about(thing: Thing) -> About:
    return About(thing.__tablename__, thing.id)


@dataclass(frozen=True)
class Note:
    act: str
    thing: About
    by: About | None
    at: datetime
    cycle_id: int | None
    detail: dict[str, object]


def note(
    act: str, thing: Thing, *, by: Thing | None, at: datetime, cycle_id: int | None = None, **detail: object
) -> None:
    """For the end of this request: somebody reads or takes something. Codes and ids only, as in `audit.record`."""
    _noted().append(Note(act, about(thing), about(by) if by else None, at, cycle_id, detail))


def note_refusal(
    action: str, refusal: Refusal, thing: Thing, *, by: Thing, at: datetime, cycle_id: int | None = None
) -> None:
    note(REFUSED, thing, by=by, at=at, cycle_id=cycle_id, action=action, refusal=refusal.value)


def write() -> None:
    """What was noted, unless it was said lately. Whatever this session was doing is over. Raises what the database does."""
    noted = list(_noted())
    _noted().clear()
    if not noted:
        return
    db.session.rollback()
    fresh = [one for one in noted if not _said(one)]
    db.session.rollback()  # SQLite cannot turn this reading into writing once somebody else has written
    if fresh:
        with transaction():
            for one in fresh:
                audit.record(one.act, one.thing, by=one.by, at=one.at, cycle_id=one.cycle_id, **one.detail)


def _said(one: Note) -> bool:
    if one.act == REFUSED:
        earlier = _lately(one, WITHIN, REFUSALS)
        return len(earlier) == REFUSALS or any(_same_refusal(one, row) for row in earlier)
    asked = {"thing": one.thing.__tablename__, "id": one.thing.id, "act": one.act, "since": one.at - READ_AGAIN}
    return bool(db.session.scalar(_read(one.by is None), {**asked, "by": one.by.id if one.by else None}))


@cache  # asked by every page that shows what is confidential: making the question takes longer than its answer
def _read(by_nobody: bool) -> Select[bool]:
    row = LedgerEntry
    by = row.actor_id.is_(None) if by_nobody else row.actor_id == bindparam("by", type_=Integer)
    here = (row.subject == bindparam("thing", type_=String), row.subject_id == bindparam("id", type_=Integer))
    lately = row.at > bindparam("since", type_=Instant())
    return select(exists().where(by, row.act == bindparam("act", type_=String), lately, *here))


def _lately(one: Note, ago: timedelta, most: int) -> list[tuple[Any, ...]]:
    row = LedgerEntry
    mine = (row.actor_id == (one.by.id if one.by else None), row.act == one.act, row.at > one.at - ago)
    wanted = select(row.at, row.subject, row.subject_id, row.detail).where(*mine).limit(most)
    return [tuple(found) for found in db.session.execute(wanted)]


def _same_refusal(one: Note, row: tuple[Any, ...]) -> bool:
    at, subject, subject_id, detail = row
    unknown = one.detail["refusal"] == Refusal.NOT_FOUND.value
    same_thing = unknown or (subject, subject_id) == (one.thing.__tablename__, one.thing.id)
    return same_thing and detail == one.detail and at > one.at - REFUSED_AGAIN


def _noted() -> list[Note]:
    noted: list[Note] = db.session().info.setdefault("ledger_notes", [])
    return noted
