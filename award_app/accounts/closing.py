"""What ends when an account is closed, said before it is done."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from award_app import access
from award_app.accounts import seats, succession
from award_app.accounts.models import Appointment, Person
from award_app.cycles.models import Cycle, Mission
from award_app.db import db
from award_app.domain.policy import OPEN
from award_app.domain.vocabulary import AppointmentRole, Seat
from award_app.nominations.models import Nomination


@dataclass(frozen=True)
class Drafts:
    award_year: int
    mission: str
    number: int


@dataclass(frozen=True)
class Ending:
    """`alone`: missions she is the only authority of. `short`: panels that would not be over their quorum."""

    held: tuple[Appointment, ...]
    alone: tuple[Appointment, ...]
    seats: tuple[Appointment, ...]
    short: tuple[Appointment, ...]
    drafts: tuple[Drafts, ...]


def ending(person: Person) -> Ending:
    """In years that are still under way: where nothing is archived."""
    held = [a for a in access.appointments(person) if a.cycle is None or a.cycle.archived_at is None]
    panels = [a for a in held if a.role is AppointmentRole.MEMBER]
    return Ending(
        held=tuple(held),
        alone=tuple(a for a in held if a.role is AppointmentRole.AUTHORITY and not succession.beside(a)),
        seats=tuple(a for a in panels if a.seat in (Seat.CHAIR, Seat.DEPUTY)),
        short=tuple(a for a in panels if a.cycle is not None and _left(a.cycle, person) <= a.cycle.quorum),
        drafts=tuple(_drafts(person)),
    )


def _left(cycle: Cycle, person: Person) -> int:
    return sum(a.person.is_active and a.person_id != person.id for a in seats.members(cycle))


def _drafts(person: Person) -> list[Drafts]:
    rows = db.session.execute(
        select(Cycle.award_year, Mission.acronym, func.count())
        .select_from(Nomination)
        .join(Cycle, Cycle.id == Nomination.cycle_id)
        .join(Mission, Mission.id == Nomination.mission_id)
        .where(Nomination.nominator_id == person.id, Nomination.state.in_(OPEN), Cycle.round_closed_at.is_(None))
        .group_by(Cycle.award_year, Mission.acronym)
        .order_by(Cycle.award_year, Mission.acronym)
    )
    return [Drafts(year, mission, number) for year, mission, number in rows]
