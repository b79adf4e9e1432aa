"""The ledger's head, stored outside: a line in a file for each anchor, and a letter to two people.

A chain with its key beside it proves nothing against whoever holds both: she makes the chain again. What she cannot make
again is a file that is kept elsewhere, and two mailboxes. Why a letter names a seal and no number: decision 12.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from itertools import count
from pathlib import Path
from typing import Final

from flask import current_app
from sqlalchemy import exists, select

from award_app import access, audit, outbox
from award_app.accounts.models import Appointment, Person
from award_app.audit import LedgerAnchor, LedgerEntry
from award_app.cycles.models import Cycle
from award_app.db import db
from award_app.domain import ledger
from award_app.domain.ledger import Break
from award_app.domain.vocabulary import AppointmentRole

DAILY: Final = "daily"
FILE: Final = "ledger.jsonl"
READERS: Final = 2  # of each letter


@dataclass(frozen=True)
class Stored:
    """One line of the file."""

    line: int
    seq: int
    seal: bytes
    reason: str
    at: str


class Unreadable(Exception):
    """A line of the file is no anchor: its number, counted from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(str(line))
        self.line = line


@dataclass(frozen=True)
class Finding:
    """`verdict` is the chain's own; `disagrees` the first line of the file that it does not meet; `missing` are anchors
    that were written, as the database says, and stand in the file no more."""

    verdict: ledger.Verdict
    stored: tuple[Stored, ...]
    disagrees: Stored | None
    missing: tuple[int, ...]

    @property
    def ok(self) -> bool:
        return self.verdict.ok and not self.missing


# --- made ------------------------------------------------------------------------------------------------------------


def daily_is_due(now: datetime) -> bool:
    """Once a day, counted in UTC, whatever happened or not."""
    midnight = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    today = exists().where(LedgerAnchor.reason == DAILY, LedgerAnchor.at >= midnight)
    return not db.session.scalar(select(today))


def ask_daily(now: datetime) -> None:
    """Of two workers that ask at the same instant both are heard: two anchors of one day do no harm."""
    if daily_is_due(now):
        audit.anchor(DAILY, at=now)


def waiting() -> bool:
    return bool(db.session.scalar(select(exists().where(LedgerAnchor.written_at.is_(None)))))


def write(now: datetime) -> int:
    """Store what was asked for, and write to its readers. Returns how many.

    The file is on disk before the transaction ends: broken off between the two, a line stands there twice, which says
    the same. Of two workers the second waits for the first and finds it done.
    """
    due = select(LedgerAnchor).where(LedgerAnchor.written_at.is_(None)).order_by(LedgerAnchor.id).with_for_update()
    found = db.session.scalars(due).all()
    if found:
        _append([_line(anchor) for anchor in found])
    for anchor in found:
        anchor.written_at = now
    for anchor in _by_seal(found):
        for person in readers(anchor):
            outbox.add("ledger_anchored", to=person, cause=f"anchor {anchor.id}", now=now, ledger_anchor_id=anchor.id)
    return len(found)


def _by_seal(found: Sequence[LedgerAnchor]) -> list[LedgerAnchor]:
    """One of each seal: one that belongs to no award year, where there is one, for everybody may read that."""
    return list({anchor.seal: anchor for anchor in sorted(found, key=lambda one: one.cycle_id is None)}.values())


def put_aside() -> None:
    """For a ledger that begins anew beside an old file: that one is kept under the name of its first free number."""
    if path().exists():
        path().rename(next(place for n in count(1) if not (place := path().with_suffix(f".{n}.jsonl")).exists()))


def begin_anew() -> int:
    """After a restore, where there is no file: with the anchors that the backup holds. Returns how many."""
    if path().exists():
        return 0
    kept = select(LedgerAnchor).where(LedgerAnchor.written_at.is_not(None)).order_by(LedgerAnchor.id)
    found = db.session.scalars(kept).all()
    if found:
        _append([_line(anchor) for anchor in found])
    return len(found)


def readers(anchor: LedgerAnchor) -> list[Person]:
    """Two people: the observers who have served longest, then the secretariat. Of an anchor that belongs to an award year
    nobody with a conflict there: that there is a letter tells that something happened."""
    roles = (AppointmentRole.OBSERVER, AppointmentRole.SECRETARIAT)
    served = select(Appointment).where(Appointment.role.in_(roles), Appointment.ended_at.is_(None))
    held = sorted(db.session.scalars(served), key=lambda one: (roles.index(one.role), one.id))
    people = dict.fromkeys(one.person for one in held if one.person.is_active and may_read(one.person, anchor))
    return list(people)[:READERS]


def may_read(person: Person, anchor: LedgerAnchor) -> bool:
    if anchor.cycle_id is None:
        return True
    return not access.kept_from(person, db.session.get_one(Cycle, anchor.cycle_id))


# --- compared --------------------------------------------------------------------------------------------------------


def compare() -> Finding:
    """Walk the chain against every anchor in the file. Raises `Unreadable`."""
    stored = tuple(read())
    verdict = audit.verify(*((one.seq, one.seal) for one in stored))
    kept = {(one.seq, one.seal) for one in stored}
    written = db.session.scalars(select(LedgerAnchor).where(LedgerAnchor.written_at.is_not(None)))
    missing = tuple(one.id for one in written if (one.seq, one.seal) not in kept)
    return Finding(verdict, stored, _first(verdict, stored), missing)


def has(seal: bytes) -> bool:
    """Whether a row of the chain carries this seal, as a letter names it. It proves something where the chain holds."""
    return bool(db.session.scalar(select(exists().where(LedgerEntry.seal == seal))))


def _first(verdict: ledger.Verdict, stored: Sequence[Stored]) -> Stored | None:
    if verdict.reason is Break.ANCHOR:
        return next((one for one in stored if one.seq == verdict.broken_at and one.seal != _seal_at(one.seq)), None)
    if verdict.reason is Break.TRUNCATED:
        return next((one for one in stored if one.seq > verdict.count), None)
    return None


def _seal_at(seq: int) -> bytes | None:
    return db.session.scalar(select(LedgerEntry.seal).where(LedgerEntry.seq == seq))


# --- the file --------------------------------------------------------------------------------------------------------


def path() -> Path:
    return Path(str(current_app.config["ANCHOR_DIR"])) / FILE


def read() -> Iterator[Stored]:
    """Every line in its order; nothing where there is no file yet. Raises `Unreadable`."""
    if not path().exists():
        return
    with path().open(encoding="ascii", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            yield _stored(number, line)


def _stored(number: int, line: str) -> Stored:
    try:
        said = json.loads(line)
        return Stored(number, int(said["seq"]), bytes.fromhex(said["seal"]), str(said["reason"]), str(said["at"]))
    except (ValueError, KeyError, TypeError):
        raise Unreadable(number) from None


def _line(anchor: LedgerAnchor) -> bytes:
    said = {
        "id": anchor.id,
        "seq": anchor.seq,
        "seal": anchor.seal.hex(),
        "reason": anchor.reason,
        "cycle": anchor.cycle_id,
        "at": anchor.at.isoformat(),
    }
    return json.dumps(said).encode() + b"\n"


def _append(lines: Sequence[bytes]) -> None:
    path().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, b"".join(lines))
        os.fsync(handle)
    finally:
        os.close(handle)
