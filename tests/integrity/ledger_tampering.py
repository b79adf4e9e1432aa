"""T20: whoever changes the ledger is found: at every row of a short chain, at random ones of a long one, in the database
column by column, without the key wherever she touches it, and with the key in all that was anchored."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import insert, text

from award_app import audit
from award_app.audit import LedgerEntry, LedgerHead
from award_app.db import db, transaction
from award_app.domain import ledger
from award_app.domain.ledger import GENESIS, Entry, next_entry, verify

KEY_ID, KEY, GUESS = "1", b"the key of the ledger", b"a guess at it"
KEYS = {KEY_ID: KEY}
ACTS = ("sign_in", "score", "hand_in", "refused", "read_result", "decide")
START = datetime(2026, 1, 5, 8, tzinfo=UTC)
ANCHORED_EVERY = 20

Rows = list[Entry]
Anchors = Sequence[tuple[int, bytes]]


@dataclass
class Found:
    """`tried` tamperings, of which `seen` were found; `unseen` says which were not."""

    tried: int = 0
    seen: int = 0
    unseen: list[str] = field(default_factory=list)

    def note(self, what: str, ok: bool) -> None:
        self.tried += 1
        self.seen += not ok
        if ok:
            self.unseen.append(what)

    def add(self, more: Found) -> None:
        self.tried, self.seen = self.tried + more.tried, self.seen + more.seen
        self.unseen += more.unseen


def body(seq: int) -> dict[str, object]:
    return {
        "at": (START + timedelta(minutes=seq)).isoformat(),
        "actor": None if seq % 7 == 0 else seq % 9 + 1,
        "act": ACTS[seq % len(ACTS)],
        "subject": "nomination",
        "subject_id": seq % 31 + 1,
        "cycle": seq % 3 or None,
        "detail": {"criteria": [seq % 5], "from": "draft"},
    }


def chain(length: int, key: bytes = KEY, rows: Sequence[Entry] = ()) -> Rows:
    """Goes on behind `rows`."""
    made = list(rows)
    for seq in range(len(made) + 1, length + 1):
        made.append(next_entry(KEY_ID, key, body(seq), after=(made[-1].seq, made[-1].hash) if made else None))
    return made


def anchors_of(rows: Sequence[Entry], every: int) -> Anchors:
    return [(row.seq, row.hash) for row in rows if row.seq % every == 0]


# --- what can be done to one row -------------------------------------------------------------------------------------


def mutations(row: Entry) -> Iterator[tuple[str, Entry]]:
    """Every field of a row as something else, and its seal broken in several ways."""
    said = dict(row.body)
    others: dict[str, object] = {
        "at": (START - timedelta(days=1)).isoformat(),
        "actor": 99,
        "act": "withdraw",
        "subject": "cycle",
        "subject_id": 999,
        "cycle": 99,
        "detail": {**row.body["detail"], "from": "accepted"},  # type: ignore[dict-item]
    }
    for name, value in others.items():
        yield f"{name} changed", replace(row, body={**said, name: value})
    for name in others:
        yield f"{name} taken out", replace(row, body={key: value for key, value in said.items() if key != name})
    yield "a field more", replace(row, body={**said, "more": 1})
    yield "another number", replace(row, seq=row.seq + 1)
    yield "another key", replace(row, key_id="2")
    yield "one bit of the seal", replace(row, hash=bytes([row.hash[0] ^ 1]) + row.hash[1:])
    yield "a short seal", replace(row, hash=row.hash[:-1])
    yield "no seal", replace(row, hash=b"")


def renumbered(rows: Sequence[Entry], first: int) -> Rows:
    return [replace(row, seq=seq) for seq, row in enumerate(rows, start=first)]


def rearrangements(rows: Sequence[Entry], i: int, partners: Sequence[int]) -> Iterator[tuple[str, Rows, int]]:
    """From row `i` on (counted from 0), as they would stand, each also with its numbers made smooth; and where the change
    begins. Taking out the last row leaves no trace but an anchor."""
    kinds = [
        ("taken out", [*rows[i + 1 :]]),
        ("doubled", [rows[i], *rows[i:]]),
        ("made up", [next_entry(KEY_ID, GUESS, body(5), after=(rows[i].seq - 1, bytes(32))), *rows[i:]]),
    ]
    kinds += [
        (f"swapped with {rows[j].seq}", [rows[j], *rows[i + 1 : j], rows[i], *rows[j + 1 :]]) for j in partners if j > i
    ]
    for kind, found in kinds:
        yield kind, found, i
        yield f"{kind} and renumbered", renumbered(found, rows[i].seq), i


def rewritten(rows: Sequence[Entry], i: int, key: bytes, until: int) -> Rows:
    """Row `i` says something else, and all behind it, up to `until`, are sealed again."""
    made: Rows = []
    after = (rows[i - 1].seq, rows[i - 1].hash) if i else None
    for row in rows[i:until]:
        said = {**row.body, "act": "withdraw"} if row.seq == rows[i].seq else row.body
        made.append(next_entry(KEY_ID, key, said, after=after))
        after = (made[-1].seq, made[-1].hash)
    return made


# --- a short chain, every row ----------------------------------------------------------------------------------------


def every_row(length: int, *, whole: bool) -> Found:
    """`whole`: the chain is walked from its beginning each time, as `flask ledger verify` does, and every row is swapped
    with every other. Else from the row that is touched, for those before it hold, and with its neighbour."""
    rows, found = chain(length), Found()
    head, anchors = (length, rows[-1].hash), anchors_of(rows, ANCHORED_EVERY)
    assert verify(KEYS, rows, head, *anchors).ok

    def holds(i: int, rest: Rows, *known: tuple[int, bytes]) -> bool:
        if whole:
            return verify(KEYS, [*rows[:i], *rest], *known).ok
        return verify(KEYS, rest, *(one for one in known if one[0] > i), after=_before(rows, i)).ok

    for i, row in enumerate(rows):
        n, partners = row.seq, range(length) if whole else [i + 1] if i + 1 < length else []
        for what, changed in mutations(row):
            found.note(f"row {n}: {what}", holds(i, [changed, *rows[i + 1 :]], head))
        for what, rest, _i in rearrangements(rows, i, partners):
            found.note(f"row {n}: {what}", holds(i, rest, head))
        found.note(f"cut off before row {n}", holds(i, [], head))
        until = length if whole else min(length, (i // ANCHORED_EVERY + 1) * ANCHORED_EVERY)
        found.note(f"made again without the key from row {n}", holds(i, rewritten(rows, i, GUESS, until)))
        if n <= anchors[-1][0]:
            again = rewritten(rows, i, KEY, until)
            assert holds(i, again)  # seals alone do not protect against whoever has the key
            found.note(f"made again with the key from row {n}", holds(i, again, *anchors))
            found.note(f"cut off before row {n}, head too", holds(i, [], *anchors))
    return found


# --- a long chain, random rows ---------------------------------------------------------------------------------------


def random_rows(length: int, times: int, seed: int, every: int = 500) -> Found:
    """The rows before the one that is touched hold, and were walked once: each walk goes on from there."""
    dice, rows, found = random.Random(seed), chain(length), Found()
    anchors = anchors_of(rows, every)
    assert verify(KEYS, rows, *anchors).ok
    for number in range(times):
        i = dice.randrange(length - 1)
        what, rest = _one(dice, rows, i, number % 5, every)
        found.note(f"row {i + 1}: {what}", verify(KEYS, rest, *_behind(anchors, i), after=_before(rows, i)).ok)
    return found


def _one(dice: random.Random, rows: Rows, i: int, kind: int, every: int) -> tuple[str, Rows]:
    """Of what follows no more is made than the next anchor needs."""
    until = min(len(rows), (i // every + 1) * every + 1)
    near = rows[:until]
    if kind == 0:
        what, changed = dice.choice(list(mutations(rows[i])))
        return what, [changed, *near[i + 1 :]]
    if kind == 1:
        partners = [dice.randrange(i + 1, until)] if i + 1 < until else []
        what, rest, _i = dice.choice(list(rearrangements(near, i, partners)))
        return what, rest
    if kind == 2:
        return "made again without the key", rewritten(rows, i, GUESS, until)
    if kind == 3:
        return "made again with the key", rewritten(rows, i, KEY, until)
    return "cut off", []


def _before(rows: Rows, i: int) -> tuple[int, bytes]:
    return (rows[i - 1].seq, rows[i - 1].hash) if i else (0, GENESIS)


def _behind(anchors: Anchors, i: int) -> Anchors:
    """The first one that can tell."""
    return [one for one in anchors if one[0] > i][:1] or list(anchors[-1:])


# --- the database ----------------------------------------------------------------------------------------------------

# Column → what somebody writes into it, and what if that stands there already.
COLUMNS: dict[str, tuple[object, object]] = {
    "seq": (100_000, 100_001),
    "at": ("2020-01-01 00:00:00.000000", "2020-01-02 00:00:00.000000"),
    "actor_id": (None, 1),
    "act": ("withdraw", "accept"),
    "subject": ("cycle", "person"),
    "subject_id": (999, 998),
    "cycle_id": (None, 1),
    "detail": ('{"criteria": [9]}', "{}"),
    "key_id": ("2", "3"),
    "seal": (bytes(32), bytes(31)),
}


def fill(app: Flask, length: int, person_id: int, cycle_id: int) -> None:
    """Rows as the service would have written them, behind those that are there."""
    key_id, key = str(app.config["LEDGER_KEY_ID"]), str(app.config["LEDGER_KEY"]).encode()
    head = db.session.get_one(LedgerHead, 1, populate_existing=True)
    last, rows = (head.seq, head.seal) if head.seq else None, []
    for number in range(length):
        at = START + timedelta(minutes=number)
        row: dict[str, Any] = {"actor_id": person_id, "act": ACTS[number % 6], "subject": "nomination"}
        row |= {"subject_id": number % 31, "cycle_id": cycle_id, "detail": {"criteria": [number % 5]}, "at": at}
        sealed = next_entry(key_id, key, LedgerEntry(**row).body, after=last)
        rows.append({**row, "seq": sealed.seq, "key_id": key_id, "seal": sealed.hash})
        last = (sealed.seq, sealed.hash)
    with transaction():
        db.session.execute(insert(LedgerEntry), rows)
        if last:
            head.seq, head.seal = last
            db.session.merge(head)


def every_column(step: int = 1) -> Found:
    """Each column of every `step`-th row written over, and rows taken out or put in, past triggers that are gone."""
    found = Found()
    length = db.session.get_one(LedgerHead, 1, populate_existing=True).seq
    db.session.rollback()
    for seq in range(1, length + 1, step):
        for column, (value, other) in COLUMNS.items():
            changed = f"UPDATE ledger SET {column} = CASE WHEN {column} IS :value THEN :other ELSE :value END"
            given = {"value": value, "other": other, "seq": seq}
            _try(found, f"row {seq}: {column}", f"{changed} WHERE seq = :seq", given)
        _try(found, f"row {seq}: taken out", "DELETE FROM ledger WHERE seq = :seq", {"seq": seq})
        _try(found, f"row {seq}: cut off", "DELETE FROM ledger WHERE seq >= :seq", {"seq": seq})
        copied = "SELECT :new, at, actor_id, act, subject, subject_id, cycle_id, detail, key_id, seal FROM ledger"
        columns = "seq, at, actor_id, act, subject, subject_id, cycle_id, detail, key_id, seal"
        doubled = f"INSERT INTO ledger ({columns}) {copied} WHERE seq = :seq"
        _try(found, f"row {seq}: doubled at the end", doubled, {"seq": seq, "new": length + 1})
    return found


def _try(found: Found, what: str, statement: str, given: dict[str, object]) -> None:
    """In a transaction that is thrown away."""
    try:
        with transaction():
            for trigger in ("ledger_refuses_update", "ledger_refuses_delete"):
                db.session.execute(text(f"DROP TRIGGER {trigger}"))
            changed = db.session.execute(text(statement), given)
            assert changed.rowcount > 0  # type: ignore[attr-defined]  # nothing was done, so nothing can be found
            found.note(what, audit.verify().ok)
            raise _Enough
    except _Enough:
        pass


class _Enough(Exception):
    pass


def seconds_to_walk() -> tuple[int, float, float]:
    """How many rows the database holds, and how long walking them takes: on the wall, and of a processor."""
    began, worked = time.perf_counter(), time.process_time()
    verdict: ledger.Verdict = audit.verify()
    took, work = time.perf_counter() - began, time.process_time() - worked
    assert verdict.ok
    db.session.rollback()
    return verdict.count, took, work
