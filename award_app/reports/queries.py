"""Where an award year stands: facts for the secretariat's cockpit, none of which this reader may not know.

A draft is known by its number per mission only. A file in which she has a conflict is known to be there, and by nothing
else: it is missing from every count that says how a file stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, distinct, exists, func, literal, not_, or_, select, true
from sqlalchemy.sql.selectable import ScalarSelect

from award_app import access
from award_app.accounts.models import Appointment, Person
from award_app.announcement.models import Announcement
from award_app.cycles.models import Cycle, CycleMission, Extension, Mission, MissionAnswer
from award_app.db import db
from award_app.domain.vocabulary import AppointmentRole, Consent, LetterState, NominationState, Seat
from award_app.nominations.models import (
    Answer,
    ConductClearance,
    Endorsement,
    Nomination,
    Return,
    SecretariatDeclaration,
    WithdrawalRequest,
)
from award_app.notifications.models import Letter
from award_app.panel.models import Declaration, Recusal
from award_app.reports.lists import queries as lists
from award_app.reports.lists.queries import Page, Wanted
from award_app.reviews.models import Ballot, CannotFinish, barred
from award_app.selection.models import OutcomeChange

S, R = NominationState, AppointmentRole


def running_years(now: datetime) -> Sequence[Cycle]:
    """Opened years that are not announced, the one that is furthest on first; else the newest year there is."""
    out = exists().where(Announcement.cycle_id == Cycle.id, access.released(now))
    standing = select(Cycle).where(Cycle.archived_at.is_(None))
    running = standing.where(Cycle.opened_at.is_not(None), not_(out)).order_by(Cycle.award_year)
    found = db.session.scalars(running).all()
    return found or db.session.scalars(standing.order_by(Cycle.award_year.desc()).limit(1)).all()


def open_to(person: Person) -> ColumnElement[bool]:
    """The predicate on `Nomination`: handed in once, and she has no conflict in it."""
    own = and_(SecretariatDeclaration.person_id == person.id, SecretariatDeclaration.conflict)
    return and_(
        access.visible_nominations(person),
        Nomination.submitted_at.is_not(None),
        Nomination.id.not_in(select(SecretariatDeclaration.nomination_id).where(own)),
        Nomination.id.not_in(select(Recusal.nomination_id).where(Recusal.person_id == person.id)),
        Nomination.id.not_in(select(barred.c.nomination_id).where(barred.c.person_id == person.id)),
    )


# --- missions --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MissionLine:
    """`handed_in` counts files that are there: those withdrawn or ruled out are not, where this reader may know it.
    `closes_at` is the mission's own deadline, `answered` its word that it has no nominee this year."""

    id: int
    acronym: str
    name: str
    area: str
    timezone: str
    quota: int
    drafts: int
    handed_in: int
    answered: bool
    closes_at: datetime
    authorities: tuple[str, ...] = ()

    @property
    def silent(self) -> bool:
        return not self.handed_in and not self.answered


def mission_lines(cycle: Cycle, person: Person, wanted: Wanted) -> Page[MissionLine]:
    """By acronym. Filters: `stands` (silent, answered, drafts, handed_in, full) and `authority` (missing, named)."""
    here = (Nomination.cycle_id == cycle.id, Nomination.mission_id == Mission.id)
    drafts = _count(*here, Nomination.submitted_at.is_(None), Nomination.state.in_((S.DRAFT, S.ENDORSED)))
    gone = and_(Nomination.state.in_((S.WITHDRAWN, S.INELIGIBLE)), open_to(person))
    handed_in = _count(*here, Nomination.submitted_at.is_not(None), not_(gone))
    answered = exists().where(
        MissionAnswer.cycle_id == cycle.id,
        MissionAnswer.mission_id == Mission.id,
        MissionAnswer.taken_back_at.is_(None),
    )
    rows = (
        select(Mission, CycleMission.quota, drafts, handed_in, answered, _extended(cycle))
        .select_from(CycleMission)
        .join(Mission, Mission.id == CycleMission.mission_id)
        .where(CycleMission.cycle_id == cycle.id)
        .order_by(Mission.acronym)
    )
    stands: Mapping[str, ColumnElement[bool]] = {
        "silent": and_(handed_in == 0, not_(answered)),
        "answered": answered,
        "drafts": drafts > 0,
        "handed_in": handed_in > 0,
        "full": handed_in >= CycleMission.quota,
    }
    named = exists().where(*_authority_of(cycle), Appointment.mission_id == Mission.id)
    fits = [
        lists.matching(wanted.search, Mission.acronym, Mission.name, Mission.area),
        stands.get(wanted.get("stands"), true()),
        {"missing": not_(named), "named": named}.get(wanted.get("authority"), true()),
    ]
    found = lists.page(rows, and_(*fits), wanted)
    names = _authorities(cycle)
    return found.turned(lambda row: _mission_line(cycle, *row, names=names.get(row[0].id, ())))


