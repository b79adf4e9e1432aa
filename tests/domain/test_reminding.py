"""A reminder comes at a decent hour of the reader's own day, some days before and on the last day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from award_app.domain.reminding import days_left, is_time, last_day


def _at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


# Deadline (UTC), zone, the last day on which a reminder still helps.
LAST = [
    # In the evening and at noon: the day itself.
    ("2026-03-15T22:00", "UTC", "2026-03-15"),
    ("2026-03-15T12:00", "UTC", "2026-03-15"),
    # In the morning or the night: the day before.
    ("2026-03-15T11:59", "UTC", "2026-03-14"),
    ("2026-03-15T00:00", "UTC", "2026-03-14"),
    # The same instant is the evening of one day and the night of the next.
    ("2026-03-15T22:00", "Etc/GMT+12", "2026-03-14"),
    ("2026-03-15T22:00", "Asia/Kathmandu", "2026-03-15"),
    ("2026-03-15T22:00", "Pacific/Kiritimati", "2026-03-16"),
    # Over the change of clocks and the end of the year.
    ("2026-03-29T10:30", "Europe/Oslo", "2026-03-29"),
    ("2027-01-01T05:00", "UTC", "2026-12-31"),
]


@pytest.mark.parametrize(("deadline", "zone", "day"), LAST)
def test_the_last_day_is_the_readers(deadline: str, zone: str, day: str) -> None:
    assert last_day(_at(deadline), ZoneInfo(zone)) == date.fromisoformat(day)


DEADLINE = _at("2026-03-15T21:00")
# Now (UTC), zone, whether one is reminded now.
TIMES = [
    ("2026-03-08T09:00", "UTC", True),
    ("2026-03-14T09:00", "UTC", True),
    ("2026-03-15T09:00", "UTC", True),
    # Other days.
    ("2026-03-07T09:00", "UTC", False),
    ("2026-03-09T09:00", "UTC", False),
    ("2026-03-13T09:00", "UTC", False),
    # From eight until six, by the reader's clock.
    ("2026-03-15T07:59", "UTC", False),
    ("2026-03-15T08:00", "UTC", True),
    ("2026-03-15T17:59", "UTC", True),
    ("2026-03-15T18:00", "UTC", False),
    ("2026-03-15T09:00", "America/Bogota", False),
    ("2026-03-15T13:00", "America/Bogota", True),
    # In Kiritimati the deadline is at eleven in the morning of the 16th: the 15th is the last day.
    ("2026-03-14T18:00", "Pacific/Kiritimati", True),
    ("2026-03-15T18:00", "Pacific/Kiritimati", False),
]


@pytest.mark.parametrize(("now", "zone", "expected"), TIMES)
def test_it_is_time_on_the_days_and_at_the_hours(now: str, zone: str, expected: bool) -> None:
    assert is_time(DEADLINE, _at(now), ZoneInfo(zone)) is expected


def test_a_deadline_that_has_passed_is_no_longer_spoken_of() -> None:
    noon = _at("2026-03-15T12:00")
    assert is_time(noon, noon - timedelta(seconds=1), ZoneInfo("UTC"))
    assert not is_time(noon, noon, ZoneInfo("UTC"))


# Days of the cycle's own choice; the last day is always among them.
@pytest.mark.parametrize(("days", "reminded"), [((), [0]), ((3,), [0, 3]), ((14, 2), [0, 2, 14])])
def test_a_cycle_chooses_its_days(days: tuple[int, ...], reminded: list[int]) -> None:
    mornings = [datetime(2026, 3, 15, 9, tzinfo=UTC) - timedelta(days=n) for n in range(20)]
    assert [n for n, now in enumerate(mornings) if is_time(DEADLINE, now, ZoneInfo("UTC"), days)] == reminded
    assert [days_left(DEADLINE, now, ZoneInfo("UTC")) for now in mornings] == list(range(20))
