"""A file leaves the outcome: the secretariat proposes with a reason, the chair confirms, and whoever follows moves up."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from award_app import access, audit, outbox
from award_app.accounts.models import Person
from award_app.accounts.queries import holders
from award_app.cycles.models import Cycle
from award_app.db import db
from award_app.domain.vocabulary import (
    Action,
    AppointmentRole,
    ChangeKind,
    IneligibleReason,
    NominationState,
    Refusal,
    Refused,
    Seat,
)
from award_app.nominations import lifecycle
from award_app.nominations.models import Nomination
from award_app.selection.models import OutcomeChange
from award_app.selection.queries import decision_of


def propose(
    cycle: Cycle,
    nomination: Nomination,
    kind: ChangeKind,
    reason: str,
    *,
    ground: IneligibleReason | None = None,
    by: Person,
    now: datetime,
) -> OutcomeChange:
    """The first of two people. Raises Refused: INVALID with what is wrong (reason, ground, file), ALREADY_DONE where a
    change of this file stands."""
    db.session.flush()
    db.session.refresh(cycle, with_for_update=True)
    access.require(by, Action.PROPOSE_CHANGE, cycle, now=now)
    db.session.refresh(nomination, ["state"])
    wrong = {
        "reason": not reason.strip(),
        "ground": (kind is ChangeKind.DISQUALIFIED) != (ground is not None),
        "file": nomination.cycle_id != cycle.id or nomination.state is not NominationState.ACCEPTED,
    }
    problems = tuple(code for code, is_wrong in wrong.items() if is_wrong)
    if problems:
        raise Refused(Refusal.INVALID, problems=problems)
    stands = select(OutcomeChange.id).where(
        OutcomeChange.nomination_id == nomination.id, OutcomeChange.dropped_at.is_(None)
    )
    if db.session.scalar(stands) is not None:
        raise Refused(Refusal.ALREADY_DONE)
    change = OutcomeChange(
        cycle_id=cycle.id,
        nomination_id=nomination.id,
        kind=kind,
        ineligible_reason=ground,
        reason=reason.strip(),
        proposed_by_id=by.id,
        proposed_at=now,
    )
    db.session.add(change)
    db.session.flush()
    _record("propose_change", change, by, now)
    return change


def confirm(change: OutcomeChange, cycle: Cycle, *, by: Person, now: datetime) -> None:
    """The second of two people. The file leaves; a withdrawn or disqualified one changes its state too.

    Raises Refused: SAME_PERSON, ALREADY_DONE where it was confirmed or turned down before.
    """
    _hold(change, cycle, Action.CONFIRM_CHANGE, by=by, now=now)
    if change.proposed_by_id == by.id:
        raise Refused(Refusal.SAME_PERSON)
    change.confirmed_by_id, change.confirmed_at = by.id, now
    _move(change, by=by, now=now)
    if decision_of(cycle) is None:
        cycle.result_due = True
    db.session.flush()
    _record("confirm_change", change, by, now)
    _tell(change, cycle, now)


def turn_down(change: OutcomeChange, cycle: Cycle, *, by: Person, now: datetime) -> None:
    """The chair does not agree, and everything stays as it is. Raises Refused as `confirm` does."""
    _hold(change, cycle, Action.CONFIRM_CHANGE, by=by, now=now)
    change.dropped_at = now
    db.session.flush()
    _record("turn_down_change", change, by, now)


def take_back(change: OutcomeChange, cycle: Cycle, *, by: Person, now: datetime) -> None:
    """The secretariat no longer proposes it."""
    _hold(change, cycle, Action.PROPOSE_CHANGE, by=by, now=now)
    change.dropped_at = now
    db.session.flush()
    _record("take_back_change", change, by, now)


def _hold(change: OutcomeChange, cycle: Cycle, action: Action, *, by: Person, now: datetime) -> None:
    db.session.flush()
    db.session.refresh(cycle, with_for_update=True)
    db.session.refresh(change)
    access.require(by, action, cycle, now=now)
    if change.confirmed_at is not None or change.dropped_at is not None:
        raise Refused(Refusal.ALREADY_DONE)


def _move(change: OutcomeChange, *, by: Person, now: datetime) -> None:
    file = change.nomination
    if change.kind is ChangeKind.WITHDRAWN:
        file.withdrawn_reason = change.reason
        lifecycle.remove(file, NominationState.WITHDRAWN, by=by, now=now)
    elif change.kind is ChangeKind.DISQUALIFIED:
        file.ineligible_reason = change.ineligible_reason
        file.ineligible_by_id, file.ineligible_confirmed_by_id = change.proposed_by_id, by.id
        lifecycle.remove(file, NominationState.INELIGIBLE, by=by, now=now)


def _tell(change: OutcomeChange, cycle: Cycle, now: datetime) -> None:
    """Those who may know: the secretariat without a conflict, chair and deputy, the members present at the decision;
    and the mission, in the words of the file's own state."""
    decision = decision_of(cycle)
    there = {one.person_id for one in decision.present} if decision else set()
    panel = holders(AppointmentRole.MEMBER, cycle=cycle)
    leads = {a.person_id for p in panel for a in p.appointments if a.cycle_id == cycle.id and a.seat in _LEAD}
    concerned = {p for p in panel if p.id in there | leads} | set(holders(AppointmentRole.SECRETARIAT))
    for person in sorted(concerned, key=lambda one: one.id):
        if access.may(person, Action.SEE_SHORTLIST, cycle, now=now).allowed:
            cause = f"outcome change {change.id}"
            outbox.add("outcome_changed", to=person, cause=cause, now=now, outcome_change_id=change.id)
    file = change.nomination
    if change.kind is ChangeKind.DISQUALIFIED:
        _write_to_mission("ineligible", file, cycle, now)
    elif change.kind is ChangeKind.WITHDRAWN:
        _write_to_mission("withdrawn", file, cycle, now)


def _write_to_mission(template: str, file: Nomination, cycle: Cycle, now: datetime) -> None:
    people = {file.nominator, *holders(AppointmentRole.AUTHORITY, cycle=cycle, mission_id=file.mission_id)}
    for person in sorted(people, key=lambda one: one.id):
        outbox.add(template, to=person, cause=f"nomination {file.id} {template}", now=now, nomination_id=file.id)


def _record(act: str, change: OutcomeChange, by: Person, now: datetime) -> None:
    detail = {"kind": change.kind.value, "nomination": change.nomination_id}
    audit.record(act, change, by=by, at=now, cycle_id=change.cycle_id, **detail)


_LEAD = (Seat.CHAIR, Seat.DEPUTY)
