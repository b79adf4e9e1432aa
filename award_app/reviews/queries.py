"""Reading scores: one's own, and how far everybody is. Values come from the view `effective_scores`, never the table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, exists, func, select

from award_app import access
from award_app.accounts.models import Appointment, Person
from award_app.cycles.models import Criterion, Cycle, Mission
from award_app.db import db
from award_app.domain.vocabulary import AppointmentRole, ConflictKind, NominationState, Seat
from award_app.nominations.models import Nomination
from award_app.panel.models import Declaration, Recusal
from award_app.reviews.models import Ballot, Score, barred, effective_scores


class Line(NamedTuple):
    """A criterion of the score sheet, and what its author gave last; None and "" where she has not scored it."""

    criterion: Criterion
    value: int | None
    comment: str
    at: datetime | None


class ListedFile(NamedTuple):
    """A file on one member's list. `scored` counts the criteria she has scored in it."""

    id: int
    ref: str
    name: str
    country: str
    mission: str
    accepted_at: datetime | None
    declared: bool
    recused: bool
    barred: bool
    scored: int


class MemberProgress(NamedTuple):
    name: str
    seat: Seat | None
    finished_at: datetime | None


class FileProgress(NamedTuple):
    ref: str
    name: str
    mission: str
    reviews: int  # members who have scored every criterion


class Stepped(NamedTuple):
    """A recusal as chair and secretariat may see it."""

    member: str
    ref: str
    nominee: str
    kind: ConflictKind
    reason: str
    at: datetime


class Progress(NamedTuple):
    members: Sequence[MemberProgress]
    files: Sequence[FileProgress]
    recusals: Sequence[Stepped]


def own_scores(person: Person, nomination: Nomination) -> list[Line]:
    """The score sheet as its author left it, one line for each criterion in their order. For her own eyes only."""
    s = effective_scores.c
    rows = db.session.execute(
        select(s.criterion_id, s.value, s.comment, s.at).where(
            s.nomination_id == nomination.id, s.person_id == person.id
        )
    )
    given = {row[0]: (row[1], row[2], row[3]) for row in rows}
    return [Line(criterion, *given.get(criterion.id, (None, "", None))) for criterion in nomination.cycle.criteria]


def own_late_scores(person: Person, nomination: Nomination) -> dict[int, tuple[int, str]]:
    """What she sent after the close: criterion id → value and comment. It counts nowhere and nobody else sees it."""
    rows = db.session.execute(
        select(Score.criterion_id, Score.value, Score.comment)
        .where(Score.nomination_id == nomination.id, Score.person_id == person.id, Score.late)
        .order_by(Score.revision)
    )
    return {criterion_id: (value, comment) for criterion_id, value, comment in rows}


def own_list(person: Person, cycle: Cycle) -> list[ListedFile]:
    """Every accepted file of the cycle once, with where this member stands in it; by id."""
    s = effective_scores.c
    scored = select(func.count()).where(s.nomination_id == Nomination.id, s.person_id == person.id).scalar_subquery()
    rows = db.session.execute(
        select(
            Nomination.id,
            Nomination.ref,
            Nomination.nominee_name,
            Nomination.nominee_country,
            Mission.acronym,
            Nomination.accepted_at,
            exists().where(Declaration.nomination_id == Nomination.id, Declaration.person_id == person.id),
            exists().where(Recusal.nomination_id == Nomination.id, Recusal.person_id == person.id),
            exists().where(barred.c.nomination_id == Nomination.id, barred.c.person_id == person.id),
            scored,
        )
        .join(Mission, Mission.id == Nomination.mission_id)
        .where(Nomination.cycle_id == cycle.id, Nomination.state == NominationState.ACCEPTED)
        .order_by(Nomination.id)
    )
    return [ListedFile(*row) for row in rows]