def _mission_line(
    cycle: Cycle,
    mission: Mission,
    quota: int,
    drafts: int,
    handed_in: int,
    answered: bool,
    extended: datetime | None,
    *,
    names: tuple[str, ...],
) -> MissionLine:
    facts = (mission.id, mission.acronym, mission.name, mission.area, mission.timezone)
    closes_at = max(cycle.closes_at, extended or cycle.closes_at)
    return MissionLine(*facts, quota, drafts, handed_in, bool(answered), closes_at, names)


def _count(*where: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count(Nomination.id)).where(*where).correlate(Mission).scalar_subquery()


def _extended(cycle: Cycle) -> ScalarSelect[datetime]:
    """Of a mission's extensions the newest counts."""
    newest = select(func.max(Extension.id)).where(Extension.cycle_id == cycle.id, Extension.mission_id == Mission.id)
    return select(Extension.until).where(Extension.id == newest.correlate(Mission).scalar_subquery()).scalar_subquery()


def _authority_of(cycle: Cycle) -> tuple[ColumnElement[bool], ...]:
    """Somebody who could hand a file in today."""
    return (
        Appointment.cycle_id == cycle.id,
        Appointment.role == R.AUTHORITY,
        Appointment.ended_at.is_(None),
        Appointment.person_id.in_(select(Person.id).where(Person.deactivated_at.is_(None))),
    )


def _authorities(cycle: Cycle) -> dict[int, tuple[str, ...]]:
    held = select(Appointment.mission_id, Person.name).join(Person, Person.id == Appointment.person_id)
    found: dict[int, tuple[str, ...]] = {}
    for mission, name in db.session.execute(held.where(*_authority_of(cycle)).order_by(Person.name, Person.id)):
        found[mission or 0] = (*found.get(mission or 0, ()), name)
    return found


# --- files -----------------------------------------------------------------------------------------------------------


class FileCounts(NamedTuple):
    """Of the files open to this reader. `survivor` counts only those she may read: declared, without a conflict."""

    waiting: int  # for somebody's screening
    second: int  # for a second person to confirm that they are ineligible
    survivor: int
    voided: int  # came back, were endorsed, and were changed after that
    accepted: int
    without_consent: int
    without_clearance: int
    withdrawal_asked: int


def file_counts(cycle: Cycle, person: Person) -> FileCounts:
    n = Nomination
    submitted, accepted = n.state == S.SUBMITTED, n.state == S.ACCEPTED
    conditions = (
        and_(submitted, n.ineligible_by_id.is_(None)),
        and_(submitted, n.ineligible_by_id.is_not(None)),
        and_(submitted, _declared_clear(person), _says("identifies_survivor") == "yes"),
        and_(n.state == S.RETURNED, _voided()),
        accepted,
        and_(accepted, n.consent.is_distinct_from(Consent.GIVEN)),
        and_(accepted, _cleared().is_distinct_from(literal(True))),
        and_(exists().where(WithdrawalRequest.nomination_id == n.id), not_(_changing())),
    )
    counts = (func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in conditions)
    row = db.session.execute(select(*counts).select_from(n).where(n.cycle_id == cycle.id, open_to(person))).one()
    return FileCounts(*(int(one) for one in row))


def _declared_clear(person: Person) -> ColumnElement[bool]:
    return exists().where(
        SecretariatDeclaration.nomination_id == Nomination.id,
        SecretariatDeclaration.person_id == person.id,
        not_(SecretariatDeclaration.conflict),
    )


def _says(field: str) -> ScalarSelect[str]:
    """The answer as it was handed in."""
    here = (
        Answer.nomination_id == Nomination.id,
        Answer.field == field,
        Answer.late.is_(False),
        Answer.id <= Nomination.submitted_answer_id,
    )
    return select(Answer.text).where(*here).order_by(Answer.revision.desc()).limit(1).scalar_subquery()


def _voided() -> ColumnElement[bool]:
    back = select(func.max(Return.at)).where(Return.nomination_id == Nomination.id).scalar_subquery()
    return exists().where(
        Endorsement.nomination_id == Nomination.id, Endorsement.voided_at.is_not(None), Endorsement.at >= back
    )


def _cleared() -> ScalarSelect[bool]:
    """What the conduct database said last; NULL while nothing is recorded."""
    word = select(ConductClearance.cleared).where(ConductClearance.nomination_id == Nomination.id)
    return word.order_by(ConductClearance.id.desc()).limit(1).scalar_subquery()


