"""What the secretariat does with a file that was handed in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from award_app import access, audit
from award_app.accounts.models import Person
from award_app.db import db
from award_app.domain.vocabulary import Action, Consent, IneligibleReason, Refusal, Refused
from award_app.nominations import lifecycle, queries
from award_app.nominations.models import FileExtension, Nomination, Return, SecretariatDeclaration
from award_app.nominations.operations import given_reason, tell
from award_app.nominations.remarks import operations as remarking


def declare_as_secretariat(
    nomination: Nomination, *, conflict: bool, reason: str | None, by: Person, now: datetime
) -> None:
    """Once per person and file, before she opens it. Raises `Refused`: ALREADY_DONE; INVALID for a conflict without a
    reason."""
    access.require(by, Action.DECLARE_AS_SECRETARIAT, nomination, now=now)
    if declaration(nomination, by) is not None:
        raise Refused(Refusal.ALREADY_DONE)
    why = given_reason(reason or "") if conflict else None
    word = SecretariatDeclaration(nomination_id=nomination.id, person_id=by.id, conflict=conflict, reason=why, at=now)
    db.session.add(word)
    db.session.flush()
    act = "declare_as_secretariat"
    audit.record(act, nomination, by=by, at=now, cycle_id=nomination.cycle_id, conflict=conflict)


def declaration(nomination: Nomination, person: Person) -> SecretariatDeclaration | None:
    here = (SecretariatDeclaration.nomination_id == nomination.id, SecretariatDeclaration.person_id == person.id)
    return db.session.scalars(select(SecretariatDeclaration).where(*here)).one_or_none()


def accept(nomination: Nomination, *, by: Person, now: datetime) -> None:
    """The panel may see it. Raises `Refused`: SURVIVOR where the file says that its text identifies one."""
    lifecycle.hold(nomination, Action.ACCEPT, by=by, now=now)
    if queries.answers(nomination, handed_in=True).get("identifies_survivor") == "yes":
        raise Refused(Refusal.SURVIVOR)
    nomination.accepted_at = now
    _drop_proposal(nomination)
    lifecycle.advance(nomination, Action.ACCEPT, by=by, now=now)
    tell(nomination, "accepted", "accepted", now, nomination_id=nomination.id)


def send_back(
    nomination: Nomination,
    remarks: str,
    deadline: datetime | None,
    *,
    on: Mapping[str, str] | None = None,
    by: Person,
    now: datetime,
) -> Return:
    """Back to the mission, with remarks, until a deadline (None: the end of screening). `on` are remarks on single answers
    by key. Raises `Refused`: INVALID for a deadline that has passed or leaves no time to screen the file again, for empty
    remarks, and for what `remarks.operations.fit` refuses."""
    lifecycle.hold(nomination, Action.RETURN, by=by, now=now)
    if not leaves_time(nomination, deadline, now):
        raise Refused(Refusal.INVALID)
    noted = remarking.fit(nomination, on or {})
    until = deadline or nomination.cycle.screening_ends_at
    back = Return(nomination_id=nomination.id, remarks=given_reason(remarks), deadline=until, by_id=by.id, at=now)
    db.session.add(back)
    nomination.return_deadline = until
    _drop_proposal(nomination)
    lifecycle.advance(nomination, Action.RETURN, by=by, now=now, deadline=until.isoformat(), fields=sorted(noted))
    remarking.keep(noted, return_id=back.id)
    tell(nomination, "returned", f"returned {back.id}", now, return_id=back.id)
    return back


def leaves_time(nomination: Nomination, deadline: datetime | None, now: datetime) -> bool:
    """Whether a file can go back until `deadline` (None: the end of screening) and be screened again before the review
    ends."""
    return now < (deadline or nomination.cycle.screening_ends_at) <= nomination.cycle.review_ends_at


def extend(nomination: Nomination, until: datetime, reason: str, *, by: Person, now: datetime) -> FileExtension:
    """More time for a file that is with its mission. Raises `Refused`: INVALID for no more time than it has, for a deadline
    that leaves no time to screen it again, and without a reason."""
    lifecycle.hold(nomination, Action.EXTEND_FILE, by=by, now=now)
    had = nomination.return_deadline
    if had is None:
        raise Refused(Refusal.WRONG_STATE)
    if until <= had or not leaves_time(nomination, until, now):
        raise Refused(Refusal.INVALID)
    row = FileExtension(nomination_id=nomination.id, until=until, reason=given_reason(reason), by_id=by.id, at=now)
    db.session.add(row)
    nomination.return_deadline = until
    lifecycle.advance(nomination, Action.EXTEND_FILE, by=by, now=now, deadline=until.isoformat())
    tell(nomination, "file_extended", f"extended {row.id}", now, nomination_id=nomination.id)
    return row


def propose_ineligible(nomination: Nomination, reason: IneligibleReason, *, by: Person, now: datetime) -> None:
    """The first of two people. Raises `Refused`: ALREADY_DONE."""
    lifecycle.hold(nomination, Action.PROPOSE_INELIGIBLE, by=by, now=now)
    if nomination.ineligible_by_id is not None:
        raise Refused(Refusal.ALREADY_DONE)
    nomination.ineligible_reason = reason
    nomination.ineligible_by_id = by.id
    lifecycle.advance(nomination, Action.PROPOSE_INELIGIBLE, by=by, now=now, reason=reason.value)


def confirm_ineligible(nomination: Nomination, *, by: Person, now: datetime) -> None:
    """The second of two people. Raises `Refused`: WRONG_STATE without a proposal, SAME_PERSON."""
    lifecycle.hold(nomination, Action.CONFIRM_INELIGIBLE, by=by, now=now)
    if nomination.ineligible_by_id is None or nomination.ineligible_reason is None:
        raise Refused(Refusal.WRONG_STATE)
    if nomination.ineligible_by_id == by.id:
        raise Refused(Refusal.SAME_PERSON)
    nomination.ineligible_confirmed_by_id = by.id
    reason = nomination.ineligible_reason.value
    lifecycle.advance(nomination, Action.CONFIRM_INELIGIBLE, by=by, now=now, reason=reason)
    tell(nomination, "ineligible", "ineligible", now, nomination_id=nomination.id)


def record_consent(nomination: Nomination, consent: Consent, *, by: Person, now: datetime) -> None:
    """What the nominee says about publication, as the secretariat was told."""
    lifecycle.hold(nomination, Action.RECORD_CONSENT, by=by, now=now)
    nomination.consent, nomination.consent_at = consent, now
    lifecycle.advance(nomination, Action.RECORD_CONSENT, by=by, now=now, consent=consent.value)


def _drop_proposal(nomination: Nomination) -> None:
    """Whoever accepts or returns a file answers a proposal to rule it ineligible with no."""
    nomination.ineligible_reason = nomination.ineligible_by_id = None
