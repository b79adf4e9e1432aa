"""Facts of the letters about people: invitations, appointments, addresses, work that changes hands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from award_app.accounts import links
from award_app.accounts.factors import queries as factors
from award_app.accounts.factors.models import FactorReset
from award_app.accounts.models import AddressChange, Appointment, Invitation, Person
from award_app.accounts.resetting.models import PasswordReset
from award_app.cycles.models import CycleMission
from award_app.db import db
from award_app.notifications import spoken
from award_app.notifications.models import Letter
from award_app.web.moments import in_zones


def facts(
    letter: Letter, subject: Invitation | Appointment | AddressChange | PasswordReset | FactorReset | Person
) -> Mapping[str, Any]:
    if isinstance(subject, Person):
        return _account(letter, subject)
    if isinstance(subject, FactorReset):
        return _factor(letter, subject)
    if isinstance(subject, PasswordReset):
        return {"deadline": in_zones(subject.expires_at, subject.person.timezone), "link": links.link(subject)}
    if isinstance(subject, Invitation):
        return _invitation(subject)
    return _address(letter, subject) if isinstance(subject, AddressChange) else _appointment(letter, subject)


def _account(letter: Letter, person: Person) -> Mapping[str, Any]:
    if letter.template == "password_changed":
        return {"link": spoken.address("/sign-in/forgotten")}
    left = factors.codes_left(person) if letter.template == "recovery_code_used" else 0
    return {"link": spoken.address("/account/second"), "count": left}


def _factor(letter: Letter, asked: FactorReset) -> Mapping[str, Any]:
    """The reason stays behind the sign-in."""
    mine = letter.person_id == asked.person_id
    return {
        "somebody": asked.person.name,
        "link": spoken.address("/account/second" if mine else f"/people/{asked.person.ref}"),
    }


def _invitation(invitation: Invitation) -> Mapping[str, Any]:
    """The end of a link is no work to do, so no calendar keeps it."""
    return {
        "role": spoken.place(invitation.role, invitation.seat),
        "mission": spoken.mission(invitation.mission),
        "email": invitation.email,
        "deadline": in_zones(invitation.expires_at, invitation.mission.timezone if invitation.mission else None),
        "link": links.link(invitation),
    }


def _address(letter: Letter, change: AddressChange) -> Mapping[str, Any]:
    """The old address is not told the new one: whoever reads it now may not be she."""
    if letter.template == "address_changed_notice":
        return {"email": change.before, "link": spoken.address("/home")}
    until = in_zones(change.expires_at, change.person.timezone)
    return {"email": change.email, "deadline": until, "link": links.link(change)}


def _appointment(letter: Letter, appointment: Appointment) -> Mapping[str, Any]:
    return {
        "role": spoken.place(appointment.role, appointment.seat),
        "mission": spoken.mission(appointment.mission),
        "appointed": appointment.person.name,
        "mine": letter.person_id == appointment.person_id,
        "count": int(letter.ids.get("count", 0)),
        "quota": _quota(appointment) if letter.template == "call" else 0,
        "link": spoken.address("/nominations" if appointment.mission_id else "/home"),
    }


def _quota(appointment: Appointment) -> int:
    called = select(CycleMission.quota).where(
        CycleMission.cycle_id == appointment.cycle_id, CycleMission.mission_id == appointment.mission_id
    )
    return db.session.scalars(called).one()
