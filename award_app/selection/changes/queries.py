"""Which files left the outcome, which are proposed to, and who stands where since."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from award_app.cycles.models import Cycle
from award_app.db import db
from award_app.domain.outcome import moved_up
from award_app.domain.vocabulary import Outcome, Refusal, Refused
from award_app.nominations.models import Nomination, WithdrawalRequest
from award_app.selection.models import Decision, OutcomeChange, Place


@dataclass(frozen=True)
class StandingPlace:
    file: Nomination
    outcome: Outcome
    position: int  # within its outcome, from 1
    moved: bool  # not where the decision put it


def left_of(cycles: Collection[int]) -> frozenset[int]:
    """Ids of the files that left, by a change that was confirmed."""
    found = select(OutcomeChange.nomination_id).where(
        OutcomeChange.cycle_id.in_(cycles), OutcomeChange.confirmed_at.is_not(None)
    )
    return frozenset(db.session.scalars(found))


def standing_places(cycles: Collection[int]) -> dict[int, list[StandingPlace]]:
    """Per decided cycle, the places as they stand now: laureate, runners-up, reserve, each in order. Two statements."""
    files = joinedload(Place.nomination).joinedload(Nomination.mission)
    rows = db.session.execute(
        select(Decision.cycle_id, Place)
        .outerjoin(Place, Place.decision_id == Decision.id)
        .where(Decision.cycle_id.in_(cycles))
        .order_by(Place.position)
        .options(files)
    ).all()
    left = left_of(cycles)
    found: dict[int, list[Place]] = {cycle: [] for cycle, _place in rows}
    for cycle, place in rows:
        if place is not None:
            found[cycle].append(place)
    return {cycle: _stand(places, left) for cycle, places in found.items()}


def _stand(places: Sequence[Place], left: Collection[int]) -> list[StandingPlace]:
    files = {place.nomination_id: place.nomination for place in places}
    before = {place.nomination_id: (place.outcome, place.position) for place in places}
    decided = [(outcome, [p.nomination_id for p in places if p.outcome is outcome]) for outcome in Outcome]
    return [
        StandingPlace(files[file], outcome, position, before[file] != (outcome, position))
        for outcome, line in moved_up(decided, left)
        for position, file in enumerate(line, 1)
    ]


def laureate_of(cycle: Cycle) -> Nomination | None:
    """Who is the laureate as things stand; None for no award, and before the decision."""
    places = standing_places([cycle.id]).get(cycle.id, [])
    return next((place.file for place in places if place.outcome is Outcome.LAUREATE), None)


def changes_of(cycle: Cycle) -> list[OutcomeChange]:
    """Newest first, those turned down too."""
    file = joinedload(OutcomeChange.nomination).joinedload(Nomination.mission)
    found = select(OutcomeChange).where(OutcomeChange.cycle_id == cycle.id).order_by(OutcomeChange.id.desc())
    return list(db.session.scalars(found.options(file)))


def waiting(cycle: Cycle) -> int:
    """How many proposals nobody has answered."""
    open_ones = (OutcomeChange.confirmed_at.is_(None), OutcomeChange.dropped_at.is_(None))
    found = select(func.count()).select_from(OutcomeChange).where(OutcomeChange.cycle_id == cycle.id, *open_ones)
    return db.session.scalar(found) or 0


def change(cycle: Cycle, number: int) -> OutcomeChange:
    """Raises Refused NOT_FOUND, also for one of another cycle."""
    found = db.session.get(OutcomeChange, number)
    if found is None or found.cycle_id != cycle.id:
        raise Refused(Refusal.NOT_FOUND)
    return found


def requests(cycle: Cycle) -> list[tuple[WithdrawalRequest, Nomination]]:
    """What missions asked for that nobody has answered by a change yet."""
    answered = select(OutcomeChange.nomination_id).where(
        OutcomeChange.cycle_id == cycle.id, OutcomeChange.dropped_at.is_(None)
    )
    found = (
        select(WithdrawalRequest, Nomination)
        .join(Nomination, Nomination.id == WithdrawalRequest.nomination_id)
        .where(Nomination.cycle_id == cycle.id, Nomination.state == "accepted", Nomination.id.not_in(answered))
        .options(joinedload(Nomination.mission))
        .order_by(WithdrawalRequest.id)
    )
    return [(asked, file) for asked, file in db.session.execute(found)]
