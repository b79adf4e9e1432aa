"""Creating, changing and opening an award year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import CursorResult, exists, select, update

from award_app import access, audit
from award_app.accounts.models import Appointment, Person
from award_app.cycles import readiness
from award_app.cycles.models import Criterion, Cycle, CycleMission, Mission
from award_app.cycles.problems import Problem
from award_app.db import db
from award_app.domain.vocabulary import Action, CriterionKind, Refusal, Refused
from award_app.reference.laureates import missions as mission_facts
from award_app.reference.rubric import default_criteria, mission_zones, missions_in_french

FIRST_YEAR, LAST_YEAR = 2011, 2100
LARGEST = 99  # of a quota and of a quorum


@dataclass(frozen=True)
class CriterionDraft:
    """Texts per language: titles {"en": …}, levels {"1": {"en": …}, …}. `weight` in per cent, 0 for a concern."""

    code: str
    kind: CriterionKind
    weight: int
    titles: Mapping[str, str]
    levels: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Settings:
    award_year: int
    titles: dict[str, str]
    opens_at: datetime
    closes_at: datetime
    screening_ends_at: datetime
    review_ends_at: datetime
    service_from: date
    service_to: date
    default_quota: int = 4
    quorum: int = 3
    demonstration: bool = False


def create(award_year: int, titles: Mapping[str, str], *, by: Person, now: datetime, **dates: Any) -> Cycle:
    """`dates`: the other fields of `Settings`. The cycle begins with the default rubric."""
    access.require(by, Action.CREATE_CYCLE, now=now)
    settings = _sound(Settings(award_year, dict(titles), **dates), None)
    cycle = Cycle(**asdict(settings), created_at=now)
    db.session.add(cycle)
    db.session.flush()
    _replace_criteria(cycle, default_rubric())
    audit.record("create_cycle", cycle, by=by, at=now, cycle_id=cycle.id, award_year=award_year)
    return cycle


def edit(cycle: Cycle, award_year: int, titles: Mapping[str, str], *, by: Person, now: datetime, **dates: Any) -> None:
    """`dates`: the other fields of `Settings`, but whether the cycle is a demonstration, which stays as it is."""
    hold(cycle)
    access.require(by, Action.EDIT_CYCLE, cycle, now=now)
    settings = _sound(Settings(award_year, dict(titles), demonstration=cycle.demonstration, **dates), cycle)
    changed = [name for name, value in asdict(settings).items() if getattr(cycle, name) != value]
    for name in changed:
        setattr(cycle, name, getattr(settings, name))
    db.session.flush()
    audit.record("edit_cycle", cycle, by=by, at=now, cycle_id=cycle.id, changed=changed)


def set_criteria(cycle: Cycle, criteria: Sequence[CriterionDraft], *, by: Person, now: datetime) -> None:
    """All criteria at once. Weights need to add up to 100 when the cycle is opened, not before."""
    hold(cycle)
    access.require(by, Action.EDIT_CYCLE, cycle, now=now)
    found = criteria_problems(criteria)
    if found:
        raise Refused(Refusal.INVALID, problems=found)
    _replace_criteria(cycle, criteria)
    audit.record("set_criteria", cycle, by=by, at=now, cycle_id=cycle.id, codes=[c.code for c in criteria])


def call_mission(cycle: Cycle, mission: Mission, quota: int, *, by: Person, now: datetime) -> None:
    """Call a mission, or change its quota."""
    hold(cycle)
    access.require(by, Action.EDIT_CYCLE, cycle, now=now)
    if not 0 < quota <= LARGEST:
        raise Refused(Refusal.INVALID, problems=(Problem.QUOTA,))
    called = _called(cycle, mission)
    if called is None:
        db.session.add(CycleMission(cycle_id=cycle.id, mission_id=mission.id, quota=quota))
    elif called.quota == quota:
        return
    else:
        called.quota = quota
    db.session.flush()
    db.session.expire(cycle, ["missions"])
    audit.record("call_mission", cycle, by=by, at=now, cycle_id=cycle.id, mission=mission.id, quota=quota)


def drop_mission(cycle: Cycle, mission: Mission, *, by: Person, now: datetime) -> None:
    """Refused while somebody is appointed for it: her appointment would hang in the air."""
    hold(cycle)
    access.require(by, Action.EDIT_CYCLE, cycle, now=now)
    called = _called(cycle, mission)
    if called is None:
        return
    here = (Appointment.cycle_id == cycle.id, Appointment.mission_id == mission.id, Appointment.ended_at.is_(None))
    if db.session.scalar(select(exists().where(*here))):
        raise Refused(Refusal.INVALID, problems=(Problem.MISSION_IN_USE,))
    db.session.delete(called)
    db.session.flush()
    db.session.expire(cycle, ["missions"])
    audit.record("drop_mission", cycle, by=by, at=now, cycle_id=cycle.id, mission=mission.id)


def open_cycle(cycle: Cycle, *, by: Person, now: datetime) -> None:
    hold(cycle)
    access.require(by, Action.OPEN_CYCLE, cycle, now=now)
    db.session.expire(cycle, ["missions", "criteria"])  # as they stand under the lock
    found = readiness.blockers(cycle, now)
    if found:
        raise Refused(Refusal.UNFINISHED, problems=found)
    unopened = update(Cycle).where(Cycle.id == cycle.id, Cycle.opened_at.is_(None)).values(opened_at=now)
    if cast("CursorResult[Any]", db.session.execute(unopened)).rowcount != 1:
        raise Refused(Refusal.CHANGED_MEANWHILE)
    db.session.refresh(cycle)
    audit.record("open_cycle", cycle, by=by, at=now, cycle_id=cycle.id)


def load_missions(now: datetime) -> int:
    """Bring the missions of the reference data into the database; returns how many were new. Doing it again is harmless."""
    known = {m.acronym: m for m in db.session.scalars(select(Mission))}
    for fact in mission_facts().values():
        mission = known.get(fact.acronym) or Mission(acronym=fact.acronym)
        mission.acronym_fr = fact.acronym_fr if fact.acronym_fr != fact.acronym else None
        mission.name, mission.area, mission.kind = fact.name, fact.area, fact.kind
        mission.started, mission.ended = fact.started, fact.ended or None
        mission.timezone = mission_zones()[fact.acronym]
        french = missions_in_french().get(fact.acronym, {})
        mission.name_fr, mission.area_fr = french.get("name"), french.get("area")
        db.session.add(mission)
    db.session.flush()
    new = [fact for fact in mission_facts().values() if fact.acronym not in known]
    for fact in new:
        mission = db.session.scalars(select(Mission).where(Mission.acronym == fact.acronym)).one()
        audit.record("load_mission", mission, by=None, at=now)
    return len(new)


def default_rubric() -> tuple[CriterionDraft, ...]:
    return tuple(
        CriterionDraft(c.code, CriterionKind(c.kind), c.weight, c.titles, c.levels) for c in default_criteria()
    )


def criteria_problems(criteria: Sequence[CriterionDraft]) -> tuple[Problem, ...]:
    codes = [c.code for c in criteria]
    stands = {
        Problem.CODE_TWICE: len(set(codes)) != len(codes),
        Problem.CRITERION_TITLE: any(not c.titles.get("en", "").strip() for c in criteria),
        Problem.LEVEL_MISSING: any(
            not c.levels.get(str(value), {}).get("en", "").strip() for c in criteria for value in c.kind.values
        ),
        Problem.WEIGHT_RANGE: any(
            not 0 <= c.weight <= readiness.FULL_WEIGHT or (c.kind is CriterionKind.CONCERN and c.weight)
            for c in criteria
        ),
    }
    return tuple(problem for problem, there in stands.items() if there)


def in_range(*moments: datetime) -> bool:
    """Of the years in which somebody could mean it; pages say a moment in zones on both sides of it."""
    return all(2000 <= at.year <= LAST_YEAR for at in moments)


def _sound(settings: Settings, cycle: Cycle | None) -> Settings:
    s = settings
    taken = select(exists().where(Cycle.award_year == s.award_year, Cycle.id != (cycle.id if cycle else 0)))
    stands = {
        Problem.YEAR_RANGE: not FIRST_YEAR <= s.award_year <= LAST_YEAR,
        Problem.YEAR_TAKEN: bool(db.session.scalar(taken)),
        Problem.TITLE_MISSING: not s.titles.get("en", "").strip(),
        Problem.DATES_ORDER: not s.opens_at < s.closes_at < s.screening_ends_at < s.review_ends_at,
        Problem.DATES_RANGE: not in_range(s.opens_at, s.closes_at, s.screening_ends_at, s.review_ends_at),
        Problem.SERVICE_ORDER: s.service_from > s.service_to,
        Problem.QUOTA: not 0 < s.default_quota <= LARGEST,
        Problem.QUORUM: not 0 < s.quorum <= LARGEST,
    }
    found = tuple(problem for problem, there in stands.items() if there)
    if found:
        raise Refused(Refusal.INVALID, problems=found)
    return settings


def _replace_criteria(cycle: Cycle, criteria: Sequence[CriterionDraft]) -> None:
    for old in list(cycle.criteria):
        db.session.delete(old)
    db.session.flush()
    for position, draft in enumerate(criteria, 1):
        titles = dict(draft.titles)
        levels = {value: dict(texts) for value, texts in draft.levels.items()}
        row = Criterion(cycle_id=cycle.id, position=position, code=draft.code, kind=draft.kind, weight=draft.weight)
        row.titles, row.levels = titles, levels
        db.session.add(row)
    db.session.flush()
    db.session.expire(cycle, ["criteria"])


def _called(cycle: Cycle, mission: Mission) -> CycleMission | None:
    here = (CycleMission.cycle_id == cycle.id, CycleMission.mission_id == mission.id)
    return db.session.scalars(select(CycleMission).where(*here)).one_or_none()


def hold(cycle: Cycle) -> None:
    """Settings change only while preparing: whoever changes them and whoever opens the cycle wait for each other."""
    db.session.refresh(cycle, with_for_update=True)
