"""The rows from which open work is told: few columns, a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from award_app import access
from award_app.accounts.models import Appointment, Person
from award_app.announcement.models import Announcement, Approval
from award_app.cycles.models import Cycle, Extension, MissionAnswer
from award_app.db import db
from award_app.domain.vocabulary import AppointmentRole, NominationState
from award_app.nominations.models import Nomination, SecretariatDeclaration
from award_app.reviews.models import Ballot, barred

_WAITING = (NominationState.DRAFT, NominationState.ENDORSED, NominationState.RETURNED, NominationState.SUBMITTED)


@dataclass(frozen=True)
class FileRow:
    id: int
    ref: str
    state: NominationState
    mission_id: int
    nominator_id: int
    return_deadline: datetime | None
    ineligible_by_id: int | None


@dataclass(frozen=True)
class Release:
    """An announcement that one person has approved."""

    at: datetime
    approved_by_id: int


@dataclass(frozen=True)
class Rows:
    """`conflicts` are pairs of a file and somebody of the secretariat; `kept_from` those with one in a file that counts."""

    files: Sequence[FileRow]
    appointments: Sequence[Appointment]
    extended: dict[int, datetime]
    silent: frozenset[int]  # missions that answered "no nominee this year"
    finished: frozenset[int]
    conflicts: frozenset[tuple[int, int]]
    kept_from: frozenset[int]
    release: Release | None


def read(cycle: Cycle) -> Rows:
    conflicts = _conflicts(cycle)
    return Rows(
        files=_files(cycle),
        appointments=_appointments(cycle),
        extended=_extended(cycle),
        silent=frozenset(
            db.session.scalars(
                select(MissionAnswer.mission_id).where(
                    MissionAnswer.cycle_id == cycle.id, MissionAnswer.taken_back_at.is_(None)
                )
            )
        ),
        finished=frozenset(db.session.scalars(select(Ballot.person_id).where(Ballot.cycle_id == cycle.id))),
        conflicts=frozenset((file, person) for file, person, _counts in conflicts),
        kept_from=frozenset(person for _file, person, counts in conflicts if counts),
        release=_release(cycle),
    )


def _files(cycle: Cycle) -> Sequence[FileRow]:
    n = Nomination
    wanted = select(n.id, n.ref, n.state, n.mission_id, n.nominator_id, n.return_deadline, n.ineligible_by_id)
    found = db.session.execute(wanted.where(n.cycle_id == cycle.id, n.state.in_(_WAITING)).order_by(n.id))
    return [FileRow(*row) for row in found]


def _appointments(cycle: Cycle) -> Sequence[Appointment]:
    """Those that hold, of people who may sign in."""
    wanted = (
        select(Appointment)
        .join(Person, Person.id == Appointment.person_id)
        .where(
            Appointment.ended_at.is_(None),
            Person.deactivated_at.is_(None),
            or_(Appointment.cycle_id == cycle.id, Appointment.role == AppointmentRole.SECRETARIAT),
        )
        .options(joinedload(Appointment.mission), joinedload(Appointment.person))
    )
    return db.session.scalars(wanted.order_by(Appointment.id)).all()


def _extended(cycle: Cycle) -> dict[int, datetime]:
    newest = select(func.max(Extension.id)).where(Extension.cycle_id == cycle.id).group_by(Extension.mission_id)
    found = db.session.scalars(select(Extension).where(Extension.id.in_(newest)))
    return {extension.mission_id: extension.until for extension in found}


def _conflicts(cycle: Cycle) -> Sequence[tuple[int, int, bool]]:
    """Declared by the secretariat, or by the bar; the bar names mission people too, which does no harm."""
    declared = (
        select(Nomination.id, SecretariatDeclaration.person_id, access.counts().label("counts"))
        .join(SecretariatDeclaration, SecretariatDeclaration.nomination_id == Nomination.id)
        .where(Nomination.cycle_id == cycle.id, SecretariatDeclaration.conflict)
    )
    by_bar = (
        select(Nomination.id, barred.c.person_id, access.counts().label("counts"))
        .join(barred, barred.c.nomination_id == Nomination.id)
        .where(Nomination.cycle_id == cycle.id)
    )
    return [tuple(row) for row in db.session.execute(declared.union(by_bar))]  # type: ignore[misc]  # three columns


def _release(cycle: Cycle) -> Release | None:
    """Where exactly one person has approved the announcement as it stands."""
    approved = (
        select(Announcement.release_at, func.min(Approval.person_id))
        .join(Approval, (Approval.announcement_id == Announcement.id) & (Approval.version == Announcement.version))
        .where(Announcement.cycle_id == cycle.id, Announcement.taken_back_at.is_(None))
        .group_by(Announcement.id, Announcement.release_at)
        .having(func.count(Approval.id) == 1)
    )
    found = db.session.execute(approved).one_or_none()
    return Release(*found) if found else None
