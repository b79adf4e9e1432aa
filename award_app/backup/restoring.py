"""Back from a backup into an empty database, and proof that all of it is there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, inspect, select, text, update

from award_app import audit
from award_app.accounts.models import SignIn
from award_app.audit import LedgerHead
from award_app.backup import archive, rows
from award_app.backup.making import key
from award_app.db import Base, db, transaction
from award_app.domain.vocabulary import LetterState
from award_app.nominations import storage
from award_app.notifications.models import Letter
from award_app.records import anchors

AT_ONCE = 500
SEEDED = frozenset({"ledger_head"})  # migrations put a row there


class NotPossible(Exception):
    """The message says why nothing was restored."""


@dataclass(frozen=True)
class Restored:
    manifest: archive.Manifest
    ledger_rows: int
    held_letters: int
    ended_sessions: int


def restore(path: Path, *, now: datetime) -> Restored:
    """Check the backup, fill the empty database and the files' folder from it, and compare both with it row by row.

    Letters that were still to be sent are held: they may have gone out since. Nobody stays signed in. Raises Damaged
    before anything is written; NotPossible where the database is not empty, the ledger's chain does not hold, or what
    was written is not what the backup says (then the database is left as it is, to be looked at).
    """
    from flask_migrate import upgrade  # see award_app/migrating.py

    manifest = archive.check(path, key())
    _require_empty()
    upgrade(revision=manifest.revision)
    for digest, content in archive.read_files(path):
        storage.store(content)
        if not storage.path_of(digest).exists():
            raise NotPossible(f"the file {digest} was written as something else")
    with db.engine.begin() as connection, _unguarded(connection):
        for table in Base.metadata.sorted_tables:
            if table.name in manifest.tables:
                _fill(connection, table, archive.read_table(path, table.name))
        _set_sequences(connection)
    _compare(manifest)
    verdict = audit.verify()
    if not verdict.ok:
        raise NotPossible(f"the ledger's chain breaks at row {verdict.broken_at}: is LEDGER_KEY the same?")
    db.session.rollback()
    upgrade()
    held, ended = _make_safe(now)
    return Restored(manifest, verdict.count, held, ended)


def _require_empty() -> None:
    """A restore never writes over what is there."""
    there = set(inspect(db.engine).get_table_names())
    with db.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name in there and table.name not in SEEDED and connection.execute(select(table).limit(1)).first():
                raise NotPossible(f"the database is not empty: {table.name} has rows. Name a new one in DATABASE_URL")


def _fill(connection: Connection, table: Table, lines: Iterable[bytes]) -> None:
    connection.execute(table.delete())
    found = (rows.values(table, line) for line in lines)
    while some := list(islice(found, AT_ONCE)):
        for row in some:  # one by one: an SQL NULL in a JSON column cannot stand in a list of parameters
            connection.execute(table.insert().values(row))


@contextmanager
def _unguarded(connection: Connection) -> Iterator[None]:
    """A score that was given before its author stepped out is history: the trigger that refuses new ones waits."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE score DISABLE TRIGGER USER"))
        yield
        connection.execute(text("ALTER TABLE score ENABLE TRIGGER USER"))
        return
    wanted = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'score'")
    triggers = connection.execute(wanted).all()
    for name, _sql in triggers:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for _name, sql in triggers:
        connection.exec_driver_sql(sql)


def _set_sequences(connection: Connection) -> None:
    """PostgreSQL counts beside the rows; the next one must not meet an old number."""
    if connection.dialect.name != "postgresql":
        return
    for table in Base.metadata.sorted_tables:
        column = table.autoincrement_column
        sequence = column is not None and connection.scalar(
            select(func.pg_get_serial_sequence(f'"{table.name}"', column.name))
        )
        if sequence and column is not None:
            last = connection.scalar(select(func.max(column)))
            connection.execute(select(func.setval(sequence, last or 1, last is not None)))


def _compare(manifest: archive.Manifest) -> None:
    for name, wanted in digests(only=manifest.tables).items():
        if wanted != manifest.tables[name]:
            raise NotPossible(f"the table {name} is not what the backup holds")
    for digest in manifest.files:
        with storage.path_of(digest).open("rb") as content:
            if hashlib.file_digest(content, "sha256").hexdigest() != digest:
                raise NotPossible(f"the file {digest} is not what the backup holds")


def digests(only: Iterable[str] | None = None) -> dict[str, tuple[int, str]]:
    """Table → rows and SHA-256, as the database stands now."""
    wanted = None if only is None else set(only)
    with db.engine.connect() as connection:
        return {
            table.name: rows.digest(rows.lines(connection, table))
            for table in Base.metadata.sorted_tables
            if wanted is None or table.name in wanted
        }


def _make_safe(now: datetime) -> tuple[int, int]:
    with transaction():
        open_letters = Letter.state.in_((LetterState.WAITING, LetterState.SENDING))
        hold = update(Letter).where(open_letters).values(state=LetterState.HELD, note="restored")
        end = update(SignIn).where(SignIn.ended_at.is_(None)).values(ended_at=now)
        held, ended = (_count(db.session.execute(statement)) for statement in (hold, end))
        head = db.session.get_one(LedgerHead, 1)
        anchors.begin_anew()
        audit.record("restore", head, by=None, at=now, held_letters=held, ended_sessions=ended)
    return held, ended


def _count(result: Any) -> int:
    return int(result.rowcount)
