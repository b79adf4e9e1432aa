"""A table's rows as lines of JSON, in the order of their keys: the same bytes from either database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import JSON, Connection, Date, LargeBinary, Table, null, select
from sqlalchemy import Enum as EnumColumn

from award_app.db import Instant

AT_ONCE = 500


def lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """One line a row. The columns stand by name, so that their order in the database does not matter."""
    found = connection.execution_options(yield_per=AT_ONCE).execute(select(table).order_by(*table.primary_key))
    for row in found.mappings():
        kept = {column.name: _plain(row[column]) for column in table.columns}
        yield json.dumps(kept, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def digest(found: Iterable[bytes]) -> tuple[int, str]:
    """How many lines, and the SHA-256 of them all."""
    count, sha = 0, hashlib.sha256()
    for line in found:
        count += 1
        sha.update(line)
    return count, sha.hexdigest()


def values(table: Table, line: bytes) -> dict[str, Any]:
    """What `lines` wrote, as the columns want it. Raises ValueError for a column the table does not have."""
    row = json.loads(line)
    unknown = set(row) - set(table.columns.keys())
    if unknown:
        raise ValueError(f"{table.name} has no column {', '.join(sorted(unknown))}")
    return {name: _typed(table.columns[name].type, value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, date | datetime) else value


def _typed(kind: Any, value: Any) -> Any:
    if value is None:
        return null() if isinstance(kind, JSON) else None
    if isinstance(kind, Instant):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, LargeBinary):
        return bytes.fromhex(value)
    if isinstance(kind, EnumColumn) and kind.enum_class is not None:
        return kind.enum_class(value)
    return value
