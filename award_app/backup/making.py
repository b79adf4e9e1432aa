"""A backup while the service runs: one snapshot of all tables, then every file those rows name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import Connection, text

from award_app.backup import archive, rows
from award_app.db import Base, db
from award_app.nominations import storage


def make(path: Path, *, now: datetime) -> archive.Manifest:
    """Write the whole service to `path`. Files are on disk before the rows that name them, so a snapshot's files are
    there, whatever comes in meanwhile. Raises Damaged where a stored file is missing or is not what its name says."""
    with db.engine.connect() as connection:
        snapshot = connection
        if db.engine.dialect.name == "postgresql":
            snapshot = connection.execution_options(isolation_level="REPEATABLE READ")
        revision = str(snapshot.execute(text("SELECT version_num FROM alembic_version")).scalar_one())
        manifest = archive.Manifest(revision, now.isoformat())
        with archive.writing(path, manifest, key()) as writer:
            for table in Base.metadata.sorted_tables:
                writer.table(table.name, rows.lines(snapshot, table))
            for digest in sorted(set(_named(snapshot))):
                stored = storage.path_of(digest)
                if not stored.exists():
                    raise archive.Damaged(f"the stored file {digest} is missing")
                writer.file(digest, stored)
    return manifest


def key() -> bytes:
    return str(current_app.config["LEDGER_KEY"]).encode()


def _named(connection: Connection) -> Iterator[str]:
    """The digests of every file a row names: attachments, their pages, portraits."""
    tables = Base.metadata.tables
    for table in ("attachment", "rendered_page"):
        yield from connection.execute(tables[table].select().with_only_columns(tables[table].c.digest)).scalars()
    portraits = tables["announcement"].c.portrait
    for portrait in connection.execute(tables["announcement"].select().with_only_columns(portraits)).scalars():
        if portrait and portrait.get("digest"):
            yield portrait["digest"]
