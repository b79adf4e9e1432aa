"""A new address for somebody who has an account: asked, confirmed from the new address, or cancelled.

Nothing changes before it is confirmed. The new address gets the link, the old one a notice, so that neither a slip nor a
stranger takes an account away unseen.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from flask import current_app
from sqlalchemy import CursorResult, exists, select, update

from award_app import access, audit, chance, outbox
from award_app.accounts import links, passwords
from award_app.accounts.models import AddressChange, Person
from award_app.accounts.problems import Problem
from award_app.accounts.resetting import operations as resetting
from award_app.db import db
from award_app.domain.vocabulary import Action, Refusal, Refused


def ask(person: Person, email: str, *, by: Person, now: datetime) -> AddressChange:
    """By herself or by the secretariat. An earlier question that is open is replaced. Raises `Refused`: ALREADY_DONE for
    the address she has, INVALID for one that is none, or that the secretariat can see is another person's."""
    _require(person, by, now)
    email = links.address(email)
    if email == person.email:
        raise Refused(Refusal.ALREADY_DONE)
    if by.id != person.id and _taken(email):  # whoever asks for herself learns it from the new address only
        raise Refused(Refusal.INVALID, problems=(Problem.EMAIL_TAKEN,))
    for earlier in open_changes(person, now):
        cancel(earlier, by=by, now=now)
    change = AddressChange(
        ref=chance.reference(),
        nonce=chance.token(),
        person_id=person.id,
        email=email,
        before=person.email,
        asked_by_id=by.id,
        at=now,
        expires_at=now + timedelta(days=int(current_app.config["INVITATION_DAYS"])),
    )
    db.session.add(change)
    db.session.flush()
    audit.record("ask_address_change", change, by=by, at=now, person=person.id)
    for template in ("address_change", "address_changed_notice"):  # to the new address, and to the one she has
        cause = f"address change {change.ref}"
        outbox.add(template, to=person, cause=cause, now=now, address_change_id=change.id)
    return change


def require_open(change: AddressChange, *, now: datetime) -> None:
    if change.confirmed_at or change.cancelled_at or now >= change.expires_at:
        raise Refused(Refusal.SPENT)


def confirm(change: AddressChange, *, password: str, now: datetime) -> Person:
    """Whoever has the link has the new address; the password says that she is the person. Her sessions go on."""
    require_open(change, now=now)
    person = change.person
    if not passwords.fits(password, person.password_hash):
        raise Refused(Refusal.INVALID, problems=(Problem.PASSWORD_WRONG,))
    if not person.is_active:
        raise Refused(Refusal.INVALID, problems=(Problem.DEACTIVATED,))
    if not _close(
        change, confirmed_at=now
    ):  # first: of two at once the second would find the address taken, by herself
        raise Refused(Refusal.SPENT)
    if _taken(change.email):
        raise Refused(Refusal.INVALID, problems=(Problem.EMAIL_TAKEN,))
    person.email = change.email
    db.session.flush()
    resetting.end_open(person, now=now)
    audit.record("confirm_address_change", change, by=person, at=now, person=person.id)
    return person


def cancel(change: AddressChange, *, by: Person, now: datetime) -> None:
    _require(change.person, by, now)
    if not _close(change, cancelled_at=now):
        raise Refused(Refusal.SPENT)
    audit.record("cancel_address_change", change, by=by, at=now, person=change.person_id)


def open_changes(person: Person, now: datetime) -> list[AddressChange]:
    """At most one, but for a race that nobody loses by."""
    waiting = select(AddressChange).where(
        AddressChange.person_id == person.id,
        AddressChange.confirmed_at.is_(None),
        AddressChange.cancelled_at.is_(None),
        AddressChange.expires_at > now,
    )
    return list(db.session.scalars(waiting.order_by(AddressChange.id)))


def _require(person: Person, by: Person, now: datetime) -> None:
    access.require(by, Action.SEE_ACCOUNT if by.id == person.id else Action.MEND_ADDRESS, now=now)


def _taken(email: str) -> bool:
    return bool(db.session.scalar(select(exists().where(Person.email == email))))


def _close(change: AddressChange, **values: datetime) -> bool:
    """Compare and set: of two at once, one finds it open."""
    unspent = (AddressChange.confirmed_at.is_(None), AddressChange.cancelled_at.is_(None))
    done = update(AddressChange).where(AddressChange.id == change.id, *unspent).values(**values)
    found = cast("CursorResult[Any]", db.session.execute(done)).rowcount == 1
    db.session.refresh(change)
    return found
