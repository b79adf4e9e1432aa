"""Invitations, accounts and appointments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, cast

from flask import current_app
from sqlalchemy import CursorResult, select, update

from award_app import access, audit, chance, outbox
from award_app.accounts import appointing, passwords, seats, sessions
from award_app.accounts.links import address
from award_app.accounts.links import link as link
from award_app.accounts.links import token as token
from award_app.accounts.models import Appointment, Invitation, Person, Stint
from award_app.accounts.problems import Problem
from award_app.cycles.models import Cycle, Mission
from award_app.db import db
from award_app.domain.countries import COUNTRIES
from award_app.domain.names import same_name
from award_app.domain.vocabulary import Action, AppointmentRole, Refusal, Refused, Seat


def _seems(person: Person, email: str, name: str) -> bool:
    """Whether somebody invites herself: by her own address, the part after a plus left out, or her own name with another
    address. A second part of hers would be an outsider to nothing. A real namesake is invited by a colleague."""
    return same_name(person.name, name) or _mailbox(person.email) == _mailbox(email)


def _mailbox(email: str) -> str:
    local, _at, host = email.rpartition("@")
    return f"{local.partition('+')[0]}@{host}".lower()


def invite(
    email: str,
    name: str,
    role: AppointmentRole,
    *,
    cycle: Cycle | None = None,
    mission: Mission | None = None,
    seat: Seat | None = None,
    locale: str = "en",
    by: Person | None,
    now: datetime,
) -> Invitation:
    """One link, for one address, to one appointment. `by` None is the service itself (the first secretariat person).

    An earlier open invitation of the same address to the same appointment is replaced.
    """
    if by is not None:
        access.require(by, Action.INVITE, now=now)
    email, name = address(email), " ".join(name.split())
    if by is not None and _seems(by, email, name):
        raise Refused(Refusal.SAME_PERSON, problems=(Problem.OWN_NAME,))
    if not name:
        raise Refused(Refusal.INVALID, problems=(Problem.NAME_MISSING,))
    place = appointing.place(role, cycle=cycle, mission=mission, seat=seat)
    known = db.session.scalars(select(Person).where(Person.email == email)).one_or_none()
    if known is not None:
        appointing.require_possible(known, place)
    _replace_earlier(email, place, by, now)
    invitation = Invitation(
        ref=chance.reference(),
        nonce=chance.token(),
        email=email,
        name=name,
        locale=locale,
        role=role,
        seat=place.seat,
        cycle_id=place.cycle_id,
        mission_id=place.mission_id,
        invited_by_id=by.id if by else None,
        created_at=now,
        expires_at=now + timedelta(days=int(current_app.config["INVITATION_DAYS"])),
    )
    db.session.add(invitation)
    db.session.flush()
    audit.record("invite", invitation, by=by, at=now, cycle_id=place.cycle_id, role=role.value)
    outbox.add("invitation", to=None, cause=f"invitation {invitation.ref}", now=now, invitation_id=invitation.id)
    return invitation


def require_open(invitation: Invitation, *, now: datetime) -> None:
    """As it stands in the database at this moment."""
    db.session.refresh(invitation)
    if invitation.accepted_at or invitation.cancelled_at or now >= invitation.expires_at:
        raise Refused(Refusal.SPENT)


def accept(invitation: Invitation, *, name: str, password: str, now: datetime) -> Person:
    """Make the person if the address is new; somebody with an account gives her existing password."""
    require_open(invitation, now=now)
    known = db.session.scalars(select(Person).where(Person.email == invitation.email)).one_or_none()
    person = _newcomer(invitation, name, password, now) if known is None else _known(known, password)
    _spend(invitation, now)
    if known is None:
        db.session.add(person)
        db.session.flush()
    place = appointing.place_of(invitation)
    if not appointing.holds(person, place):
        appointing.appoint(person, place, by_id=invitation.invited_by_id, actor=person, now=now)
    audit.record("accept_invitation", invitation, by=person, at=now, cycle_id=invitation.cycle_id)
    return person


def cancel(invitation: Invitation, *, by: Person, now: datetime) -> None:
    access.require(by, Action.INVITE, now=now)
    open_ = (Invitation.accepted_at.is_(None), Invitation.cancelled_at.is_(None))
    if not _changed(update(Invitation).where(Invitation.id == invitation.id, *open_).values(cancelled_at=now)):
        raise Refused(Refusal.SPENT)
    audit.record("cancel_invitation", invitation, by=by, at=now, cycle_id=invitation.cycle_id)


def appoint(
    person: Person,
    role: AppointmentRole,
    *,
    cycle: Cycle | None = None,
    mission: Mission | None = None,
    seat: Seat | None = None,
    by: Person | None,
    now: datetime,
) -> Appointment:
    """A panel member appointed to another seat of the same panel leaves her old one."""
    if by is not None:
        access.require(by, Action.APPOINT, now=now)
        if by.id == person.id:  # another part would open to her what a conflict closes
            raise Refused(Refusal.SAME_PERSON)
    place = appointing.place(role, cycle=cycle, mission=mission, seat=seat)
    made = appointing.appoint(person, place, by_id=by.id if by else None, actor=by, now=now)
    audit.record("appoint", made, by=by, at=now, cycle_id=made.cycle_id, person=person.id, role=role.value)
    return made


def end_appointment(appointment: Appointment, *, by: Person, now: datetime) -> None:
    access.require(by, Action.APPOINT, now=now)
    if appointment.role is AppointmentRole.MEMBER and appointment.cycle_id is not None:
        seats.panel_changes(appointment.cycle_id)
    if appointment.role is AppointmentRole.SECRETARIAT:
        appointing.require_another(appointment.person_id)
    running = update(Appointment).where(Appointment.id == appointment.id, Appointment.ended_at.is_(None))
    if not _changed(running.values(ended_at=now)):
        raise Refused(Refusal.ALREADY_DONE)
    db.session.expire(appointment.person, ["appointments"])
    role = appointment.role.value
    sessions.end_for_rights(appointment.person, by=by, now=now)
    audit.record("end_appointment", appointment, by=by, at=now, cycle_id=appointment.cycle_id, role=role)


StintRow = tuple[Mission, date, date | None]


def describe(
    person: Person,
    *,
    nationality: str | None,
    home_service: str | None,
    stints: Sequence[StintRow],
    by: Person,
    now: datetime,
) -> None:
    """What conflict rules 1 to 3 need to know of a panel member. She may say it herself."""
    access.require(by, Action.SEE_ACCOUNT if by.id == person.id else Action.APPOINT, now=now)
    if nationality and nationality not in COUNTRIES:
        raise Refused(Refusal.INVALID, problems=(Problem.UNKNOWN_COUNTRY,))
    if any(ended is not None and ended < started for _mission, started, ended in stints):
        raise Refused(Refusal.INVALID, problems=(Problem.STINT_ORDER,))
    person.nationality, person.home_service = nationality or None, (home_service or "").strip() or None
    for old in list(person.stints):
        db.session.delete(old)
    for mission, started, ended in stints:
        db.session.add(Stint(person_id=person.id, mission_id=mission.id, started=started, ended=ended))
    db.session.flush()
    db.session.expire(person, ["stints"])
    audit.record("describe", person, by=by, at=now, stints=len(stints))


def authenticate(email: str, password: str) -> Person | None:
    """The same work and the same answer for an unknown address, a wrong password and a deactivated person."""
    wanted = email.strip().lower()
    person = db.session.scalars(select(Person).where(Person.email == wanted)).one_or_none()
    right = passwords.fits(password, person.password_hash if person else None)
    return person if right and person is not None and person.is_active else None


def _newcomer(invitation: Invitation, name: str, password: str, now: datetime) -> Person:
    name = " ".join(name.split())
    if not name:
        raise Refused(Refusal.INVALID, problems=(Problem.NAME_MISSING,))
    return Person(
        ref=chance.reference(),
        email=invitation.email,
        name=name,
        password_hash=passwords.accept(password, name, invitation.email),
        locale=invitation.locale,
        timezone=invitation.mission.timezone if invitation.mission else "UTC",
        created_at=now,
    )


def _known(person: Person, password: str) -> Person:
    if not passwords.fits(password, person.password_hash):
        raise Refused(Refusal.INVALID, problems=(Problem.PASSWORD_WRONG,))
    if not person.is_active:
        raise Refused(Refusal.INVALID, problems=(Problem.DEACTIVATED,))
    return person


def _spend(invitation: Invitation, now: datetime) -> None:
    """Compare and set: of two that accept at once, one does."""
    unspent = (Invitation.accepted_at.is_(None), Invitation.cancelled_at.is_(None), Invitation.expires_at > now)
    if not _changed(update(Invitation).where(Invitation.id == invitation.id, *unspent).values(accepted_at=now)):
        raise Refused(Refusal.SPENT)


def _replace_earlier(email: str, place: appointing.Place, by: Person | None, now: datetime) -> None:
    same = (
        Invitation.email == email,
        Invitation.role == place.role,
        Invitation.cycle_id.is_not_distinct_from(place.cycle_id),
        Invitation.mission_id.is_not_distinct_from(place.mission_id),
        Invitation.accepted_at.is_(None),
        Invitation.cancelled_at.is_(None),
    )
    replaced = update(Invitation).where(*same).values(cancelled_at=now).returning(Invitation)
    for earlier in db.session.scalars(replaced).all():
        audit.record("cancel_invitation", earlier, by=by, at=now, cycle_id=earlier.cycle_id)


def _changed(statement: Any) -> bool:
    """Whether the statement found its row, which it does for one of two at once."""
    return cast("CursorResult[Any]", db.session.execute(statement)).rowcount == 1
