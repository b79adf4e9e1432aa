"""Reading scores: one's own, and how far everybody is. Values come from the view `effective_scores`, never the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union,
    union_all,
)

from award_app.accounts.models import Appointment, Person
from award_app.cycles.models import Criterion, Cycle, Mission
from award_app.db import db
from award_app.domain.scoring import FileState, file_state, place
from award_app.domain.vocabulary import AppointmentRole, ConflictKind, NominationState, Seat
from award_app.nominations.models import Nomination
from award_app.panel.models import Declaration, Recusal
from award_app.reviews.models import Ballot, CannotFinish, Closing, Score, ScoreDraft, barred, effective_scores


class Line(NamedTuple):
    """A criterion of the score sheet, and what its author gave last: None where she has chosen no value.

    `mark` names what she saw of it, for the next save: the revision of a score, the time of a comment without one, or
    UNSEEN.
    """

    criterion: Criterion
    value: int | None
    comment: str
    at: datetime | None
    mark: str


UNSEEN = "0"


class Given(NamedTuple):
    """One thing a member gave: what counts, a comment whose value is not chosen, or what came too late."""

    kind: int
    nomination_id: int
    criterion_id: int
    value: int | None
    comment: str
    revision: int
    at: datetime

    @property
    def mark(self) -> str:
        return f"d{self.at.timestamp():.6f}" if self.kind == _DRAFT else str(self.revision)


_COUNTS, _DRAFT, _LATE = 0, 1, 2


@dataclass(frozen=True)
class Own:
    """What one member has given in a cycle."""

    given: Sequence[Given]

    def lines(self, nomination: Nomination) -> list[Line]:
        """The sheet of a file whose texts were asked for, as its author left it; one line for each criterion."""
        here = {g.criterion_id: g for g in self.given if g.nomination_id == nomination.id and g.kind != _LATE}
        return [_line(criterion, here.get(criterion.id)) for criterion in nomination.cycle.criteria]

    def late(self, nomination: Nomination) -> dict[int, tuple[int, str]]:
        """What came after the close: criterion id → value and comment. It counts nowhere and nobody else sees it."""
        late = (g for g in self.given if g.nomination_id == nomination.id and g.kind == _LATE)
        return {g.criterion_id: (g.value or 0, g.comment) for g in late}

    @cached_property
    def values(self) -> Mapping[int, Mapping[int, int]]:
        """Nomination id → criterion id → the value that counts."""
        found: dict[int, dict[int, int]] = {}
        for g in self.given:
            if g.kind == _COUNTS and g.value is not None:
                found.setdefault(g.nomination_id, {})[g.criterion_id] = g.value
        return found


def _line(criterion: Criterion, given: Given | None) -> Line:
    if given is None:
        return Line(criterion, None, "", None, UNSEEN)
    return Line(criterion, given.value, given.comment, given.at, given.mark)


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

    @property
    def out(self) -> bool:
        """Closed to her: she stepped out, or had a hand in it."""
        return self.recused or self.barred

    def state(self, criteria: int) -> FileState:
        return file_state(declared=self.declared, out=self.out, scored=self.scored, criteria=criteria)


class MemberProgress(NamedTuple):
    """`cannot` and what follows are of her word to the secretariat that still waits for an answer."""

    name: str
    seat: Seat | None
    finished_at: datetime | None
    cannot_id: int | None
    cannot_reason: str | None
    cannot_at: datetime | None


class FileProgress(NamedTuple):
    id: int
    ref: str
    name: str
    mission: str
    reviews: int  # members who have scored every criterion
    out: int  # members who may not score it


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


def own(person: Person, cycle_id: int) -> Own:
    """The values she gave in the cycle, for her own eyes only."""
    asked = {"person": person.id, "cycle": cycle_id}
    return Own([Given._make(row) for row in db.session.execute(_values_alone(), asked).all()])


def own_in(person: Person, nomination: Nomination) -> Own:
    """What she gave in this one file, with its comments, drafts and late scores. A draft, which has no revision, stands
    before the score that followed it."""
    asked = {"person": person.id, "cycle": nomination.cycle_id, "file": nomination.id}
    rows = db.session.execute(_of_one_file(), asked).all()
    return Own(sorted(map(Given._make, rows), key=attrgetter("revision")))


_PERSON, _CYCLE, _FILE = (bindparam(name, type_=Integer) for name in ("person", "cycle", "file"))


@cache  # as the others here: made once, because making the question anew for each page takes longer than its answer
def _values_alone() -> Select[*tuple[Any, ...]]:
    return _counting(literal(""))


@cache
def _of_one_file() -> CompoundSelect[*tuple[Any, ...]]:
    s = effective_scores.c
    counts = _counting(s.comment).where(s.nomination_id == _FILE)
    d, late = ScoreDraft, Score
    drafts = select(
        literal(_DRAFT), d.nomination_id, d.criterion_id, cast(null(), Integer), d.comment, literal(0), d.at
    ).where(d.nomination_id == _FILE, d.person_id == _PERSON)
    too_late = select(
        literal(_LATE), late.nomination_id, late.criterion_id, late.value, late.comment, late.revision, late.at
    ).where(late.nomination_id == _FILE, late.person_id == _PERSON, late.late)
    return union_all(counts, drafts, too_late)


def _counting(comment: ColumnElement[str]) -> Select[*tuple[Any, ...]]:
    s = effective_scores.c
    columns = (s.nomination_id, s.criterion_id, s.value, comment.label("comment"), s.revision, s.at)
    return select(literal(_COUNTS).label("kind"), *columns).where(s.cycle_id == _CYCLE, s.person_id == _PERSON)


def own_scores(person: Person, nomination: Nomination) -> list[Line]:
    return own_in(person, nomination).lines(nomination)


def own_list(person: Person, cycle: Cycle) -> list[ListedFile]:
    """Every accepted file of the cycle once, with where this member stands in it; in her own order."""
    rows = db.session.execute(_accepted_files(), {"person": person.id, "cycle": cycle.id}).all()
    return sorted(map(ListedFile._make, rows), key=lambda file: place(person.ref, file.ref))


@cache
def _accepted_files() -> Select[int, str, str, str, str, datetime | None, bool, bool, bool, int]:
    s = effective_scores.c
    given = select(s.nomination_id, func.count().label("n")).where(s.cycle_id == _CYCLE, s.person_id == _PERSON)
    scored = given.group_by(s.nomination_id).subquery()
    return (
        select(
            Nomination.id,
            Nomination.ref,
            Nomination.nominee_name,
            Nomination.nominee_country,
            Mission.acronym,
            Nomination.accepted_at,
            exists().where(Declaration.nomination_id == Nomination.id, Declaration.person_id == _PERSON),
            exists().where(Recusal.nomination_id == Nomination.id, Recusal.person_id == _PERSON),
            exists().where(barred.c.nomination_id == Nomination.id, barred.c.person_id == _PERSON),
            func.coalesce(scored.c.n, 0),
        )
        .join(Mission, Mission.id == Nomination.mission_id)
        .outerjoin(scored, scored.c.nomination_id == Nomination.id)
        .where(Nomination.cycle_id == _CYCLE, Nomination.state == NominationState.ACCEPTED)
    )


def ballot(person: Person, cycle: Cycle) -> datetime | None:
    """When she finished; None while she has not."""
    return db.session.scalar(_ballot(), {"person": person.id, "cycle": cycle.id})


@cache
def _ballot() -> Select[datetime | None]:
    return select(Ballot.finished_at).where(Ballot.cycle_id == _CYCLE, Ballot.person_id == _PERSON)


def stands(nomination: Nomination, finished_at: datetime | None) -> bool:
    """Whether what a member gave this file is final. One accepted after she finished can still be scored."""
    accepted_at = nomination.accepted_at
    return finished_at is not None and (accepted_at is None or accepted_at <= finished_at)


def unfinished(files: Sequence[ListedFile], criteria: int) -> list[ListedFile]:
    """Those a member still has to declare for or to score whole, before she may finish."""
    return [f for f in files if f.state(criteria) in (FileState.NOT_OPENED, FileState.DRAFT)]


def told_that_she_cannot(person: Person, cycle: Cycle) -> datetime | None:
    """When she told the secretariat that she cannot finish, while that waits for its answer."""
    waiting = (
        CannotFinish.cycle_id == cycle.id,
        CannotFinish.person_id == person.id,
        CannotFinish.answered_at.is_(None),
    )
    return db.session.scalar(select(CannotFinish.at).where(*waiting))


def closing(cycle: Cycle) -> Closing | None:
    """How the round was closed by a person; None where its time closed it, or nothing yet."""
    return db.session.scalars(select(Closing).where(Closing.cycle_id == cycle.id)).one_or_none()


def progress(cycle: Cycle, kept: frozenset[int] = frozenset()) -> Progress:
    """Who has finished and how many full reviews each file has; nothing of the files that are `kept` from the viewer."""
    return Progress(_members(cycle), _files(cycle, kept), _recusals(cycle, kept))


def under_quorum(cycle: Cycle) -> list[int]:
    """Ids of the accepted files that fewer members have scored whole than the quorum asks."""
    return [file.id for file in _files(cycle) if file.reviews < cycle.quorum]


def all_finished(cycle: Cycle) -> bool:
    """Whether every member who is on the panel now has finished."""
    return all(member.finished_at for member in _members(cycle))


def with_the_secretariat(cycle: Cycle, now: datetime) -> bool:
    """Whether a file may still come to the panel: handed in and not ruled on, or with its mission until a deadline."""
    S = NominationState
    may_come_back = and_(Nomination.state.in_((S.RETURNED, S.ENDORSED)), Nomination.return_deadline > now)
    waiting = and_(Nomination.cycle_id == cycle.id, or_(Nomination.state == S.SUBMITTED, may_come_back))
    return bool(db.session.scalar(select(exists().where(waiting))))


def _on_the_panel(cycle: Cycle) -> Select[int]:
    """Ids of the members who can score."""
    return (
        select(Appointment.person_id)
        .join(Person, Person.id == Appointment.person_id)
        .where(
            Appointment.cycle_id == cycle.id,
            Appointment.role == AppointmentRole.MEMBER,
            Appointment.ended_at.is_(None),
            Person.deactivated_at.is_(None),
        )
    )


def _members(cycle: Cycle) -> list[MemberProgress]:
    finished = and_(Ballot.person_id == Person.id, Ballot.cycle_id == cycle.id)
    waiting = and_(
        CannotFinish.person_id == Person.id, CannotFinish.cycle_id == cycle.id, CannotFinish.answered_at.is_(None)
    )
    rows = db.session.execute(
        select(Person.name, Appointment.seat, Ballot.finished_at, CannotFinish.id, CannotFinish.reason, CannotFinish.at)
        .join(Appointment, Appointment.person_id == Person.id)
        .outerjoin(Ballot, finished)
        .outerjoin(CannotFinish, waiting)
        .where(
            Appointment.cycle_id == cycle.id,
            Appointment.role == AppointmentRole.MEMBER,
            Appointment.ended_at.is_(None),
            Person.deactivated_at.is_(None),
        )
        .order_by(Person.name, Person.id)
    )
    return [MemberProgress(*row) for row in rows]


def _files(cycle: Cycle, kept: frozenset[int] = frozenset()) -> list[FileProgress]:
    s = effective_scores.c
    criteria = select(func.count()).where(Criterion.cycle_id == cycle.id).scalar_subquery()
    full = (
        select(s.nomination_id, s.person_id)
        .where(s.cycle_id == cycle.id)
        .group_by(s.nomination_id, s.person_id)
        .having(func.count() == criteria)
        .subquery()
    )
    out = union(
        select(Recusal.nomination_id, Recusal.person_id), select(barred.c.nomination_id, barred.c.person_id)
    ).subquery()
    stepped = select(func.count()).where(
        out.c.nomination_id == Nomination.id, out.c.person_id.in_(_on_the_panel(cycle))
    )
    rows = db.session.execute(
        select(
            Nomination.id,
            Nomination.ref,
            Nomination.nominee_name,
            Mission.acronym,
            func.count(full.c.person_id),
            stepped.correlate(Nomination).scalar_subquery(),
        )
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
