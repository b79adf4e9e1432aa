"""The movable clock of the demonstration: an offset kept in the database, so that all processes move together."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from flask import current_app, g, has_app_context

from award_app import clock
from award_app.cycles.models import ClockOffset
from award_app.db import db

_UNITS: Final = {"d": "days", "h": "hours", "m": "minutes"}
LONGEST: Final = timedelta(days=1000)


def parse(text: str) -> timedelta:
    """`+21d`, `6h`, `90m`. Raises ValueError. Only forward: what has happened stays before what comes."""
    found = re.fullmatch(r"\+?(\d{1,5})([dhm])", text.strip())
    if found is None:
        raise ValueError("write how far, like +21d, +6h or +90m")
    step = timedelta(**{_UNITS[found[2]]: int(found[1])})
    if not timedelta() < step <= LONGEST:
        raise ValueError("that is too far, or not at all")
    return step


def forward(step: timedelta) -> None:
    """Inside a transaction of the caller's."""
    row = db.session.get(ClockOffset, 1, with_for_update=True)
    if row is None:
        row = ClockOffset(id=1, seconds=0)
        db.session.add(row)
    row.seconds += int(step.total_seconds())
    g.pop("clock_offset", None)


def offset() -> timedelta:
    """Read once per request or task. Past the session: asking the time must neither begin nor wait for a transaction."""
    if not has_app_context() or not current_app.config.get("LAUREL_DEMO"):
        return timedelta()
    if "clock_offset" not in g:
        g.clock_offset = timedelta(seconds=_read())
    found: timedelta = g.clock_offset
    return found


def _read() -> int:
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'clock_offset'")
        if cursor.fetchone() is None:
            return 0  # not migrated yet
        cursor.execute("SELECT seconds FROM clock_offset WHERE id = 1")
        row = cursor.fetchone()
        return int(row[0]) if row else 0
    finally:
        connection.close()


def wire() -> None:
    clock.move_by(offset)
