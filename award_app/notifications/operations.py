"""What a person may do with a letter: hold, release, send again, skip. Each is recorded; an end state stays as it is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import exists, select, update

from award_app import access, audit, outbox
from award_app.accounts.models import Person
from award_app.db import db
from award_app.domain.vocabulary import Action, Handled, LetterState, Refusal, Refused
from award_app.notifications import due, queries
from award_app.notifications.models import Handling, Letter

S = LetterState
# In which states each can be done; what `close` or another person has moved meanwhile is refused.
FROM: Final = {
    Handled.HELD: frozenset({S.WAITING}),
    Handled.RELEASED: frozenset({S.HELD}),
    Handled.SKIPPED: frozenset({S.WAITING, S.HELD}),
    Handled.SENT_AGAIN: frozenset({S.SENT, S.REFUSED, S.UNCERTAIN, S.SKIPPED}),
}
ENDED_BADLY: Final = frozenset({S.REFUSED, S.UNCERTAIN})


def offered(letter: Letter) -> frozenset[Handled]:
    """What can be done with the letter as it stands. A reminder is never sent again: a new one says what is open now."""
    found = {handled for handled, states in FROM.items() if letter.state in states}
    if letter.state in ENDED_BADLY:
        found.add(Handled.SKIPPED)
    settled = {handling.what for handling in queries.handlings(letter)} & {Handled.SENT_AGAIN}
    if settled or letter.template == queries.REMINDER:
        found.discard(Handled.SENT_AGAIN)
    return frozenset(found)


def hold(letter: Letter, *, by: Person, now: datetime) -> None:
    """It waits until a person releases it. Raises `Refused`: CHANGED_MEANWHILE where a worker has just taken it."""
    _require(letter, by, now)
    _move(letter, FROM[Handled.HELD], S.HELD)
    _record(letter, Handled.HELD, "", by, now)


def release(letter: Letter, *, by: Person, now: datetime) -> None:
    """It leaves with the next sweep, under the name it had: a retry is the same letter."""
    _require(letter, by, now)
    _move(letter, FROM[Handled.RELEASED], S.WAITING, next_at=now)
    _record(letter, Handled.RELEASED, "", by, now)


def skip(letter: Letter, reason: str, *, by: Person, now: datetime) -> None:
    """It does not leave, and `reason` says why. Of one that was refused or is uncertain: it is left at that."""
    _require(letter, by, now)
    given = _given(reason)
    if letter.state in ENDED_BADLY:
        _settle_once(letter)
    else:
        _move(letter, FROM[Handled.SKIPPED], S.SKIPPED, closed_at=now, note="skipped_by_hand")
    _record(letter, Handled.SKIPPED, given, by, now)


def send_again(letter: Letter, reason: str, *, by: Person, now: datetime) -> Letter:
    """A new letter with a name and a cause of its own, to the same reader about the same thing.

    Raises `Refused`: ALREADY_DONE where it was sent again before, WRONG_STATE with the code of the reason where it would
    not leave now."""
    _require(letter, by, now)
    given = _given(reason)
    db.session.refresh(letter, with_for_update=True)
    again = exists().where(Handling.letter_id == letter.id, Handling.what == Handled.SENT_AGAIN)
    if db.session.scalar(select(again)):
        raise Refused(Refusal.ALREADY_DONE)
    if letter.state not in FROM[Handled.SENT_AGAIN] or letter.template == queries.REMINDER:
        raise Refused(Refusal.WRONG_STATE)
    stopped = due.still_due(letter, now)
    if stopped is not None:
        raise Refused(Refusal.WRONG_STATE, problems=(stopped.note,))
    copy = outbox.again(letter, now=now)
    db.session.flush()
    _record(letter, Handled.SENT_AGAIN, given, by, now, copy=copy)
    return copy


def _require(letter: Letter, by: Person, now: datetime) -> None:
    access.require(by, Action.MANAGE_LETTER, now=now)
    if not queries.sees(by, letter):
        raise Refused(Refusal.NOT_FOUND)


def _given(reason: str) -> str:
    if not reason.strip():
        raise Refused(Refusal.INVALID, problems=("reason",))
    return reason.strip()


def _move(letter: Letter, before: Collection[LetterState], to: LetterState, **values: object) -> None:
    """Compare and set, against the worker's claim and against another person."""
    expected = letter.state
    done = (
        update(Letter)
        .where(Letter.id == letter.id, Letter.state.in_(before))
        .values(state=to, **values)
        .returning(Letter.id)
        .execution_options(synchronize_session=False)
    )
    moved = db.session.execute(done).scalar_one_or_none()
    db.session.refresh(letter)
    if moved is None:
        raise Refused(Refusal.CHANGED_MEANWHILE if expected in before else Refusal.WRONG_STATE)


def _settle_once(letter: Letter) -> None:
    db.session.refresh(letter, with_for_update=True)
    if any(handling.what in (Handled.SENT_AGAIN, Handled.SKIPPED) for handling in queries.handlings(letter)):
        raise Refused(Refusal.ALREADY_DONE)


def _record(
    letter: Letter, what: Handled, reason: str, by: Person, now: datetime, *, copy: Letter | None = None
) -> None:
    db.session.add(
        Handling(letter_id=letter.id, what=what, reason=reason, copy_id=copy.id if copy else None, by_id=by.id, at=now)
    )
    db.session.flush()
    more = {"copy": copy.id} if copy else {}
    audit.record(f"letter_{what.value}_by_hand", letter, by=by, at=now, template=letter.template, **more)
