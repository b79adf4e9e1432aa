"""The scoring round begins and ends: once, whoever comes first, and everybody concerned gets a letter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select, update

from award_app import access, audit, outbox
from award_app.accounts.models import Person
from award_app.accounts.queries import holders
from award_app.cycles import queries as cycle_queries
from award_app.cycles.models import Cycle
from award_app.db import db
from award_app.domain.vocabulary import Action, AppointmentRole, Refusal, Refused
from award_app.notifications.models import Letter
from award_app.reviews import queries
from award_app.reviews.models import Closing

REASON_CHARS = 4000
WAITS = "round_waits"
CLOSE_AFTER = timedelta(minutes=1)  # the worker's patience: requests that arrived in time are done by then


def open_round(cycle: Cycle, *, now: datetime) -> bool:
    """Tell the members that scoring has begun. False where that was done before; TOO_EARLY before its instant."""
    if cycle.opened_at is None or now < cycle.screening_ends_at:
        raise Refused(Refusal.TOO_EARLY)
    first = db.session.execute(
        update(Cycle)
        .where(Cycle.id == cycle.id, Cycle.round_opened_at.is_(None), Cycle.round_closed_at.is_(None))
        .values(round_opened_at=now)
        .returning(Cycle.id)
    ).one_or_none()
    if first is None:
        return False
    db.session.refresh(cycle, ["round_opened_at"])
    _write_to(holders(AppointmentRole.MEMBER, cycle=cycle), "round_open", cycle, now)
    audit.record("open_round", cycle, by=None, at=now, cycle_id=cycle.id)
    return True


def close_round(cycle: Cycle, *, now: datetime) -> bool:
    """From here on no score counts. The result falls due. False where that was done before; TOO_EARLY before its instant.

    The row is locked first, so every score in time is in when the round closes, and none comes after. While a file has
    fewer scores than the quorum the round waits (False): scoring is over, and the chair or a moved date end the waiting.
    """
    cycle = cycle_queries.held(cycle.id)
    if cycle.opened_at is None or now < cycle.review_ends_at:
        raise Refused(Refusal.TOO_EARLY)
    if cycle.round_closed_at is not None:
        return False
    if queries.under_quorum(cycle):
        _ask_to_end_the_waiting(cycle, now)
        return False
    _close(cycle, now)
    audit.record("close_round", cycle, by=None, at=now, cycle_id=cycle.id)
    audit.anchor("close_round", at=now, cycle_id=cycle.id)
    return True


def close_by_person(cycle: Cycle, reasons: str, *, by: Person, now: datetime) -> Closing:
    """The chair ends the round: before its time once it is complete, or after it under the quorum, with her reasons.

    Before its time UNDER_QUORUM where a file lacks scores, UNFINISHED where a member has not finished or a file may still
    come to the panel; INVALID where a file is under the quorum and no reason is given. ALREADY_DONE where the round is closed.
    """
    cycle = cycle_queries.held(cycle.id)
    refusal = access.may(by, Action.CLOSE_ROUND, cycle, now=now).refusal
    if refusal is not None:
        raise Refused(Refusal.ALREADY_DONE if refusal is Refusal.TOO_LATE else refusal)
    lacking, reasons = queries.under_quorum(cycle), reasons.replace("\x00", "").strip()
    if now < cycle.review_ends_at:
        _require_complete(cycle, lacking, now)
    if len(reasons) > REASON_CHARS or (lacking and not reasons):
        raise Refused(Refusal.INVALID, problems=("reasons",))
    made = Closing(cycle_id=cycle.id, complete=not lacking, under_quorum=lacking, reasons=reasons, by_id=by.id, at=now)
    db.session.add(made)
    _close(cycle, now)
    audit.record("close_round", cycle, by=by, at=now, cycle_id=cycle.id, complete=made.complete, closing=made.id)
    audit.anchor("close_round", at=now, cycle_id=cycle.id)
    return made


def _require_complete(cycle: Cycle, lacking: list[int], now: datetime) -> None:
    if lacking:
        raise Refused(Refusal.UNDER_QUORUM)
    if not queries.all_finished(cycle) or queries.with_the_secretariat(cycle, now):
        raise Refused(Refusal.UNFINISHED)


def _close(cycle: Cycle, now: datetime) -> None:
    cycle.round_closed_at, cycle.result_due = now, True
    db.session.flush()
    concerned = {*holders(AppointmentRole.MEMBER, cycle=cycle), *holders(AppointmentRole.SECRETARIAT)}
    _write_to(concerned, "round_closed", cycle, now)


def _ask_to_end_the_waiting(cycle: Cycle, now: datetime) -> None:
    """One letter for each end of the scoring: to who may close under the quorum, and to who may move the date."""
    panel = holders(AppointmentRole.MEMBER, cycle=cycle)
    deciders = {one for one in panel if access.may(one, Action.CLOSE_ROUND, cycle, now=now).allowed}
    cause = f"cycle {cycle.id} waits since {cycle.review_ends_at:%Y-%m-%dT%H:%MZ}"
    written = select(Letter.person_id).where(Letter.template == WAITS, Letter.once.startswith(f"{WAITS}:{cause}:"))
    known = set(db.session.scalars(written))
    for person in sorted({*deciders, *holders(AppointmentRole.SECRETARIAT)}, key=lambda one: one.id):
        if person.id not in known:
            outbox.add(WAITS, to=person, cause=cause, now=now, cycle_id=cycle.id)


def due_to_open(now: datetime) -> list[int]:
    """Ids of the cycles whose members wait for the word."""
    due = (Cycle.screening_ends_at <= now, Cycle.round_opened_at.is_(None), Cycle.round_closed_at.is_(None))
    return list(db.session.scalars(select(Cycle.id).where(Cycle.opened_at.is_not(None), *due)))


def due_to_close(now: datetime) -> list[int]:
    due = (Cycle.review_ends_at <= now - CLOSE_AFTER, Cycle.round_closed_at.is_(None))
    return list(db.session.scalars(select(Cycle.id).where(Cycle.opened_at.is_not(None), *due)))


def _write_to(people: Iterable[Person], template: str, cycle: Cycle, now: datetime) -> None:
    for person in sorted(people, key=lambda one: one.id):
        outbox.add(template, to=person, cause=f"cycle {cycle.id}", now=now, cycle_id=cycle.id)
