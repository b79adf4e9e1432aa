"""What an award year needs before it is opened, and what it should have: facts first, then conditions on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from award_app.accounts.models import Appointment, Person
from award_app.cycles import queries
from award_app.cycles.models import Cycle, CycleMission
from award_app.cycles.problems import Problem
from award_app.db import db
from award_app.domain.vocabulary import AppointmentRole, Seat

FULL_WEIGHT = 100
TWO_PEOPLE = 2  # screening out, release: the second must not be the first
R = AppointmentRole


@dataclass(frozen=True)
class Facts:
    """Only appointments count: somebody who is invited has not accepted yet. Missions by acronym, people by name."""

    weights: int  # the sum, in per cent
    levels_missing: tuple[str, ...]  # codes of criteria with a level that has no English description
    levels_french: tuple[str, ...]  # … no French one
    title_french: bool
    missions: int
    without_authority: tuple[str, ...]
    without_nominator: tuple[str, ...]
    ending: tuple[str, ...]  # missions that do not exist on the day nominations close
    secretariat: int
    chair: bool
    deputy: bool
    members: int  # chair and deputy among them
    quorum: int
    undescribed: tuple[str, ...]  # members whose country or service is not known: conflict rules find nothing
    window_over: bool
    window_open: bool  # nominations would open with the act itself


@dataclass(frozen=True)
class Condition:
    """`blocks`: without it the year is not opened. `met`: nothing to do."""

    code: Problem
    met: bool
    blocks: bool = True


def facts(cycle: Cycle, now: datetime) -> Facts:
    held = _held(cycle)
    panel = [(person, seat) for person, role, _mission, seat in held if role is R.MEMBER]
    seats = {seat for _person, seat in panel}
    called = sorted(cycle.missions, key=lambda c: c.mission.acronym)
    closing = cycle.closes_at.date()
    return Facts(
        weights=sum(criterion.weight for criterion in cycle.criteria),
        levels_missing=_without_levels(cycle, "en"),
        levels_french=_without_levels(cycle, "fr"),
        title_french=bool(str(cycle.titles.get("fr") or "").strip()),
        missions=len(called),
        without_authority=_without(called, {mission for _p, role, mission, _s in held if role is R.AUTHORITY}),
        without_nominator=_without(called, {mission for _p, role, mission, _s in held if role is R.NOMINATOR}),
        ending=tuple(c.mission.acronym for c in called if not queries.exists_on(c.mission, closing)),
        secretariat=len({person.id for person, role, _mission, _seat in held if role is R.SECRETARIAT}),
        chair=Seat.CHAIR in seats,
        deputy=Seat.DEPUTY in seats,
        members=len(panel),
        quorum=cycle.quorum,
        undescribed=tuple(sorted(p.name for p, _seat in panel if not (p.nationality and p.home_service))),
        window_over=now >= cycle.closes_at,
        window_open=now >= cycle.opens_at,
    )


def conditions(of: Facts) -> tuple[Condition, ...]:
    """All of them, in the order in which a year is prepared."""
    return (
        Condition(Problem.TITLE_FRENCH, of.title_french),
        Condition(Problem.WINDOW_OVER, not of.window_over),
        Condition(Problem.WINDOW_OPEN, not of.window_open or of.window_over, blocks=False),
        Condition(Problem.WEIGHTS, of.weights == FULL_WEIGHT),
        Condition(Problem.LEVEL_MISSING, not of.levels_missing),
        Condition(Problem.LEVEL_FRENCH, not of.levels_french, blocks=False),
        Condition(Problem.NO_MISSION, of.missions > 0),
        Condition(Problem.MISSION_ENDS, not of.ending, blocks=False),
        Condition(Problem.NO_AUTHORITY, not of.without_authority),
        Condition(Problem.NO_NOMINATOR, not of.without_nominator, blocks=False),
        Condition(Problem.SECRETARIAT_OF_TWO, of.secretariat >= TWO_PEOPLE),
        Condition(Problem.NO_SPARE, of.secretariat != TWO_PEOPLE, blocks=False),
        Condition(Problem.NO_CHAIR, of.chair),
        Condition(Problem.NO_DEPUTY, of.deputy, blocks=False),
        # over, not at: one recusal in a panel of quorum size leaves that file without the scores it should have
        Condition(Problem.PANEL_SMALL, of.members > of.quorum),
        Condition(Problem.UNDESCRIBED, not of.undescribed, blocks=False),
    )


def blockers(cycle: Cycle, now: datetime) -> tuple[Problem, ...]:
    """What must be mended before the cycle can be opened."""
    return tuple(one.code for one in conditions(facts(cycle, now)) if one.blocks and not one.met)


def _held(cycle: Cycle) -> list[tuple[Person, AppointmentRole, int | None, Seat | None]]:
    here = (Appointment.cycle_id == cycle.id) | (Appointment.role == R.SECRETARIAT)
    rows = db.session.execute(
        select(Person, Appointment.role, Appointment.mission_id, Appointment.seat)
        .join(Person, Person.id == Appointment.person_id)
        .where(Appointment.ended_at.is_(None), Person.deactivated_at.is_(None), here)
    )
    return [(person, role, mission, seat) for person, role, mission, seat in rows]


def _without(called: list[CycleMission], held: set[int | None]) -> tuple[str, ...]:
    return tuple(c.mission.acronym for c in called if c.mission_id not in held)


def _without_levels(cycle: Cycle, language: str) -> tuple[str, ...]:
    return tuple(
        criterion.code
        for criterion in cycle.criteria
        if any(not str(criterion.levels.get(str(v), {}).get(language, "")).strip() for v in criterion.values)
    )
