"""The Atom feed of released announcements (RFC 4287): what its entries are called, and when they changed.

An entry's id is a tag URI (RFC 4151) of the service's own host, the language and the year: it stays the same when an
announcement is taken back and released again, and `updated` moves to the new release. A feed without entries says a
fixed instant, so that nothing about an announcement to come can be read from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from award_app.announcement.queries import PublicLaureate

BEGAN: Final = datetime(2026, 1, 1, tzinfo=UTC)
_CONTROLS: Final = {code: None for code in (*range(0x20), 0x7F, 0xFFFE, 0xFFFF) if code not in (9, 10, 13)}


def updated(announced: Sequence[PublicLaureate]) -> datetime:
    return max((one.released_at for one in announced if one.released_at), default=BEGAN)


def tag(base_url: str, *path: object) -> str:
    host = urlsplit(base_url).hostname or "localhost"
    return f"tag:{host},2026:{'/'.join(map(str, path))}"


def stamp(instant: datetime) -> str:
    """As RFC 3339 writes it."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def legal(text: str) -> str:
    """Without the characters that XML 1.0 does not allow."""
    return text.translate(_CONTROLS)
