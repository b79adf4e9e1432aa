"""When to remind somebody of what is still open: by the calendar and the clock of the place where she is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

DAYS = (7, 1)  # before a deadline, where the cycle says nothing else; the last day is always one of them
APART = timedelta(hours=24)  # never two reminders to one person within this time
_FROM, _UNTIL = 8, 18  # hours of the reader's day in which a reminder is written
_NOON = 12


def last_day(deadline: datetime, zone: ZoneInfo) -> date:
    """The reader's day on which a reminder still helps: that of the deadline, or the one before where it falls into the
    night or the morning."""
    local = deadline.astimezone(zone)
    return local.date() if local.hour >= _NOON else local.date() - timedelta(days=1)


def days_left(deadline: datetime, now: datetime, zone: ZoneInfo) -> int:
    """Whole days of the reader until the last one; 0 on it."""
    return (last_day(deadline, zone) - now.astimezone(zone).date()).days


def is_time(deadline: datetime, now: datetime, zone: ZoneInfo, days: Collection[int] = DAYS) -> bool:
    """Whether one is reminded today, at this hour. A deadline that has passed is no longer spoken of."""
    hour = now.astimezone(zone).hour
    return now < deadline and _FROM <= hour < _UNTIL and days_left(deadline, now, zone) in {0, *days}
