"""What the public may read at this moment, read once a second and the same for a whole request.

An edition is everything public that may change: the laureates. Pages are rendered from it and kept by its number
(web/kept.py), so they live exactly as long as nothing changes. A new second is a new look, so a release takes effect
at its instant, and what is taken back is gone everywhere within a second; this process looks again after each
transaction of its own. Decision 0007.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import count

from flask import current_app, g, has_app_context

from award_app import clock
from award_app import db as database
from award_app.announcement import queries
from award_app.announcement.queries import PublicLaureate

_numbers = count(1)
_KEY = "public_edition"


@dataclass(frozen=True)
class Edition:
    """`record` and `invented` are newest first; two editions with the same laureates are the same edition."""

    number: int
    record: tuple[PublicLaureate, ...]
    invented: tuple[PublicLaureate, ...]

    @property
    def everybody(self) -> tuple[PublicLaureate, ...]:
        return (*self.record, *self.invented)

    def of(self, year: int) -> list[PublicLaureate]:
        return [one for one in self.everybody if one.year == year]

    @property
    def announced(self) -> list[PublicLaureate]:
        """Those whom Laurel's own cycles announced, newest release first."""
        found = [one for one in self.everybody if one.released_at is not None]
        return sorted(found, key=lambda one: (one.released_at, one.year), reverse=True)


@dataclass
class _Kept:
    edition: Edition
    looked_at: datetime | None  # the second of the last look; None: look again


def current() -> Edition:
    """The edition of this request."""
    if _KEY not in g:
        setattr(g, _KEY, _now_standing())
    found: Edition = g.get(_KEY)
    return found


def _now_standing() -> Edition:
    kept: _Kept | None = current_app.extensions.get(_KEY)
    now = clock.now()
    if kept is not None and kept.looked_at == now and current_app.config["KEEP_PAGES"]:
        return kept.edition
    record, invented = queries.laureates()
    edition = kept.edition if kept else None
    if edition is None or (edition.record, edition.invented) != (tuple(record), tuple(invented)):
        edition = Edition(next(_numbers), tuple(record), tuple(invented))
    current_app.extensions[_KEY] = _Kept(edition, now)
    return edition


def _look_again() -> None:
    if has_app_context():
        g.pop(_KEY, None)
        kept: _Kept | None = current_app.extensions.get(_KEY)
        if kept is not None:
            kept.looked_at = None


database.after_work.append(_look_again)
