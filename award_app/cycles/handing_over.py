"""All open drafts of one nominator in a mission go to another nominator there, unseen: the secretariat knows how many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from award_app import access, audit, outbox
from award_app.accounts.models import Person
from award_app.accounts.queries import holders
from award_app.cycles import queries
from award_app.cycles.models import Cycle, Mission
from award_app.cycles.problems import Problem
from award_app.db import db
from award_app.domain.policy import OPEN
from award_app.domain.vocabulary import Action, AppointmentRole, Refusal, Refused
from award_app.nominations.models import Nomination


@dataclass(frozen=True)
class Desk:
    """One nominator's open drafts in one mission, and who could take them."""

    mission: Mission
    nominator: Person
    drafts: int
    takers: tuple[Person, ...]


def desks(cycle: Cycle) -> list[Desk]:
    """Of everybody who has open drafts, whether still appointed or not. By mission and name."""
    counted = (
        select(Nomination.mission_id, Nomination.nominator_id, func.count().label("drafts"))
        .where(Nomination.cycle_id == cycle.id, Nomination.state.in_(OPEN))
        .group_by(Nomination.mission_id, Nomination.nominator_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Mission, Person, counted.c.drafts)
        .join(counted, counted.c.mission_id == Mission.id)
        .join(Person, Person.id == counted.c.nominator_id)
        .order_by(Mission.acronym, Person.name, Person.id)
    ).all()
    here = _nominators(cycle)
    return [
        Desk(mission, owner, drafts, tuple(p for p in here.get(mission.id, ()) if p.id != owner.id))
        for mission, owner, drafts in rows
    ]


def hand_over(cycle: Cycle, mission: Mission, giver: Person, taker: Person, *, by: Person, now: datetime) -> int:
    """Returns how many drafts changed hands. Whatever the giver wrote keeps her from scoring it. Raises `Refused`:
    INVALID with NOT_NOMINATOR where the taker does not write for this mission, ALREADY_DONE where there is no draft."""
    cycle = queries.held(cycle.id)
    access.require(by, Action.HAND_OVER, cycle, now=now)
    held = [
        a
        for a in access.appointments(taker)
        if (a.role, a.cycle_id, a.mission_id) == (AppointmentRole.NOMINATOR, cycle.id, mission.id)
    ]
    if not held or taker.id == giver.id:
        raise Refused(Refusal.INVALID, problems=(Problem.NOT_NOMINATOR,))
    drafts = db.session.scalars(
        select(Nomination)
        .where(Nomination.cycle_id == cycle.id, Nomination.mission_id == mission.id)
        .where(Nomination.nominator_id == giver.id, Nomination.state.in_(OPEN))
        .order_by(Nomination.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if not drafts:
        raise Refused(Refusal.ALREADY_DONE)
    for draft in drafts:
        draft.nominator_id = taker.id
        audit.record("hand_over", draft, by=by, at=now, cycle_id=cycle.id, giver=giver.id, taker=taker.id)
    db.session.flush()
    cause = f"hand over {drafts[0].id} to {held[0].id} version {drafts[0].version}"
    for person in (taker, giver):
        outbox.add("handed_over", to=person, cause=cause, now=now, appointment_id=held[0].id, count=len(drafts))
    return len(drafts)


def _nominators(cycle: Cycle) -> dict[int, list[Person]]:
    """Mission id → its active nominators, by name."""
    found: dict[int, list[Person]] = {}
    for person in holders(AppointmentRole.NOMINATOR, cycle=cycle):
        for a in person.appointments:
            if a.role is AppointmentRole.NOMINATOR and a.cycle_id == cycle.id and a.mission_id and a.ended_at is None:
                found.setdefault(a.mission_id, []).append(person)
    return {mission: sorted(people, key=lambda one: one.name) for mission, people in found.items()}
