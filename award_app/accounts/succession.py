"""A nominating authority is replaced by somebody, or gets somebody beside her, in one step."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from award_app import access
from award_app.accounts import links, operations
from award_app.accounts.models import Appointment, Invitation, Person
from award_app.accounts.problems import Problem
from award_app.db import db
from award_app.domain.vocabulary import Action, AppointmentRole, Refusal, Refused


def succeed(
    appointment: Appointment, email: str, name: str, *, stays: bool, locale: str = "en", by: Person, now: datetime
) -> Appointment | Invitation:
    """Somebody with an account is appointed at once, whoever is new is invited. `stays`: the present authority goes on,
    the other one is her deputy; else her appointment ends now. Raises `Refused`: INVALID for another appointment than an
    authority's or for a person who is no other, ALREADY_DONE where it has ended or the other holds it."""
    access.require(by, Action.APPOINT, now=now)
    if appointment.role is not AppointmentRole.AUTHORITY:
        raise Refused(Refusal.INVALID, problems=(Problem.SCOPE,))
    if appointment.ended_at is not None:
        raise Refused(Refusal.ALREADY_DONE)
    email = links.address(email)
    if email == appointment.person.email:
        raise Refused(Refusal.INVALID, problems=(Problem.SAME_AUTHORITY,))
    if not stays:
        operations.end_appointment(appointment, by=by, now=now)
    cycle, mission = appointment.cycle, appointment.mission
    known = db.session.scalars(select(Person).where(Person.email == email)).one_or_none()
    if known is not None:
        if not known.is_active:
            raise Refused(Refusal.INVALID, problems=(Problem.DEACTIVATED,))
        return operations.appoint(known, AppointmentRole.AUTHORITY, cycle=cycle, mission=mission, by=by, now=now)
    return operations.invite(
        email, name, AppointmentRole.AUTHORITY, cycle=cycle, mission=mission, locale=locale, by=by, now=now
    )


def beside(appointment: Appointment) -> list[Person]:
    """The mission's other authorities in the same year, first come first."""
    wanted = (
        select(Person)
        .join(Appointment, Appointment.person_id == Person.id)
        .where(Appointment.role == AppointmentRole.AUTHORITY, Appointment.cycle_id == appointment.cycle_id)
        .where(Appointment.mission_id == appointment.mission_id, Appointment.ended_at.is_(None))
        .where(Person.id != appointment.person_id, Person.deactivated_at.is_(None))
        .order_by(Appointment.id)
    )
    return list(db.session.scalars(wanted))
