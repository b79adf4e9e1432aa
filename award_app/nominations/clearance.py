"""Conduct clearance and the nominee's consent: both are needed before a shortlist is confirmed. For the secretariat only."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from award_app import audit
from award_app.accounts.models import Person
from award_app.db import db
from award_app.domain.vocabulary import Action, Refusal, Refused
from award_app.nominations import lifecycle
from award_app.nominations.models import ConductClearance, Nomination

REFERENCE_CHARS = 100
EASTERNMOST = timedelta(hours=14)  # where a day begins first


def clear_conduct(
    nomination: Nomination, cleared: bool, on: date, reference: str, *, by: Person, now: datetime
) -> ConductClearance:
    """What the conduct database answered, on which day, under which reference; never the case itself. The newest row
    counts. Raises `Refused`: INVALID for a day to come, and for an empty or endless reference."""
    lifecycle.hold(nomination, Action.CLEAR_CONDUCT, by=by, now=now)
    reference = " ".join(reference.replace("\x00", "").split())
    if on > (now + EASTERNMOST).date() or not 0 < len(reference) <= REFERENCE_CHARS:
        raise Refused(Refusal.INVALID)
    row = ConductClearance(
        nomination_id=nomination.id, cleared=cleared, on=on, reference=reference, by_id=by.id, at=now
    )
    db.session.add(row)
    db.session.flush()
    act, cycle = "clear_conduct", nomination.cycle_id
    audit.record(act, row, by=by, at=now, cycle_id=cycle, nomination=nomination.id, cleared=cleared)
    return row
