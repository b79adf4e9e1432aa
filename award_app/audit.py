"""The ledger of what happened: ids and codes, never names or texts, sealed into a keyed chain.

`record()` only collects; `transaction()` appends what was collected as its last statements, under one lock. `anchor()`
asks in the same way for the head to be stored outside. What is written about reading and refusing: award_app/notes.py.
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
    __table_args__ = (
        Index("ix_ledger_subject", "subject", "subject_id"),
        Index("ix_ledger_actor", "actor_id", "at"),
        Index("ix_ledger_at", "at", "seq"),
    )

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
        return _body(self.at, self.actor_id, self.act, self.subject, self.subject_id, self.cycle_id, self.detail)


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


class LedgerCheck(Base):
    """When the chain was walked last, and what came of it: one row, for the page; a walk takes seconds."""

    __tablename__ = "ledger_check"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    ok: Mapped[bool]
    rows: Mapped[int]
    broken_at: Mapped[int | None]
    reason: Mapped[str | None]


class Thing(Protocol):
    """Anything with a table and an id; the id may come with the flush."""

    @property
    def __tablename__(self) -> str: ...

    @property
    def id(self) -> Any: ...


def record(
    act: str, thing: Thing, *, by: Thing | None, at: datetime, cycle_id: int | None = None, **detail: object
) -> None:
    """Note an act for the end of this transaction. `detail` holds codes and ids only."""
    _collected().append((act, thing, by, at, cycle_id, detail))


def anchor(reason: str, *, at: datetime, cycle_id: int | None = None) -> None:
    """Ask for the head to be stored outside, as it stands when this transaction ends: its own rows are under it."""
    _anchors().append((reason, at, cycle_id))


def verify(*anchors: tuple[int, bytes]) -> ledger.Verdict:
    """Walk the whole chain in the database. Rows cut off behind the head show against `ledger_head`."""
    head = db.session.get(LedgerHead, 1, populate_existing=True)
    known = [(head.seq, head.seal)] if head and head.seq else []
    return ledger.verify(_keys(), _entries(), *known, *anchors)


def _entries() -> Iterator[ledger.Entry]:
    """As the database has them now, whatever this session has read before; closed also where the walk ends early."""
    row = LedgerEntry
    wanted = select(row.seq, row.key_id, row.seal, *_SEALED).order_by(row.seq)
    with db.session.execute(wanted.execution_options(yield_per=500)) as rows:
        for seq, key_id, seal, *sealed in rows:
            yield ledger.Entry(seq, key_id, _body(*sealed), seal)


# What is sealed of a row, in the order of `_body`.
_SEALED = (
    LedgerEntry.at,
    LedgerEntry.actor_id,
    LedgerEntry.act,
    LedgerEntry.subject,
    LedgerEntry.subject_id,
    LedgerEntry.cycle_id,
    LedgerEntry.detail,
)


def _body(
    at: datetime,
    actor_id: int | None,
    act: str,
    subject: str,
    subject_id: int,
    cycle_id: int | None,
    detail: dict[str, Any],
) -> dict[str, object]:
    return {
        "at": at.isoformat(),
        "actor": actor_id,
        "act": act,
        "subject": subject,
        "subject_id": subject_id,
        "cycle": cycle_id,
        "detail": detail,
    }


def _collected() -> list[Any]:
    rows: list[Any] = db.session().info.setdefault("ledger", [])
    return rows


def _anchors() -> list[tuple[str, datetime, int | None]]:
    asked: list[tuple[str, datetime, int | None]] = db.session().info.setdefault("ledger_anchors", [])
    return asked


def _append() -> None:
    if not _collected() and not _anchors():
        return
    head = db.session.scalars(select(LedgerHead).with_for_update().execution_options(populate_existing=True)).one()
    _append_rows(head)
    for reason, at, cycle_id in _anchors():
        if head.seq:  # of nothing there is nothing to store
            db.session.add(LedgerAnchor(seq=head.seq, seal=head.seal, reason=reason, cycle_id=cycle_id, at=at))
    db.session.flush()


def _append_rows(head: LedgerHead) -> None:
    key_id = str(current_app.config["LEDGER_KEY_ID"])
    last = ledger.Entry(head.seq, key_id, {}, head.seal)
    for act, thing, by, at, cycle_id, detail in _collected():
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


def _keys() -> dict[str, bytes]:
    return {str(current_app.config["LEDGER_KEY_ID"]): str(current_app.config["LEDGER_KEY"]).encode()}


def _forget() -> None:
    _collected().clear()
    _anchors().clear()


database.before_commit.append(_append)
database.after_work.append(_forget)
