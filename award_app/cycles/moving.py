"""Dates of an opened year are moved with a reason, and an extension is given to one mission.

Both take the cycle's row for themselves: who hands in or scores at the same moment comes before or after, never between.
What was too late when it arrived stays late: it is kept apart, and no later date brings it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from award_app import access, audit, outbox
from award_app.accounts.models import Person
from award_app.accounts.queries import holders
from award_app.accounts.telling import OF_A_MISSION
from award_app.cycles import queries
from award_app.cycles.models import Cycle, Extension, Mission, MovedDate
from award_app.cycles.operations import in_range
from award_app.cycles.problems import Problem
from award_app.db import db
from award_app.domain.calendar import Dates
from award_app.domain.vocabulary import Action, AppointmentRole, Refusal, Refused
from award_app.nominations.models import Nomination
from award_app.reviews.models import effective_scores

REASON_CHARS: Final = 500
# A round that waits under its quorum may be given a later end after its end has passed, until it is closed.
_LAST: Final = "review_ends_at"
_MISSIONS, _PANEL = OF_A_MISSION, (AppointmentRole.MEMBER,)
CONCERNS: Final = {
    "opens_at": _MISSIONS,
    "closes_at": _MISSIONS,
    "screening_ends_at": _PANEL,
    "review_ends_at": _PANEL,
}


def move_dates(
    cycle: Cycle, wanted: Mapping[str, datetime], reason: str, *, less_time: bool = False, by: Person, now: datetime
) -> list[MovedDate]:
    """`wanted`: field of `Dates` → its new instant; what is as it was is left out. `less_time` says that the secretariat
    knows it takes time away from somebody. Raises `Refused`: INVALID with problems; TOO_LATE once the round is closed."""
    cycle = queries.held(cycle.id)
    access.require(by, Action.MOVE_DATE, cycle, now=now)
    changed = {field: at for field, at in wanted.items() if at != getattr(cycle, field)}
    reason = reason.strip()
    found = [*_problems(cycle, changed, less_time, now), *_of_reason(reason)]
    if found:
        raise Refused(Refusal.INVALID, problems=tuple(found))
    rows = [_moved(cycle, field, at, reason, by, now) for field, at in changed.items()]
    db.session.add_all(rows)
    for row in rows:
        setattr(cycle, row.field, row.after)
    db.session.flush()
    audit.record("move_date", cycle, by=by, at=now, cycle_id=cycle.id, moved=[[row.id, row.field] for row in rows])
    _tell(cycle, rows, by, now)
    return rows


def movable(cycle: Cycle, now: datetime) -> tuple[str, ...]:
    """Fields of the instants that may still be moved."""
    return tuple(field for field, at in asdict(cycle.dates).items() if at > now or field == _LAST)


def extend(cycle: Cycle, mission: Mission, until: datetime, reason: str, *, by: Person, now: datetime) -> Extension:
    """More time for one mission; never less than it has. Raises `Refused`: INVALID with problems."""
    cycle = queries.held(cycle.id)
    access.require(by, Action.EXTEND, cycle, now=now)
    reason = reason.strip()
    stands = {
        Problem.MISSION_UNKNOWN: mission.id not in {called.mission_id for called in cycle.missions},
        Problem.NOT_LATER: until <= max(now, queries.deadline_of(cycle, mission)),
        Problem.AFTER_SCREENING: until > cycle.screening_ends_at,
    }
    found = [*(problem for problem, there in stands.items() if there), *_of_reason(reason)]
    if found:
        raise Refused(Refusal.INVALID, problems=tuple(found))
    made = Extension(cycle_id=cycle.id, mission_id=mission.id, until=until, reason=reason, by_id=by.id, at=now)
    db.session.add(made)
    db.session.flush()
    audit.record("extend", made, by=by, at=now, cycle_id=cycle.id, mission=mission.id)
    for person in holders(*OF_A_MISSION, cycle=cycle, mission_id=mission.id):
        outbox.add("extended", to=person, cause=f"extension {made.id}", now=now, extension_id=made.id)
    return made


def _problems(cycle: Cycle, changed: Mapping[str, datetime], less_time: bool, now: datetime) -> list[Problem]:
    after, may_move = replace(cycle.dates, **changed), movable(cycle, now)
    latest = max((one.until for one in queries.extensions(cycle).values()), default=after.closes_at)
    stands = {
        Problem.NOTHING_MOVED: not changed,
        Problem.PASSED: any(field not in may_move for field in changed),
        Problem.PAST: any(at <= _latest(cycle, field, now) for field, at in changed.items() if field in may_move),
        Problem.DATES_ORDER: not _in_order(after),
        Problem.DATES_RANGE: not in_range(*changed.values()),
        Problem.EXTENSION_LATER: "screening_ends_at" in changed and after.screening_ends_at < latest,
        Problem.LESS_TIME: not less_time and any(at < getattr(cycle, field) for field, at in changed.items()),
    }
    return [problem for problem, there in stands.items() if there]


def _latest(cycle: Cycle, field: str, now: datetime) -> datetime:
    """Now, or what came in since the request for the move arrived: nothing that was in time is made late."""
    last = None
    if field == "closes_at":
        last = db.session.scalar(select(func.max(Nomination.submitted_at)).where(Nomination.cycle_id == cycle.id))
    elif field == _LAST:
        scores = effective_scores.c
        last = db.session.scalar(select(func.max(scores.at)).where(scores.cycle_id == cycle.id))
    return max(now, last or now)


def _in_order(dates: Dates) -> bool:
    return dates.opens_at < dates.closes_at < dates.screening_ends_at < dates.review_ends_at


def _of_reason(reason: str) -> list[Problem]:
    return [] if 0 < len(reason) <= REASON_CHARS else [Problem.REASON]


def _moved(cycle: Cycle, field: str, after: datetime, reason: str, by: Person, now: datetime) -> MovedDate:
    before = getattr(cycle, field)
    return MovedDate(cycle_id=cycle.id, field=field, before=before, after=after, reason=reason, by_id=by.id, at=now)


def _tell(cycle: Cycle, rows: list[MovedDate], by: Person, now: datetime) -> None:
    """One letter to each whom one of the rows concerns; it names all that do. The secretariat but for who moved them."""
    about: dict[Person, MovedDate] = {}
    for row in rows:
        others = [person for person in holders(AppointmentRole.SECRETARIAT) if person.id != by.id]
        for person in (*holders(*CONCERNS[row.field], cycle=cycle), *others):
            about.setdefault(person, row)
    for person, row in sorted(about.items(), key=lambda pair: pair[0].id):
        outbox.add("dates_moved", to=person, cause=f"moved date {row.id}", now=now, moved_date_id=row.id)
