"""Windows hold from their first instant up to, not including, their last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from award_app.domain.calendar import Acts, Dates, phase, windows
from award_app.domain.vocabulary import Phase, Timing, Window

DATES = Dates(*(datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2, 3, 4)))
SECOND = timedelta(seconds=1)
OPENED = Acts(opened=True)
CLOSED = Acts(opened=True, round_closed=True)
DECIDED = Acts(opened=True, round_closed=True, decided=True)
RELEASED = Acts(opened=True, round_closed=True, decided=True, released=True)


@pytest.mark.parametrize(
    ("acts", "now", "expected"),
    [
        # nobody has opened it: preparing, whatever the date
        (Acts(), DATES.closes_at, Phase.PREPARING),
        (OPENED, DATES.opens_at - SECOND, Phase.PREPARING),
        (OPENED, DATES.opens_at, Phase.OPEN),
        (OPENED, DATES.closes_at - SECOND, Phase.OPEN),
        (OPENED, DATES.closes_at, Phase.SCREENING),
        (OPENED, DATES.screening_ends_at, Phase.REVIEW),
        (OPENED, DATES.review_ends_at - SECOND, Phase.REVIEW),
        (OPENED, DATES.review_ends_at, Phase.RESULT),
        # a complete round may be closed before its time
        (CLOSED, DATES.review_ends_at - SECOND, Phase.RESULT),
        # from the decision on, acts decide and no date
        (DECIDED, DATES.review_ends_at, Phase.DECIDED),
        (Acts(opened=True, round_closed=True, decided=True, told=True), DATES.review_ends_at, Phase.TOLD),
        (RELEASED, DATES.review_ends_at, Phase.ANNOUNCED),
        (Acts(opened=True, decided=True, released=True, archived=True), DATES.review_ends_at, Phase.ARCHIVED),
    ],
)
def test_phases(acts: Acts, now: datetime, expected: Phase) -> None:
    assert phase(DATES, acts, now) is expected


@pytest.mark.parametrize(
    ("window", "acts", "now", "expected"),
    [
        (Window.NOMINATING, OPENED, DATES.opens_at - SECOND, Timing.BEFORE),
        (Window.NOMINATING, OPENED, DATES.opens_at, Timing.OPEN),
        (Window.NOMINATING, OPENED, DATES.closes_at, Timing.AFTER),
        (Window.NOMINATING, Acts(), DATES.opens_at, Timing.BEFORE),
        # accepting a late file must stay possible while members still score
        (Window.SCREENING, OPENED, DATES.review_ends_at - SECOND, Timing.OPEN),
        (Window.SCREENING, OPENED, DATES.review_ends_at, Timing.AFTER),
        # nobody could score what is accepted once the round was closed before its time
        (Window.SCREENING, CLOSED, DATES.review_ends_at - SECOND, Timing.AFTER),
        (Window.REVIEW, OPENED, DATES.screening_ends_at - SECOND, Timing.BEFORE),
        (Window.REVIEW, OPENED, DATES.screening_ends_at, Timing.OPEN),
        (Window.REVIEW, OPENED, DATES.review_ends_at, Timing.AFTER),
        # the result waits for the worker, not for the clock
        (Window.AFTER_CLOSE, OPENED, DATES.review_ends_at + SECOND, Timing.BEFORE),
        (Window.AFTER_CLOSE, CLOSED, DATES.review_ends_at + SECOND, Timing.OPEN),
        (Window.RESULT, CLOSED, DATES.review_ends_at, Timing.OPEN),
        (Window.RESULT, DECIDED, DATES.review_ends_at, Timing.AFTER),
        (Window.BEFORE_CLOSE, OPENED, DATES.review_ends_at - SECOND, Timing.OPEN),
        (Window.BEFORE_CLOSE, OPENED, DATES.review_ends_at, Timing.AFTER),
        # its end says nothing about a decision
        (Window.BEFORE_RELEASE, CLOSED, DATES.review_ends_at, Timing.OPEN),
        (Window.BEFORE_RELEASE, DECIDED, DATES.review_ends_at, Timing.OPEN),
        (Window.BEFORE_RELEASE, RELEASED, DATES.review_ends_at, Timing.AFTER),
        (Window.EMBARGO, DECIDED, DATES.review_ends_at, Timing.OPEN),
        (Window.EMBARGO, RELEASED, DATES.review_ends_at, Timing.AFTER),
        (Window.RELEASED, DECIDED, DATES.review_ends_at, Timing.BEFORE),
        (Window.RELEASED, RELEASED, DATES.review_ends_at, Timing.OPEN),
    ],
)
def test_windows(window: Window, acts: Acts, now: datetime, expected: Timing) -> None:
    assert windows(DATES, acts, now)[window] is expected


@pytest.mark.parametrize(
    ("now", "acts", "expected"),
    [
        # a returned file has a deadline of its own, whatever the nomination window
        (DATES.closes_at + SECOND, OPENED, Timing.OPEN),
        (DATES.screening_ends_at - SECOND, OPENED, Timing.OPEN),
        (DATES.screening_ends_at, OPENED, Timing.AFTER),
        (DATES.closes_at + SECOND, CLOSED, Timing.AFTER),
        (DATES.closes_at + SECOND, DECIDED, Timing.AFTER),
    ],
)
def test_a_returned_file_may_be_entered_until_its_own_deadline(now: datetime, acts: Acts, expected: Timing) -> None:
    assert windows(DATES, acts, now, return_deadline=DATES.screening_ends_at)[Window.ENTRY] is expected
