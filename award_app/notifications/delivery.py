"""A letter's way out: claimed, made, sent with no transaction open, closed. The table is the truth.

    waiting --claim--> sending --close--> sent | refused | uncertain | skipped | cancelled
       ^                  |                 held: waits for a person
       +---- pause -------+

Callers wrap `claim`, `close` and `recover` in transactions of their own; `prepare` only reads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.exc import SQLAlchemyError

from award_app import audit
from award_app.db import db
from award_app.domain.vocabulary import END_STATES, LetterState
from award_app.notifications import catalogue, due, headers, message
from award_app.notifications.catalogue import CATALOGUE, InDoubt
from award_app.notifications.message import Ready
from award_app.notifications.models import Letter
from award_app.notifications.outcome import Fate, Outcome

log = structlog.get_logger()

PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15, 30, 60))
PATIENCE: Final = 29  # attempts: with the pauses above about a day; then a person looks
LOST_AFTER: Final = timedelta(minutes=5)  # a claim this old belonged to a worker that is no more
BATCH: Final = 200

_ENDS: Final = {
    Fate.SENT: LetterState.SENT,
    Fate.REFUSED: LetterState.REFUSED,
    Fate.SKIPPED: LetterState.SKIPPED,
    Fate.CANCELLED: LetterState.CANCELLED,
    Fate.HELD: LetterState.HELD,
}


def due_ids(now: datetime, limit: int = BATCH) -> Sequence[int]:
    """Letters to send now, oldest first."""
    waiting = select(Letter.id).where(Letter.state == LetterState.WAITING, Letter.next_at <= now)
    return db.session.scalars(waiting.order_by(Letter.next_at, Letter.id).limit(limit)).all()


def count_by_state() -> dict[str, int]:
    """Every state that has letters, in the order of the vocabulary."""
    counted = db.session.execute(select(Letter.state, func.count()).group_by(Letter.state))
    found = dict(counted.all())
    return {state.value: found[state] for state in LetterState if state in found}


def claim(letter_id: int, *, now: datetime) -> int | None:
    """Compare and set: of many that reach for a letter, one gets it. Returns the number of this attempt."""
    mine = (
        update(Letter)
        .where(Letter.id == letter_id, Letter.state == LetterState.WAITING, Letter.next_at <= now)
        .values(state=LetterState.SENDING, claimed_at=now, attempts=Letter.attempts + 1)
        .returning(Letter.attempts)
        .execution_options(synchronize_session=False)
    )
    return db.session.execute(mine).scalar_one_or_none()


def prepare(letter_id: int, *, now: datetime) -> Ready | Outcome:
    """The letter as it will leave, or why it will not. Roll back afterwards: what was read is in hand."""
    try:
        letter = db.session.get_one(Letter, letter_id, populate_existing=True)
        if letter.template not in CATALOGUE:
            return Outcome(Fate.HELD, "unknown template")
        return due.still_due(letter, now) or message.compose(letter, now)
    except SQLAlchemyError:
        return Outcome(Fate.LATER, "database", line=True)
    except headers.Unsafe:
        return Outcome(Fate.REFUSED, "no such address")
    except Exception as error:  # whatever is wrong with one letter must not stop the others
        log.warning("letter cannot be made", letter=letter_id, error=type(error).__name__)
        return Outcome(Fate.HELD, f"cannot be made: {type(error).__name__}")


def close(letter_id: int, attempt: int, outcome: Outcome, *, now: datetime) -> None:
    """Write down what became of this attempt. An attempt that was given up meanwhile changes nothing any more."""
    letter = db.session.scalars(
        select(Letter)
        .where(Letter.id == letter_id, Letter.state == LetterState.SENDING, Letter.attempts == attempt)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if letter is not None:
        _settle(letter, outcome, now)


def recover(now: datetime) -> int:
    """Letters whose worker was killed: sent again, or left for a person, by their kind. Returns how many."""
    lost = db.session.scalars(
        select(Letter)
        .where(Letter.state == LetterState.SENDING, Letter.claimed_at <= now - LOST_AFTER)
        .order_by(Letter.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for letter in lost:
        _settle(letter, Outcome(Fate.DOUBTFUL, "worker lost"), now, pause=False)
    return len(lost)


def _settle(letter: Letter, outcome: Outcome, now: datetime, *, pause: bool = True) -> None:
    letter.note = outcome.note
    letter.state = _next_state(letter, outcome.fate)
    if letter.state is LetterState.WAITING:
        letter.next_at = now + (pause_after(letter.attempts) if pause else timedelta())
    if letter.state in END_STATES:
        letter.closed_at = now
        _record(letter, now)


def _next_state(letter: Letter, fate: Fate) -> LetterState:
    if fate in _ENDS:
        return _ENDS[fate]
    if fate is Fate.DOUBTFUL and in_doubt(letter) is InDoubt.HOLD:
        return LetterState.UNCERTAIN
    return LetterState.WAITING if letter.attempts < PATIENCE else LetterState.HELD


def in_doubt(letter: Letter) -> InDoubt:
    """A kind no longer in the catalogue is never sent twice."""
    kind = CATALOGUE.get(letter.template)
    return kind.in_doubt if kind else InDoubt.HOLD


def pause_after(attempts: int) -> timedelta:
    return PAUSES[min(attempts, len(PAUSES)) - 1]


def _record(letter: Letter, now: datetime) -> None:
    cycle = _cycle_id(letter)
    details: Mapping[str, object] = {"template": letter.template, "attempts": letter.attempts}
    audit.record(f"letter_{letter.state.value}", letter, by=None, at=now, cycle_id=cycle, **details)


def _cycle_id(letter: Letter) -> int | None:
    """Of the award year the letter belonged to; a subject that is gone leaves it open."""
    try:
        cycle = catalogue.cycle_of(catalogue.subject_of(letter))
    except LookupError:
        return None
    return cycle.id if cycle else None
