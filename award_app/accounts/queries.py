"""People, their appointments and invitations, as pages need them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, not_, select
from sqlalchemy.orm import aliased, selectinload

from award_app.accounts.models import Appointment, Invitation, Person, Stint
from award_app.cycles.models import Cycle, Mission
from award_app.db import db, folded
from award_app.domain.vocabulary import AppointmentRole, Refusal, Refused
from award_app.reports.lists import queries as lists
from award_app.reports.lists.queries import Page, Wanted

NO_ROLE: Final = "none"

_PLACES = (
    selectinload(Person.appointments).selectinload(Appointment.cycle),
    selectinload(Person.appointments).selectinload(Appointment.mission),
)


def people(wanted: Wanted) -> Page[Person]:
    """By name. Filters: `role` (of an appointment that holds, or "none"), `year` of it, `account` open or closed."""
    rows = select(Person).order_by(folded(Person.name), Person.id)
    fits = [lists.matching(wanted.search, Person.name, Person.email), *_narrowed(wanted)]
    return lists.page(rows, and_(*fits), wanted, *_PLACES).turned(lambda row: row[0])


def _narrowed(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    role, year, account = wanted.get("role"), wanted.get("year"), wanted.get("account")
    holds = exists().where(Appointment.person_id == Person.id, Appointment.ended_at.is_(None))
    if role and role != NO_ROLE:
        holds = holds.where(Appointment.role == AppointmentRole(role))
    if year:
        holds = holds.where(Appointment.cycle_id == Cycle.id, Cycle.award_year == int(year))
    if role or year:
        yield not_(holds) if role == NO_ROLE else holds
    if account:
        yield Person.deactivated_at.is_(None) if account == "open" else Person.deactivated_at.is_not(None)


def person(ref: str) -> Person:
    """Raises NOT_FOUND."""
    wanted = (
        select(Person)
        .where(Person.ref == ref)
        .options(*_PLACES, selectinload(Person.stints).selectinload(Stint.mission))
    )
    found = db.session.scalars(wanted).one_or_none() if ref.isalnum() else None
    if found is None:
        raise Refused(Refusal.NOT_FOUND)
    return found


def appointment(of: Person, number: int) -> Appointment:
    """Raises NOT_FOUND for another person's."""
    found = next((a for a in of.appointments if a.id == number), None)
    if found is None:
        raise Refused(Refusal.NOT_FOUND)
    return found


def beside(person: Person) -> dict[int, list[Person]]:
    """For each running appointment of hers as an authority: the other authorities of that mission and year."""
    mine, other = aliased(Appointment), aliased(Appointment)
    rows = db.session.execute(
        select(mine.id, Person)
        .join(other, and_(other.cycle_id == mine.cycle_id, other.mission_id == mine.mission_id))
        .join(Person, Person.id == other.person_id)
        .where(mine.person_id == person.id, other.person_id != person.id, Person.deactivated_at.is_(None))
        .where(mine.role == AppointmentRole.AUTHORITY, other.role == AppointmentRole.AUTHORITY)
        .where(mine.ended_at.is_(None), other.ended_at.is_(None))
        .order_by(other.id)
    )
    found: dict[int, list[Person]] = {a.id: [] for a in person.appointments}
    for number, one in rows:
        found[number].append(one)
    return found


def invitations() -> Sequence[Invitation]:
    """Newest first, without those accepted: their people stand in the list of people."""
    waiting = select(Invitation).where(Invitation.accepted_at.is_(None)).order_by(Invitation.id.desc()).limit(200)
    return db.session.scalars(waiting.options(selectinload(Invitation.cycle), selectinload(Invitation.mission))).all()


def invitation(ref: str) -> Invitation:
    """Raises NOT_FOUND."""
    found = db.session.scalars(select(Invitation).where(Invitation.ref == ref)).one_or_none() if ref.isalnum() else None
    if found is None:
        raise Refused(Refusal.NOT_FOUND)
    return found


def inviter(of: Invitation) -> Person | None:
    return db.session.get(Person, of.invited_by_id) if of.invited_by_id else None


def has_account(email: str) -> bool:
    return bool(db.session.scalar(select(exists().where(Person.email == email))))


def missions() -> Sequence[Mission]:
    return db.session.scalars(select(Mission).order_by(Mission.acronym)).all()


def holders(*roles: AppointmentRole, cycle: Cycle | None = None, mission_id: int | None = None) -> Sequence[Person]:
    """Everybody active who holds one of the roles now, once each, whatever else she holds. By id."""
    holds = select(Appointment.person_id).where(
        Appointment.role.in_(roles),
        Appointment.cycle_id.is_not_distinct_from(cycle.id if cycle else None),
        Appointment.ended_at.is_(None),
    )
    if mission_id is not None:
        holds = holds.where(Appointment.mission_id == mission_id)
    found = select(Person).where(Person.id.in_(holds), Person.deactivated_at.is_(None))
    return db.session.scalars(found.order_by(Person.id)).all()


def has_secretariat() -> bool:
    """Whether somebody could sign in as the secretariat."""
    return bool(holders(AppointmentRole.SECRETARIAT))
