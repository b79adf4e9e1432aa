"""The call: one letter to everybody who writes or hands in for a called mission."""

from __future__ import annotations

from datetime import datetime

from award_app import access, audit
from award_app.accounts import telling
from award_app.accounts.models import Person
from award_app.cycles import queries
from award_app.cycles.models import Cycle
from award_app.domain.vocabulary import Action, Refusal, Refused


def send(cycle: Cycle, *, by: Person, now: datetime) -> int:
    """To those who have not had it; returns how many. Raises `Refused`: ALREADY_DONE where everybody has it."""
    cycle = queries.held(cycle.id)
    access.require(by, Action.SEND_CALL, cycle, now=now)
    missing = telling.without_call(cycle)
    if not missing:
        raise Refused(Refusal.ALREADY_DONE)
    telling.call(missing, now=now)
    cycle.called_at = cycle.called_at or now
    audit.record("send_call", cycle, by=by, at=now, cycle_id=cycle.id, letters=len(missing))
    return len(missing)
