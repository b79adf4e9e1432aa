"""The ledger of what happened: ids and codes, never names or texts, sealed into a keyed chain.

`record()` only collects; `transaction()` appends what was collected as its last statements, under one lock.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Protocol

from flask import current_app
from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column

from award_app import db as database
from award_app.db import Base, db
from award_app.domain import ledger


class LedgerEntry(Base):
    """One act. Triggers refuse to change or delete a row."""

    __tablename__ = "ledger"
    __table_args__ = (Index("ix_ledger_subject", "subject", "subject_id"),)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # empty: the service itself
    act: Mapped[str]
    subject: Mapped[str]  # the table of the thing it happened to
    subject_id: Mapped[int]
    cycle_id: Mapped[int | None] = mapped_column(ForeignKey("cycle.id"))
    detail: Mapped[dict[str, Any]]
    key_id: Mapped[str]
    seal: Mapped[bytes] = mapped_column(LargeBinary)

    @property
    def body(self) -> dict[str, object]:
        return {
            "at": self.at.isoformat(),
            "actor": self.actor_id,
            "act": self.act,
            "subject": self.subject,
            "subject_id": self.subject_id,
            "cycle": self.cycle_id,
            "detail": self.detail,
        }


class LedgerHead(Base):
    """The last row's number and seal: one row, locked while rows are appended."""

    __tablename__ = "ledger_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int]
    seal: Mapped[bytes] = mapped_column(LargeBinary)


class LedgerAnchor(Base):
    """The head as it stood at a moment that matters; stored outside too, in a file and in two letters."""

    __tablename__ = "ledger_anchor"

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int]
    seal: Mapped[bytes] = mapped_column(LargeBinary)
    reason: Mapped[str]
    cycle_id: Mapped[int | None] = mapped_column(ForeignKey("cycle.id"))
    at: Mapped[datetime]
    written_at: Mapped[datetime | None]  # when the file had it


class Thing(Protocol):
    """Anything with a table and an id; the id may come with the flush."""

    __tablename__: str

    @property
    def id(self) -> Any: ...


def record(
    act: str, thing: Thing, *, by: Thing | None, at: datetime, cycle_id: int | None = None, **detail: object
) -> None:
    """Note an act for the end of this transaction. `detail` holds codes and ids only."""
    _collected().append((act, thing, by, at, cycle_id, detail))


def verify(anchor: tuple[int, bytes] | None = None) -> ledger.Verdict:
    """Walk the whole chain in the database. Rows cut off behind the head show against `ledger_head`."""
    head = db.session.get(LedgerHead, 1)
    known = anchor or ((head.seq, head.seal) if head else None)
    return ledger.verify(_keys(), _entries(), known)


def _entries() -> Iterator[ledger.Entry]:
    """As the database has them now, whatever this session has read before; closed also where the walk ends early."""
    wanted = select(LedgerEntry).order_by(LedgerEntry.seq)
    with db.session.scalars(wanted.execution_options(yield_per=500, populate_existing=True)) as rows:
        for row in rows:
            yield ledger.Entry(row.seq, row.key_id, row.body, row.seal)


def _collected() -> list[Any]:
    rows: list[Any] = db.session().info.setdefault("ledger", [])
    return rows


def _append() -> None:
    collected = _collected()
    if not collected:
        return
    key_id = str(current_app.config["LEDGER_KEY_ID"])
    head = db.session.scalars(select(LedgerHead).with_for_update()).one()
    last = ledger.Entry(head.seq, key_id, {}, head.seal)
    for act, thing, by, at, cycle_id, detail in collected:
        row = LedgerEntry(
            at=at,
            actor_id=by.id if by else None,
            act=act,
            subject=thing.__tablename__,
            subject_id=thing.id,
            cycle_id=cycle_id,
            detail=detail,
            key_id=key_id,
        )
        after = (last.seq, last.hash) if last.seq else None
        last = ledger.next_entry(key_id, _keys()[key_id], row.body, after=after)
        row.seq, row.seal = last.seq, last.hash
        db.session.add(row)
    head.seq, head.seal = last.seq, last.hash
    db.session.flush()


def _keys() -> dict[str, bytes]:
    return {str(current_app.config["LEDGER_KEY_ID"]): str(current_app.config["LEDGER_KEY"]).encode()}


def _forget() -> None:
    _collected().clear()


database.before_commit.append(_append)
database.after_work.append(_forget)
