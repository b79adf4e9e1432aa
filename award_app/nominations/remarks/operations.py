"""Writing remarks on single answers, and the authority's way back to her nominator."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from award_app import audit, outbox
from award_app.accounts.models import Appointment, Person
from award_app.db import db
from award_app.domain.vocabulary import Action, AppointmentRole, Refusal, Refused
from award_app.nominations import lifecycle
from award_app.nominations.models import FieldRemark, Nomination, SentBack
from award_app.nominations.operations import given_reason
from award_app.nominations.remarks import queries


def fit(nomination: Nomination, on: Mapping[str, str]) -> dict[str, str]:
    """Remarks by key, without the empty ones. Raises `Refused`: INVALID for a key the form does not have, and for a
    remark that is too long, with its key among the problems."""
    given = {key: text for key, text in on.items() if text.strip()}
    if not all(queries.may_carry_one(nomination, key) for key in given):
        raise Refused(Refusal.INVALID)
    return {key: _reason(key, text) for key, text in given.items()}


def _reason(key: str, text: str) -> str:
    try:
        return given_reason(text)
    except Refused:
        raise Refused(Refusal.INVALID, problems=(key,)) from None


def keep(on: Mapping[str, str], *, return_id: int | None = None, sent_back_id: int | None = None) -> None:
    for key, text in on.items():
        db.session.add(FieldRemark(return_id=return_id, sent_back_id=sent_back_id, field=key, text=text))


def send_to_nominator(
    nomination: Nomination, remarks: str, *, on: Mapping[str, str] | None = None, by: Person, now: datetime
) -> SentBack:
    """The authority asks for changes before she endorses, or takes her endorsement back. `on` are remarks on single
    answers by key. Raises `Refused`: INVALID for empty remarks and for what `fit` refuses."""
    lifecycle.hold(nomination, Action.SEND_TO_NOMINATOR, by=by, now=now)
    noted = fit(nomination, on or {})
    sent = SentBack(nomination_id=nomination.id, remarks=given_reason(remarks), by_id=by.id, at=now)
    db.session.add(sent)
    lifecycle.void_endorsement(nomination, by=by, now=now)
    nomination.changed_at = now
    lifecycle.flush()
    keep(noted, sent_back_id=sent.id)
    act, cycle = "send_to_nominator", nomination.cycle_id
    audit.record(act, sent, by=by, at=now, cycle_id=cycle, nomination=nomination.id, fields=sorted(noted))
    for person in _writers(nomination):
        cause = f"nomination {nomination.id} sent back {sent.id}"
        outbox.add("draft_sent_back", to=person, cause=cause, now=now, sent_back_id=sent.id)
    return sent


def _writers(nomination: Nomination) -> list[Person]:
    """Its nominator; where she is no longer appointed, every nominator of its mission."""
    here = (
        Appointment.role == AppointmentRole.NOMINATOR,
        Appointment.cycle_id == nomination.cycle_id,
        Appointment.mission_id == nomination.mission_id,
        Appointment.ended_at.is_(None),
        Person.deactivated_at.is_(None),
    )
    joined = select(Person).join(Appointment, Appointment.person_id == Person.id).where(*here).order_by(Person.id)
    every = list(db.session.scalars(joined).unique())
    return [person for person in every if person.id == nomination.nominator_id] or every
