"""The deadlines of a letter as a file a calendar can keep (RFC 5545). It says what its letter says, and names nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _

from award_app.notifications.deadlines import Deadline


def calendar(deadlines: Sequence[Deadline], *, reader: str | None, written_at: datetime) -> bytes:
    """`reader` is the reader's zone, `written_at` when the letter was written. Call it while speaking her language.

    Of two letters about the same thing the later one counts: its SEQUENCE is higher, the UID the same."""
    from icalendar import Calendar, Event  # 200 modules, wanted only where a letter leaves

    made = Calendar()
    for name, value in (("prodid", "-//Laurel//Letters//EN"), ("version", "2.0"), ("method", "PUBLISH")):
        made.add(name, value)
    for deadline in deadlines:
        event = Event()
        event.add("uid", f"{deadline.thing}@{urlsplit(_base()).hostname or 'laurel.invalid'}")
        event.add("sequence", sequence(written_at))
        event.add("dtstamp", written_at.astimezone(UTC))
        event.add("dtstart", deadline.at.astimezone(UTC))
        event.add("summary", deadline.asked)
        event.add("description", "\n".join([*deadline.words(reader), _("All lines name the same moment.")]))
        event.add("url", _base() + deadline.path)
        event.add("transp", "TRANSPARENT")  # a deadline takes nobody's time
        made.add_component(event)
    return bytes(made.to_ical())


def sequence(written_at: datetime) -> int:
    """Grows with each letter and fits 31 bits until 2088. Counting letters instead would tell how many there were."""
    return int((written_at - datetime(2020, 1, 1, tzinfo=UTC)).total_seconds())


def _base() -> str:
    return str(current_app.config["BASE_URL"]).rstrip("/")
