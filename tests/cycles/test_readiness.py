"""What an award year needs before it is opened: each condition alone keeps it closed, advice never does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from award_app.accounts.models import Appointment, Person
from award_app.cycles import operations, readiness
from award_app.cycles.models import Cycle, Mission
from award_app.cycles.problems import Problem
from award_app.db import db
from award_app.domain.vocabulary import Phase, Refusal, Refused, Seat
from tests import factories as make
from tests.conftest import Clock

pytestmark = pytest.mark.usefixtures("app")


@dataclass
class Ready:
    """A year with everything: two missions, three members over a quorum of two, three people in the secretariat."""

    cycle: Cycle
    missions: tuple[Mission, Mission]
    secretariat: list[Person]
    authorities: list[Person]
    nominators: list[Person]
    panel: list[Person]


def ready() -> Ready:
    missions = (make.mission("UNMISS"), make.mission("MONUSCO"))
    cycle = make.cycle(Phase.PREPARING, award_year=2026, missions=missions)
    cycle.quorum = 2
    return Ready(
        cycle,
        missions,
        [make.secretariat() for _ in range(3)],
        [make.authority(cycle, mission) for mission in missions],
        [make.nominator(cycle, mission) for mission in missions],
        [make.member(cycle, seat) for seat in (Seat.CHAIR, Seat.DEPUTY, Seat.MEMBER)],
    )


def unmet(cycle: Cycle, clock: Clock) -> list[tuple[Problem, bool]]:
    db.session.flush()
    db.session.expire_all()
    found = readiness.conditions(readiness.facts(cycle, clock.now))
    return [(one.code, one.blocks) for one in found if not one.met]


def end(person: Person, clock: Clock) -> None:
    db.session.query(Appointment).filter_by(person_id=person.id).update({"ended_at": clock.now})


def close(person: Person, clock: Clock) -> None:
    person.deactivated_at = clock.now


def test_with_everything_nothing_is_said_and_it_opens(clock: Clock) -> None:
    year = ready()
    assert unmet(year.cycle, clock) == []
    operations.open_cycle(year.cycle, by=year.secretariat[0], now=clock.now)
    assert year.cycle.opened_at == clock.now


def no_title(year: Ready, clock: Clock) -> None:
    year.cycle.titles = {"en": "Award", "fr": " "}


def over(year: Ready, clock: Clock) -> None:
    clock.move_to(year.cycle.closes_at)


def begun(year: Ready, clock: Clock) -> None:
    clock.move_to(year.cycle.opens_at)


def weights(year: Ready, clock: Clock) -> None:
    year.cycle.criteria[0].weight -= 1


def levels(year: Ready, clock: Clock) -> None:
    year.cycle.criteria[0].levels = {**year.cycle.criteria[0].levels, "3": {"en": " ", "fr": "Niveau"}}


def levels_french(year: Ready, clock: Clock) -> None:
    year.cycle.criteria[5].levels = {**year.cycle.criteria[5].levels, "2": {"en": "Pass"}}


def no_missions(year: Ready, clock: Clock) -> None:
    for called in list(year.cycle.missions):
        db.session.delete(called)


def mission_ends(year: Ready, clock: Clock) -> None:
    year.missions[0].ended = clock.now.date().isoformat()


def no_authority(year: Ready, clock: Clock) -> None:
    end(year.authorities[1], clock)


def authority_closed(year: Ready, clock: Clock) -> None:
    close(year.authorities[1], clock)


def no_nominator(year: Ready, clock: Clock) -> None:
    end(year.nominators[0], clock)


def one_of_secretariat(year: Ready, clock: Clock) -> None:
    for person in year.secretariat[1:]:
        close(person, clock)


def two_of_secretariat(year: Ready, clock: Clock) -> None:
    end(year.secretariat[2], clock)


def no_chair(year: Ready, clock: Clock) -> None:
    end(year.panel[0], clock)
    make.member(year.cycle)


def no_deputy(year: Ready, clock: Clock) -> None:
    end(year.panel[1], clock)
    make.member(year.cycle)


def at_quorum(year: Ready, clock: Clock) -> None:
    end(year.panel[2], clock)


def undescribed(year: Ready, clock: Clock) -> None:
    year.panel[2].home_service = None


Spoil = Callable[[Ready, Clock], None]


@pytest.mark.parametrize(
    ("spoil", "problem", "blocks"),
    [
        (no_title, Problem.TITLE_FRENCH, True),
        # a window that is over opens for nobody
        (over, Problem.WINDOW_OVER, True),
        (begun, Problem.WINDOW_OPEN, False),
        (weights, Problem.WEIGHTS, True),
        (levels, Problem.LEVEL_MISSING, True),
        (levels_french, Problem.LEVEL_FRENCH, False),
        (no_missions, Problem.NO_MISSION, True),
        (mission_ends, Problem.MISSION_ENDS, False),
        # an appointment that has ended and an account that is closed hand nothing in
        (no_authority, Problem.NO_AUTHORITY, True),
        (authority_closed, Problem.NO_AUTHORITY, True),
        (no_nominator, Problem.NO_NOMINATOR, False),
        # two people for every two-person act; with exactly two, a conflict of one stops it
        (one_of_secretariat, Problem.SECRETARIAT_OF_TWO, True),
        (two_of_secretariat, Problem.NO_SPARE, False),
        (no_chair, Problem.NO_CHAIR, True),
        (no_deputy, Problem.NO_DEPUTY, False),
        # over the quorum, not at it
        (at_quorum, Problem.PANEL_SMALL, True),
        (undescribed, Problem.UNDESCRIBED, False),
    ],
)
def test_each_condition_is_said_alone_and_only_what_must_be_keeps_the_year_closed(
    clock: Clock, spoil: Spoil, problem: Problem, blocks: bool
) -> None:
    year = ready()
    spoil(year, clock)
    assert unmet(year.cycle, clock) == [(problem, blocks)]
    if not blocks:
        operations.open_cycle(year.cycle, by=year.secretariat[0], now=clock.now)
        return
    with pytest.raises(Refused) as caught:
        operations.open_cycle(year.cycle, by=year.secretariat[0], now=clock.now)
    assert (caught.value.refusal, caught.value.problems) == (Refusal.UNFINISHED, (problem,))
    assert year.cycle.opened_at is None
