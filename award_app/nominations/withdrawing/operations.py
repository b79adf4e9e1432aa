"""A mission asks for a file back after the close."""

from __future__ import annotations

from datetime import datetime

from award_app import audit
from award_app.accounts.models import Person
from award_app.db import db
from award_app.domain.vocabulary import Action, Refusal, Refused
from award_app.nominations import lifecycle, queries
from award_app.nominations.models import Nomination, WithdrawalRequest
from award_app.nominations.operations import given_reason


def request_withdrawal(nomination: Nomination, reason: str, *, by: Person, now: datetime) -> WithdrawalRequest:
    """Received, and answered by the secretariat: nothing here asks or tells what was decided. Raises `Refused`:
    ALREADY_DONE, INVALID without a reason."""
    lifecycle.hold(nomination, Action.REQUEST_WITHDRAWAL, by=by, now=now)
    if queries.withdrawal_asked(nomination) is not None:
        raise Refused(Refusal.ALREADY_DONE)
    asked = WithdrawalRequest(nomination_id=nomination.id, reason=given_reason(reason), by_id=by.id, at=now)
    db.session.add(asked)
    db.session.flush()
    act, cycle = "request_withdrawal", nomination.cycle_id
    audit.record(act, asked, by=by, at=now, cycle_id=cycle, nomination=nomination.id)
    return asked
