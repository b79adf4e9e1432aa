"""Which windows are open, from a cycle's dates, the acts done so far and a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .vocabulary import Phase, Timing, Window


@dataclass(frozen=True)
class Dates:
    """Instants are aware. A window holds from its first instant up to, not including, its last."""

    opens_at: datetime
    closes_at: datetime
    screening_ends_at: datetime
    review_ends_at: datetime


@dataclass(frozen=True)
class Acts:
    """What people and the worker have done; None or False where not yet."""

    opened: bool = False
    round_closed: bool = False
    shortlisted: bool = False
    decided: bool = False
    told: bool = False
    released: bool = False
    archived: bool = False


def phase(dates: Dates, acts: Acts, now: datetime) -> Phase:
    """Where the cycle stands at the aware instant `now`. From the decision on the latest act says it; before, the dates
    of an opened cycle do, but for a round that was closed before its time. An instant of `dates` belongs to the phase that
    begins with it."""
    if acts.archived:
        return Phase.ARCHIVED
    for done, reached in ((acts.released, Phase.ANNOUNCED), (acts.told, Phase.TOLD), (acts.decided, Phase.DECIDED)):
        if done:
            return reached
    if not acts.opened or now < dates.opens_at:
        return Phase.PREPARING
    for until, current in (
        (dates.closes_at, Phase.OPEN),
        (dates.screening_ends_at, Phase.SCREENING),
        (dates.review_ends_at, Phase.REVIEW),
    ):
        if now < until and not acts.round_closed:
            return current
    return Phase.RESULT


def windows(
    dates: Dates,
    acts: Acts,
    now: datetime,
    *,
    return_deadline: datetime | None = None,
    extended_to: datetime | None = None,
) -> Mapping[Window, Timing]:
    """Each window as BEFORE, OPEN or AFTER. `return_deadline` is that of the file at hand, if it was returned;
    `extended_to` is the later close that was given to its mission, if one was."""
    closes_at = max(dates.closes_at, extended_to or dates.closes_at)
    nominating = _between(dates.opens_at, closes_at, now, opened=acts.opened)
    # Nobody could screen it after the round; and a mission that could act until the decision would learn of one.
    returned = return_deadline is not None and now < return_deadline and not acts.round_closed
    review = _between(dates.screening_ends_at, dates.review_ends_at, now, opened=acts.opened)
    over = acts.round_closed or now >= dates.review_ends_at
    return {
        Window.PREPARING: Timing.AFTER if acts.opened else Timing.OPEN,
        Window.NOMINATING: nominating,
        Window.ENTRY: Timing.OPEN if returned else nominating,
        Window.SCREENING: Timing.AFTER
        if acts.round_closed
        else _between(dates.opens_at, dates.review_ends_at, now, opened=acts.opened),
        Window.CALLING: _between(min(now, dates.opens_at), dates.closes_at, now, opened=acts.opened),
        Window.RUNNING: Timing.AFTER if acts.round_closed else Timing.OPEN if acts.opened else Timing.BEFORE,
        Window.CLOSING: Timing.AFTER
        if acts.round_closed
        else Timing.BEFORE
        if review is Timing.BEFORE
        else Timing.OPEN,
        Window.REVIEW: Timing.AFTER if acts.round_closed else review,
        Window.BEFORE_CLOSE: Timing.AFTER if over else Timing.OPEN,
        Window.AFTER_REVIEW: Timing.OPEN if over else Timing.BEFORE,
        Window.BEFORE_RELEASE: Timing.AFTER if acts.released else Timing.OPEN,
        Window.AFTER_CLOSE: Timing.OPEN if acts.round_closed else Timing.BEFORE,
        Window.RESULT: Timing.AFTER if acts.decided else Timing.OPEN if acts.round_closed else Timing.BEFORE,
        Window.DECIDING: Timing.AFTER if acts.decided else Timing.OPEN if acts.shortlisted else Timing.BEFORE,
        Window.AFTER_DECISION: Timing.OPEN if acts.decided else Timing.BEFORE,
        Window.EMBARGO: Timing.AFTER if acts.released else Timing.OPEN if acts.decided else Timing.BEFORE,
        Window.RELEASED: Timing.OPEN if acts.released else Timing.BEFORE,
    }


def _between(start: datetime, end: datetime, now: datetime, *, opened: bool) -> Timing:
    if not opened or now < start:
        return Timing.BEFORE
    return Timing.OPEN if now < end else Timing.AFTER
