"""Scoring a file, and finishing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select

from award_app import access, audit
from award_app.accounts.models import Person
from award_app.cycles import queries as cycle_queries
from award_app.cycles.models import Criterion, Cycle
from award_app.db import db
from award_app.domain.vocabulary import RAISED, Action, CriterionKind, Refusal, Refused
from award_app.nominations.models import Nomination
from award_app.panel.operations import hold_declaration
from award_app.reviews import queries
from award_app.reviews.models import Ballot, Score
from award_app.reviews.rounds import close_round, open_round

__all__ = ["close_round", "finish", "keep_late", "open_round", "score"]

Values = Mapping[int, tuple[int, str]]
"""Criterion id → value and comment. What is not named stays as it was."""

COMMENT_CHARS = 4000


def score(nomination: Nomination, values: Values, *, operation_id: str, by: Person, now: datetime) -> int:
    """Write a new revision of each value or comment that changed, and return how many.

    INVALID, with criterion ids as problems, where a value is off its scale or a concern has no comment. ALREADY_DONE
    once she has finished, but for a file that was accepted after that.
    """
    cycle_queries.shared(nomination.cycle_id)
    hold_declaration(nomination, by)
    access.require(by, Action.SCORE, nomination, now=now)
    if queries.stands(nomination, queries.ballot(by, nomination.cycle)):
        raise Refused(Refusal.ALREADY_DONE)
    before = {line.criterion.id: (line.value, line.comment) for line in queries.own_scores(by, nomination)}
    values = _checked(nomination, values)
    changed = {criterion_id: given for criterion_id, given in values.items() if before[criterion_id] != given}
    return _write("score", nomination, changed, operation_id, by, now)


def keep_late(nomination: Nomination, values: Values, *, operation_id: str, by: Person, now: datetime) -> int:
    """Keep for its author what came too late, in a transaction of its own after the refused one has rolled back."""
    hold_declaration(nomination, by)
    verdict = access.may(by, Action.SCORE, nomination, now=now)
    if verdict.refusal is not Refusal.TOO_LATE:
        raise Refused(verdict.refusal or Refusal.WRONG_STATE)
    before = {line.criterion.id: (line.value, line.comment) for line in queries.own_scores(by, nomination)}
    before |= queries.own_late_scores(by, nomination)
    values = _checked(nomination, values)
    changed = {criterion_id: given for criterion_id, given in values.items() if before[criterion_id] != given}
    return _write("score_late", nomination, changed, operation_id, by, now, late=True)


def finish(cycle: Cycle, *, by: Person, now: datetime) -> Ballot:
    """She has scored every file she is not recused from. Else UNFINISHED, with the references of what is left."""
    cycle = cycle_queries.shared(cycle.id)
    access.require(by, Action.FINISH, cycle, now=now)
    if queries.ballot(by, cycle) is not None:
        raise Refused(Refusal.ALREADY_DONE)
    left = queries.unfinished(queries.own_list(by, cycle), len(cycle.criteria))
    if left:
        raise Refused(Refusal.UNFINISHED, problems=tuple(file.ref for file in left))
    made = Ballot(cycle_id=cycle.id, person_id=by.id, finished_at=now)
    db.session.add(made)
    db.session.flush()
    audit.record("finish", cycle, by=by, at=now, cycle_id=cycle.id)
    return made


def _checked(nomination: Nomination, values: Values) -> dict[int, tuple[int, str]]:
    criteria = {criterion.id: criterion for criterion in nomination.cycle.criteria}
    given = {criterion_id: (value, comment.strip()) for criterion_id, (value, comment) in values.items()}
    wrong = tuple(
        criterion_id
        for criterion_id, (value, comment) in given.items()
        if criterion_id not in criteria or not _fits(criteria[criterion_id], value, comment)
    )
    if wrong:
        raise Refused(Refusal.INVALID, problems=wrong)
    return given


def _fits(criterion: Criterion, value: int, comment: str) -> bool:
    """A concern about conduct says what it is."""
    explained = bool(comment) or criterion.kind is not CriterionKind.CONCERN or value != RAISED
    return value in criterion.values and explained and len(comment) <= COMMENT_CHARS


def _write(
    act: str,
    nomination: Nomination,
    changed: Values,
    operation_id: str,
    by: Person,
    now: datetime,
    *,
    late: bool = False,
) -> int:
    mine = (Score.nomination_id == nomination.id, Score.person_id == by.id)
    if not changed or db.session.scalar(select(Score.id).where(*mine, Score.operation_id == operation_id).limit(1)):
        return 0
    last: dict[int, int] = {
        row[0]: row[1]
        for row in db.session.execute(
            select(Score.criterion_id, func.max(Score.revision)).where(*mine).group_by(Score.criterion_id)
        )
    }
    for criterion_id, (value, comment) in changed.items():
        db.session.add(
            Score(
                nomination_id=nomination.id,
                person_id=by.id,
                criterion_id=criterion_id,
                revision=last.get(criterion_id, 0) + 1,
                value=value,
                comment=comment,
                late=late,
                operation_id=operation_id,
                at=now,
            )
        )
    db.session.flush()
    audit.record(act, nomination, by=by, at=now, cycle_id=nomination.cycle_id, criteria=sorted(changed))
    return len(changed)
