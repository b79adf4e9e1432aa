"""Everybody whom the crawl walks as, appointed in every year, so that only their relations to a file differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from award_app import clock
from award_app.accounts.models import Person
from award_app.cycles.models import Cycle, Mission
from award_app.db import db
from award_app.domain.vocabulary import AppointmentRole, Phase, Seat
from tests import factories as make
from tests.integrity.world import World

SEATS = {
    "member": Seat.MEMBER,
    "member_undeclared": Seat.MEMBER,
    "member_recused": Seat.MEMBER,
    "member_removed": Seat.MEMBER,
    "colleague": Seat.MEMBER,  # nobody walks as her: what she gives is a secret to all who do
    "newcomer": Seat.MEMBER,  # the same; while scores are given she has not begun the first file
    "chair": Seat.CHAIR,
    "deputy": Seat.DEPUTY,
}
SCORERS = ("member", "chair", "deputy", "colleague", "newcomer")


@dataclass
class Twin(World):
    """`years` by their name; `x` is a file of HERE, `y` and `z` are files of THERE, all by the name of their year."""

    years: dict[str, Cycle] = field(default_factory=dict)
    named: dict[str, int] = field(default_factory=dict)  # ids of what a secret is about

    def missions(self) -> tuple[Mission, Mission]:
        return self.here, self.there


def people(world: Twin) -> None:
    for name in ("secretariat", "secretariat_undeclared", "secretariat_conflict"):
        make.appoint(_person(world, name), AppointmentRole.SECRETARIAT)
    make.appoint(_person(world, "observer"), AppointmentRole.OBSERVER)
    for name, *_more in _of_missions(world):
        _person(world, name)
    for name in (*SEATS, "member_other_cycle"):
        _person(world, name, nationality="NO", home_service="Police of Norway")
    world.people["deactivated"].deactivated_at = clock.now()


def appoint(world: Twin, cycle: Cycle) -> None:
    """Into one year."""
    for name, role, mission in _of_missions(world):
        make.appoint(world.people[name], role, cycle, mission)
    for name, seat in SEATS.items():
        make.appoint(world.people[name], AppointmentRole.MEMBER, cycle, None, seat)


def others(world: Twin) -> None:
    """A member of another year, and one who no longer is."""
    elsewhere = make.cycle(Phase.REVIEW, award_year=2050, missions=(world.here,))
    make.appoint(world.people["member_other_cycle"], AppointmentRole.MEMBER, elsewhere, None, Seat.MEMBER)
    for appointment in world.people["member_removed"].appointments:
        appointment.ended_at = clock.now()
    db.session.flush()


def _person(world: Twin, name: str, **more: str) -> Person:
    """Known by what she is: her address does not come from a count that runs on from world to world."""
    world.people[name] = make.person(name.replace("_", " ").title(), email=f"{name}@laurel.example", **more)
    return world.people[name]


def _of_missions(world: Twin) -> Iterator[tuple[str, AppointmentRole, Mission]]:
    yield "nominator", AppointmentRole.NOMINATOR, world.here
    yield "nominator_other", AppointmentRole.NOMINATOR, world.there
    yield "authority", AppointmentRole.AUTHORITY, world.here
    yield "authority_other", AppointmentRole.AUTHORITY, world.there
    yield "deactivated", AppointmentRole.NOMINATOR, world.here
