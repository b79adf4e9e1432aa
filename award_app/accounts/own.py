"""What a person changes about herself, and whether her account is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from award_app import access, audit, outbox
from award_app.accounts import addresses, appointing, passwords, sessions
from award_app.accounts.models import AddressChange, Person
from award_app.accounts.problems import Problem
from award_app.accounts.resetting import operations as resetting
from award_app.db import db
from award_app.domain.vocabulary import Action, AppointmentRole, Refusal, Refused

NEW_ADDRESS_HOURS: Final = 48  # she waits for this letter; who mistypes has the old address back soon


@dataclass(frozen=True)
class Preferences:
    name: str
    locale: str
    timezone: str


def change_preferences(person: Person, wanted: Preferences, *, now: datetime) -> None:
    access.require(person, Action.SEE_ACCOUNT, now=now)
    name = " ".join(wanted.name.split())
    if not name:
        raise Refused(Refusal.INVALID, problems=(Problem.NAME_MISSING,))
    person.name, person.locale, person.timezone = name, wanted.locale, wanted.timezone
    db.session.flush()
    audit.record("change_account", person, by=person, at=now)


def ask_address(person: Person, email: str, *, password: str, now: datetime) -> AddressChange:
    """The password is typed again: whoever finds a browser open does not carry the account away."""
    if not passwords.fits(password, person.password_hash):
        raise Refused(Refusal.INVALID, problems=(Problem.PASSWORD_WRONG,))
    change = addresses.ask(person, email, by=person, now=now)
    change.expires_at = now + timedelta(hours=NEW_ADDRESS_HOURS)
    return change


def change_password(person: Person, *, current: str, new: str, now: datetime) -> str:
    """Ends every other session of the person and returns the new token of the one she is in; its old one is worthless."""
    access.require(person, Action.SEE_ACCOUNT, now=now)
    if not passwords.fits(current, person.password_hash):
        raise Refused(Refusal.INVALID, problems=(Problem.PASSWORD_WRONG,))
    person.password_hash = passwords.accept(new, person.name, person.email)
    here = person.session_token
    sessions.end_all(person, now=now, why=sessions.Why.PASSWORD, but=here)
    resetting.end_open(person, now=now)
    audit.record("change_password", person, by=person, at=now)
    cause = f"password changed {int(now.timestamp())}"
    outbox.add("password_changed", to=person, cause=cause, now=now, person_id=person.id)
    return sessions.prove(here, now=now) if here else sessions.start(person, now=now)


def set_active(person: Person, active: bool, *, by: Person, now: datetime) -> None:
    """A deactivated person is out at her next request; what she did stays. Raises `Refused`: INVALID for oneself and for
    the last person of the secretariat."""
    access.require(by, Action.APPOINT, now=now)
    if person.is_active is active:
        raise Refused(Refusal.ALREADY_DONE)
    if not active:
        if any(a.role is AppointmentRole.SECRETARIAT for a in access.appointments(person)):
            appointing.require_another(person.id)
        if by.id == person.id:
            raise Refused(Refusal.INVALID, problems=(Problem.ONESELF,))
        sessions.end_all(person, now=now, why=sessions.Why.DEACTIVATED)
        resetting.end_open(person, now=now)
    person.deactivated_at = None if active else now
    db.session.flush()
    audit.record("reactivate" if active else "deactivate", person, by=by, at=now)
