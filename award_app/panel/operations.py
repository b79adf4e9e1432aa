"""Declaring before a file is opened, and stepping out of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from award_app import access, audit
from award_app.accounts.models import Person
from award_app.cycles import queries as cycle_queries
from award_app.db import db
from award_app.domain.conflicts import Rule
from award_app.domain.vocabulary import Action, ConflictKind, Refusal, Refused, Role
from award_app.nominations.models import Nomination
from award_app.panel.findings import findings
from award_app.panel.models import Declaration, Recusal

REASON_CHARS = 2000


def declare(nomination: Nomination, *, reasons: Mapping[Rule, str], by: Person, now: datetime) -> Declaration:
    """No conflict: from here on she may read the file and score it.

    Each rule that points at a conflict needs a reason why it is none; without one INVALID, with those rules as
    problems. CONFLICT where she nominated, endorsed or wrote for the file; ALREADY_DONE where she has declared.
    """
    _require_undeclared(nomination, by, now)
    given = {rule: text.strip() for rule, text in reasons.items()}
    suggested = [found.rule for found in findings(nomination, by, on=now.date())]
    lacking = tuple(rule for rule in suggested if not _is_reason(given.get(rule, "")))
    if lacking:
        raise Refused(Refusal.INVALID, problems=lacking)
    made = _write_declaration(nomination, {rule.value: given[rule] for rule in suggested}, by, now)
    audit.record(
        "declare", nomination, by=by, at=now, cycle_id=nomination.cycle_id, rules=[rule.value for rule in suggested]
    )
    return made


def recuse(nomination: Nomination, kind: ConflictKind, reason: str, *, by: Person, now: datetime) -> Recusal:
    """She steps out of the file: instead of declaring, or later, until the release (its end must not tell of a decision).

    Scores she gave stay and count no more. After the close the result is computed again.
    """
    cycle = cycle_queries.held(nomination.cycle_id)
    standing = access.standing(by, nomination, Action.DECLARE, Action.RECUSE, now=now)
    undeclared = Role.MEMBER_UNDECLARED in standing.situation.roles
    standing.require(Action.DECLARE if undeclared else Action.RECUSE)
    if not _is_reason(reason.strip()):
        raise Refused(Refusal.INVALID, problems=("reason",))
    if undeclared:
        _write_declaration(nomination, {}, by, now)
    else:
        hold_declaration(nomination, by)
    made = Recusal(nomination_id=nomination.id, person_id=by.id, kind=kind, reason=reason.strip(), at=now)
    _add_once(made)
    if cycle.round_closed_at is not None:
        cycle.result_due = True
    audit.record("recuse", nomination, by=by, at=now, cycle_id=nomination.cycle_id, kind=kind.value)
    return made


def hold_declaration(nomination: Nomination, by: Person) -> Declaration | None:
    """Lock a member's declaration, so that of her scoring and her stepping out one waits for the other."""
    mine = select(Declaration).where(Declaration.nomination_id == nomination.id, Declaration.person_id == by.id)
    return db.session.scalars(mine.with_for_update()).one_or_none()


def _require_undeclared(nomination: Nomination, by: Person, now: datetime) -> None:
    standing = access.standing(by, nomination, Action.DECLARE, now=now)
    if Role.MEMBER_CLEAR in standing.situation.roles:
        raise Refused(Refusal.ALREADY_DONE)
    standing.require(Action.DECLARE)


def _is_reason(text: str) -> bool:
    return 0 < len(text) <= REASON_CHARS


def _write_declaration(nomination: Nomination, suggested: dict[str, str], by: Person, now: datetime) -> Declaration:
    made = Declaration(nomination_id=nomination.id, person_id=by.id, suggested=suggested, at=now)
    _add_once(made)
    return made


def _add_once(row: Declaration | Recusal) -> None:
    """The unique index decides who was first; the other one's work is rolled back by her transaction."""
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError:
        raise Refused(Refusal.ALREADY_DONE) from None