def ballot(person: Person, cycle: Cycle) -> datetime | None:
    """When she finished; None while she has not."""
    mine = select(Ballot.finished_at).where(Ballot.cycle_id == cycle.id, Ballot.person_id == person.id)
    return db.session.scalar(mine)


def stands(nomination: Nomination, finished_at: datetime | None) -> bool:
    """Whether what a member gave this file is final. One accepted after she finished can still be scored."""
    accepted_at = nomination.accepted_at
    return finished_at is not None and (accepted_at is None or accepted_at <= finished_at)


def own_means(person: Person, cycle: Cycle) -> dict[int, float]:
    """Nomination id → the weighted mean of what she gave it, where she scored anything that carries weight."""
    s = effective_scores.c
    mean = func.sum(s.value * Criterion.weight) * 1.0 / func.sum(Criterion.weight)
    rows = db.session.execute(
        select(s.nomination_id, mean)
        .join(Criterion, Criterion.id == s.criterion_id)
        .where(s.cycle_id == cycle.id, s.person_id == person.id, Criterion.weight > 0)
        .group_by(s.nomination_id)
    )
    return {row[0]: float(row[1]) for row in rows}


def unfinished(files: Sequence[ListedFile], criteria: int) -> list[ListedFile]:
    """Those a member still has to declare for or to score whole, before she may finish."""
    return [f for f in files if not (f.recused or f.barred) and not (f.declared and f.scored == criteria)]


def progress(cycle: Cycle, *, seen_by: Person) -> Progress:
    """Who has finished and how many full reviews each file has; nothing of files that are kept from the viewer."""
    kept = access.kept_from(seen_by, cycle)
    return Progress(_members(cycle), _files(cycle, kept), _recusals(cycle, kept))


def _members(cycle: Cycle) -> list[MemberProgress]:
    finished = and_(Ballot.person_id == Person.id, Ballot.cycle_id == cycle.id)
    rows = db.session.execute(
        select(Person.name, Appointment.seat, Ballot.finished_at)
        .join(Appointment, Appointment.person_id == Person.id)
        .outerjoin(Ballot, finished)
        .where(
            Appointment.cycle_id == cycle.id,
            Appointment.role == AppointmentRole.MEMBER,
            Appointment.ended_at.is_(None),
        )
        .order_by(Person.name, Person.id)
    )
    return [MemberProgress(*row) for row in rows]


def _files(cycle: Cycle, kept: frozenset[int]) -> list[FileProgress]:
    s = effective_scores.c
    criteria = select(func.count()).where(Criterion.cycle_id == cycle.id).scalar_subquery()
    full = (
        select(s.nomination_id, s.person_id)
        .where(s.cycle_id == cycle.id)
        .group_by(s.nomination_id, s.person_id)
        .having(func.count() == criteria)
        .subquery()
    )
    rows = db.session.execute(
        select(Nomination.ref, Nomination.nominee_name, Mission.acronym, func.count(full.c.person_id))
        .join(Mission, Mission.id == Nomination.mission_id)
        .outerjoin(full, full.c.nomination_id == Nomination.id)
        .where(
            Nomination.cycle_id == cycle.id,
            Nomination.state == NominationState.ACCEPTED,
            Nomination.id.not_in(kept),
        )
        .group_by(Nomination.id, Mission.acronym)
        .order_by(Nomination.nominee_name, Nomination.id)
    )
    return [FileProgress(*row) for row in rows]


def _recusals(cycle: Cycle, kept: frozenset[int]) -> list[Stepped]:
    rows = db.session.execute(
        select(Person.name, Nomination.ref, Nomination.nominee_name, Recusal.kind, Recusal.reason, Recusal.at)
        .join(Person, Person.id == Recusal.person_id)
        .join(Nomination, Nomination.id == Recusal.nomination_id)
        .where(Nomination.cycle_id == cycle.id, Nomination.id.not_in(kept))
        .order_by(Nomination.nominee_name, Nomination.id, Person.name)
    )
    return [Stepped(*row) for row in rows]