def _changing() -> ColumnElement[bool]:
    return exists().where(OutcomeChange.nomination_id == Nomination.id, OutcomeChange.dropped_at.is_(None))


class ReturnedFile(NamedTuple):
    ref: str
    name: str
    mission: str
    timezone: str
    until: datetime | None  # never None: the query asks for those that have one


def returned_files(cycle: Cycle, person: Person) -> Sequence[ReturnedFile]:
    """Files that their missions have back, the nearest deadline first; at most fifty."""
    back = and_(Nomination.return_deadline.is_not(None), Nomination.state.in_((S.RETURNED, S.ENDORSED)))
    rows = db.session.execute(
        select(Nomination.ref, Nomination.nominee_name, Mission.acronym, Mission.timezone, Nomination.return_deadline)
        .join(Mission, Mission.id == Nomination.mission_id)
        .where(Nomination.cycle_id == cycle.id, back, open_to(person))
        .order_by(Nomination.return_deadline, Nomination.id)
        .limit(lists.PAGE)
    )
    return [ReturnedFile(*row) for row in rows]


# --- the panel -------------------------------------------------------------------------------------------------------


class MemberLine(NamedTuple):
    """`undeclared` counts accepted files, open to the reader, of which the member has not said whether she may judge
    them. `cannot`: she says that she cannot finish, and nobody has answered."""

    ref: str
    name: str
    seat: Seat | None
    finished_at: datetime | None
    undeclared: int
    cannot: bool


def member_lines(cycle: Cycle, person: Person) -> Sequence[MemberLine]:
    mine = (Declaration, Recusal)
    spoken = [exists().where(t.nomination_id == Nomination.id, t.person_id == Person.id) for t in mine]
    spoken.append(exists().where(barred.c.nomination_id == Nomination.id, barred.c.person_id == Person.id))
    undeclared = (
        select(func.count(Nomination.id))
        .where(Nomination.cycle_id == cycle.id, Nomination.state == S.ACCEPTED, open_to(person))
        .where(not_(or_(*(word.correlate(Nomination, Person) for word in spoken))))
        .correlate(Person)
        .scalar_subquery()
    )
    asks = exists().where(
        CannotFinish.cycle_id == cycle.id, CannotFinish.person_id == Person.id, CannotFinish.answered_at.is_(None)
    )
    rows = db.session.execute(
        select(Person.ref, Person.name, Appointment.seat, Ballot.finished_at, undeclared, asks)
        .join(Appointment, Appointment.person_id == Person.id)
        .outerjoin(Ballot, and_(Ballot.person_id == Person.id, Ballot.cycle_id == cycle.id))
        .where(Appointment.cycle_id == cycle.id, Appointment.role == R.MEMBER, Appointment.ended_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    return [MemberLine(*row) for row in rows]


def under_quorum(cycle: Cycle, person: Person) -> int:
    """Accepted files that cannot reach the quorum: too many members stepped out of them or are barred."""
    members = select(Appointment.person_id).where(
        Appointment.cycle_id == cycle.id, Appointment.role == R.MEMBER, Appointment.ended_at.is_(None)
    )
    stepped = select(Recusal.person_id).where(Recusal.nomination_id == Nomination.id)
    bars = select(barred.c.person_id).where(barred.c.nomination_id == Nomination.id)
    free = (
        select(func.count(distinct(Person.id)))
        .where(Person.id.in_(members), Person.deactivated_at.is_(None))
        .where(Person.id.not_in(stepped.correlate(Nomination)), Person.id.not_in(bars.correlate(Nomination)))
        .correlate(Nomination)
        .scalar_subquery()
    )
    wanted = select(func.count(Nomination.id)).where(
        Nomination.cycle_id == cycle.id, Nomination.state == S.ACCEPTED, open_to(person), free < cycle.quorum
    )
    return db.session.scalar(wanted) or 0


# --- letters ---------------------------------------------------------------------------------------------------------

# Letters about people and dates. One about a file or an outcome is as secret as that, so it is not counted here.
_OPEN_LETTERS = (
    *("invitation", "address_change", "address_changed_notice", "password_reset", "password_changed"),
    *("appointed", "seat_changed", "authority_deputised"),
    *("handed_over", "call", "dates_moved", "extended", "round_open", "round_closed"),
)


def letters_stuck() -> int:
    """Letters that wait for a person: held, refused by the other side, or uncertain."""
    stuck = (LetterState.HELD, LetterState.REFUSED, LetterState.UNCERTAIN)
    wanted = select(func.count(Letter.id)).where(Letter.state.in_(stuck), Letter.template.in_(_OPEN_LETTERS))
    return db.session.scalar(wanted) or 0
