"""Who may read which stored result, and what the decision names. No numbers are worked out here: the worker did that."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, exists, or_, select, union
from sqlalchemy.orm import joinedload, selectinload

from award_app import access
from award_app.accounts.models import Appointment, Person
from award_app.cycles.models import Cycle, Mission
from award_app.db import db
from award_app.domain.vocabulary import Action, AppointmentRole, NominationState, Refusal, Refused
from award_app.nominations.models import Nomination, SecretariatDeclaration
from award_app.panel.models import Recusal
from award_app.reviews.models import barred
from award_app.selection.models import Decision, Place, Result, ResultRow


def cycle_of(year: int) -> Cycle:
    cycle = db.session.scalars(select(Cycle).where(Cycle.award_year == year)).one_or_none()
    if cycle is None:
        raise Refused(Refusal.NOT_FOUND)
    return cycle


def closed_cycles() -> list[Cycle]:
    """Those whose round is closed, newest first."""
    found = select(Cycle).where(Cycle.round_closed_at.is_not(None), Cycle.archived_at.is_(None))
    return list(db.session.scalars(found.order_by(Cycle.award_year.desc())))


def key(files: Iterable[int]) -> str:
    """How `Result.without` writes a set of files."""
    return ",".join(str(one) for one in sorted(files))


class Placed(NamedTuple):
    """A row of a result as pages read it (`ResultRow`), with its nominee and the acronym of her mission."""

    nominee: str
    mission: str
    position: int | None
    weighted_mean: float | None
    adjusted_position: int | None
    adjusted_mean: float | None
    scores: int
    recusals: int
    concerns: int
    lowest: float | None
    highest: float | None


def result_for(person: Person, cycle: Cycle) -> tuple[Result, list[Placed]] | None:
    """The result of exactly the files this person may know about, and its rows by position, files without scores last;
    None while it is being computed. Whether she may see one at all is asked before."""
    if cycle.result_due:
        return None
    kept = key(access.kept_from(person, cycle))
    found = db.session.scalars(_result(), {"cycle": cycle.id, "without": kept}).one_or_none()
    if found is None:
        return None
    rows = (Placed(*row) for row in db.session.execute(_placed(), {"result": found.id}).all())
    return found, sorted(
        rows, key=lambda row: (row.position is None, row.position or 0, row.adjusted_position or 0, row.nominee)
    )


@cache
def _result() -> Select[Result]:
    return select(Result).where(Result.cycle_id == bindparam("cycle"), Result.without == bindparam("without"))


@cache
def _placed() -> Select[*tuple[Any, ...]]:
    own = (getattr(ResultRow, name) for name in Placed._fields[2:])
    return (
        select(Nomination.nominee_name, Mission.acronym, *own)
        .join(Nomination, Nomination.id == ResultRow.nomination_id)
        .join(Mission, Mission.id == Nomination.mission_id)
        .where(ResultRow.result_id == bindparam("result"))
    )


def stored(cycle: Cycle, without: str) -> Result | None:
    found = select(Result).where(Result.cycle_id == cycle.id, Result.without == without)
    loads = selectinload(Result.rows).joinedload(ResultRow.nomination).joinedload(Nomination.mission)
    return db.session.scalars(found.options(loads)).one_or_none()


def in_order(result: Result) -> list[ResultRow]:
    """By position; files without scores last. The databases differ on where an empty position stands."""

    def place(row: ResultRow) -> tuple[bool, int, int, str]:
        return row.position is None, row.position or 0, row.adjusted_position or 0, row.nomination.nominee_name

    return sorted(result.rows, key=place)


def panel(cycle: Cycle) -> list[Person]:
    """Chair, deputy and members who sit now, by name."""
    sits = (
        Appointment.cycle_id == cycle.id,
        Appointment.role == AppointmentRole.MEMBER,
        Appointment.ended_at.is_(None),
    )
    found = select(Person).join(Appointment, Appointment.person_id == Person.id).where(*sits)
    return list(db.session.scalars(found.where(Person.deactivated_at.is_(None)).order_by(Person.name, Person.id)))


def people(ids: set[int]) -> list[Person]:
    return list(db.session.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.name, Person.id)))


def sets_needed(cycle: Cycle) -> dict[str, frozenset[int]]:
    """The sets of files kept from somebody who may read the result, and the empty one: what `access.kept_from` says of
    each of them, in one statement."""
    everywhere = (AppointmentRole.SECRETARIAT, AppointmentRole.OBSERVER)
    holds = or_(Appointment.role.in_(everywhere), Appointment.cycle_id == cycle.id)
    concerned = select(Appointment.person_id).where(
        Appointment.role.in_((AppointmentRole.MEMBER, *everywhere)), holds, Appointment.ended_at.is_(None)
    )
    counting = select(Nomination.id).where(Nomination.cycle_id == cycle.id, access.counts())
    declared = SecretariatDeclaration
    conflicts = union(
        select(Recusal.person_id, Recusal.nomination_id),
        select(barred.c.person_id, barred.c.nomination_id),
        select(declared.person_id, declared.nomination_id).where(declared.conflict),
    ).subquery()
    mine, file = conflicts.c
    kept: dict[int, set[int]] = {}
    for person_id, file_id in db.session.execute(select(mine, file).where(mine.in_(concerned), file.in_(counting))):
        kept.setdefault(person_id, set()).add(file_id)
    return {key(files): frozenset(files) for files in (set[int](), *kept.values())}


def is_due(cycle: Cycle) -> bool:
    """Asked for; or somebody's set of files has no result yet (a secretariat member may declare a conflict any day); or
    a file was withdrawn since."""
    of_cycle = Result.cycle_id == cycle.id
    have = set(db.session.scalars(select(Result.without).where(of_cycle)))
    withdrawn = exists().where(
        ResultRow.result_id == Result.id,
        of_cycle,
        Nomination.id == ResultRow.nomination_id,
        Nomination.state != NominationState.ACCEPTED,
    )
    return cycle.result_due or not set(sets_needed(cycle)) <= have or bool(db.session.scalar(select(withdrawn)))


def decision_of(cycle: Cycle) -> Decision | None:
    """The decision with the files it names and who was present, or None."""
    places = selectinload(Decision.places).joinedload(Place.nomination).joinedload(Nomination.mission)
    found = select(Decision).where(Decision.cycle_id == cycle.id)
    return db.session.scalars(
        found.options(places, selectinload(Decision.present), joinedload(Decision.by))
    ).one_or_none()


def decision_for(person: Person, cycle: Cycle, *, now: datetime) -> Decision | None:
    access.require(person, Action.SEE_DECISION, cycle, now=now)
    return decision_of(cycle)
