"""The only place that asks the time. In the demonstration an offset kept in the database moves all processes together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

_offset: Callable[[], timedelta] = timedelta
_standing_at: datetime | None = None


def now() -> datetime:
    """This moment as an aware datetime in UTC, without microseconds (the ledger and the databases agree on seconds)."""
    return moved(untouched())


def untouched() -> datetime:
    """This moment by the machine's clock. It asks no database: for noting when a request arrived."""
    return _standing_at or datetime.now(UTC)


def moved(instant: datetime) -> datetime:
    """What `now()` said, or would have said, at that instant of the machine's clock."""
    return (instant + _offset()).replace(microsecond=0)


def move_by(source: Callable[[], timedelta]) -> None:
    """Take the offset from `source`; only the demonstration calls this."""
    global _offset
    _offset = source


def stand_at(instant: datetime) -> None:
    """From now on this process stands still at `instant`; only the demonstration's postman calls this."""
    global _standing_at
    _standing_at = instant
