"""Scoring a file, and finishing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy import delete, func, select

from award_app import access, audit
from award_app.accounts.models import Person
from award_app.cycles import queries as cycle_queries
from award_app.cycles.models import Criterion, Cycle
from award_app.db import db
from award_app.domain.vocabulary import RAISED, Action, CriterionKind, Refusal, Refused
from award_app.nominations.models import Nomination
from award_app.panel.operations import hold_declaration
from award_app.reviews import queries
from award_app.reviews.models import Ballot, Score, ScoreDraft
from award_app.reviews.rounds import close_by_person, close_round, open_round

__all__ = ["close_by_person", "close_round", "finish", "keep_late", "open_round", "score"]

Values = Mapping[int, tuple[int, str]]
"""Criterion id → value and comment. What is not named stays as it was."""
Sheet = tuple[int | None, str]
NOTHING: Final[Mapping[int, str]] = MappingProxyType({})

COMMENT_CHARS = 4000


def score(
    nomination: Nomination,
    values: Values,
    *,
    comments: Mapping[int, str] = NOTHING,
    seen: Mapping[int, str] = NOTHING,
    operation_id: str,
    by: Person,
    now: datetime,
) -> int:
    """Write a new revision of each value or comment that changed, and return how many.

    `comments` are those whose value is not chosen yet, by criterion id: kept as drafts, an empty one clears its draft.
    `seen` are the marks of the lines its author had before her; a criterion that is not named there is not compared.
    INVALID, with criterion ids as problems, where a value is off its scale or a concern has no comment; CHANGED_MEANWHILE
    with those that she changed from another window too. ALREADY_DONE once she has finished, but for a file that was
    accepted after that. Nothing is written then.
    """
    cycle_queries.shared(nomination.cycle_id)
    hold_declaration(nomination, by)
    access.require(by, Action.SCORE, nomination, now=now)
    if queries.stands(nomination, queries.ballot(by, nomination.cycle)):
        raise Refused(Refusal.ALREADY_DONE)
    if _was_done(nomination, operation_id, by):
        return 0
    before = {line.criterion.id: line for line in queries.own_scores(by, nomination)}
    given = _checked(nomination, values, comments)
    changed = {c: g for c, g in given.items() if (before[c].value, before[c].comment) != g}
    changed = _not_from_elsewhere(nomination, changed, before, seen, by)
    changed = {c: (before[c].value if value is None else value, comment) for c, (value, comment) in changed.items()}
    _require_fitting(nomination, changed)
    _keep_drafts(nomination, {c: comment for c, (value, comment) in changed.items() if value is None}, by, now)
    scores = {c: (value, comment) for c, (value, comment) in changed.items() if value is not None}
    return _write("score", nomination, scores, operation_id, by, now)


def keep_late(nomination: Nomination, values: Values, *, operation_id: str, by: Person, now: datetime) -> int:
    """Keep for its author what came too late, in a transaction of its own after the refused one has rolled back."""
    hold_declaration(nomination, by)
    verdict = access.may(by, Action.SCORE, nomination, now=now)
    if verdict.refusal is not Refusal.TOO_LATE:
        raise Refused(verdict.refusal or Refusal.WRONG_STATE)
    if _was_done(nomination, operation_id, by):
        return 0
    own = queries.own_in(by, nomination)
    before = {line.criterion.id: (line.value, line.comment) for line in own.lines(nomination)} | own.late(nomination)
    given = {c: g for c, g in _checked(nomination, values, NOTHING).items() if before[c] != g}
    scores = {c: (value, comment) for c, (value, comment) in given.items() if value is not None}
    return _write("score_late", nomination, scores, operation_id, by, now, late=True)


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


def _checked(nomination: Nomination, values: Values, comments: Mapping[int, str]) -> dict[int, Sheet]:
    given: dict[int, Sheet] = {c: (None, comment.strip()) for c, comment in comments.items()}
    given |= {c: (value, comment.strip()) for c, (value, comment) in values.items()}
    _require_fitting(nomination, given)
    return given


def _require_fitting(nomination: Nomination, given: Mapping[int, Sheet]) -> None:
    criteria = {criterion.id: criterion for criterion in nomination.cycle.criteria}
    wrong = tuple(c for c, sheet in given.items() if c not in criteria or not _fits(criteria[c], *sheet))
    if wrong:
        raise Refused(Refusal.INVALID, problems=wrong)


def _fits(criterion: Criterion, value: int | None, comment: str) -> bool:
    """A concern about conduct says what it is."""
    explained = bool(comment) or criterion.kind is not CriterionKind.CONCERN or value != RAISED
    return (value is None or value in criterion.values) and explained and len(comment) <= COMMENT_CHARS


def _was_done(nomination: Nomination, operation_id: str, by: Person) -> bool:
    mine = (Score.nomination_id == nomination.id, Score.person_id == by.id, Score.operation_id == operation_id)
    return db.session.scalar(select(Score.id).where(*mine).limit(1)) is not None


def _not_from_elsewhere(
    nomination: Nomination,
    changed: Mapping[int, Sheet],
    before: Mapping[int, queries.Line],
    seen: Mapping[int, str],
    by: Person,
) -> dict[int, Sheet]:
    """What is left to write where another window of hers was quicker. What she did not touch in this one stays as that
    other one left it; where both changed the same she is asked."""
    behind = {c for c in changed if seen.get(c, before[c].mark) != before[c].mark}
    untouched = {c for c in behind if changed[c] == _as_seen(nomination, c, seen[c], by)}
    clashing = tuple(c for c in changed if c in behind - untouched)
    if clashing:
        raise Refused(Refusal.CHANGED_MEANWHILE, problems=clashing)
    return {c: sheet for c, sheet in changed.items() if c not in untouched}


def _as_seen(nomination: Nomination, criterion_id: int, mark: str, by: Person) -> Sheet | None:
    """What stood on her sheet under this mark; None for a comment that is gone."""
    if mark == queries.UNSEEN:
        return None, ""
    if not mark.isdecimal() or len(mark) > 9:
        return None
    row = db.session.execute(
        select(Score.value, Score.comment).where(
            Score.nomination_id == nomination.id,
            Score.person_id == by.id,
            Score.criterion_id == criterion_id,
            Score.revision == int(mark),
        )
    ).one_or_none()
    return (row[0], row[1]) if row else None


def _keep_drafts(nomination: Nomination, comments: Mapping[int, str], by: Person, now: datetime) -> None:
    """Comments whose value is not chosen; the newest of each stands, an empty one takes it away."""
    mine = (ScoreDraft.nomination_id == nomination.id, ScoreDraft.person_id == by.id)
    standing = {d.criterion_id: d for d in db.session.scalars(select(ScoreDraft).where(*mine))}
    for criterion_id, comment in comments.items():
        draft = standing.get(criterion_id)
        if not comment:
            if draft is not None:
                db.session.delete(draft)
        elif draft is not None:
            draft.comment, draft.at = comment, now
        else:
            made = ScoreDraft(nomination_id=nomination.id, person_id=by.id, criterion_id=criterion_id)
            made.comment, made.at = comment, now
            db.session.add(made)
    db.session.flush()


def _write(
    act: str,
    nomination: Nomination,
    changed: Mapping[int, tuple[int, str]],
    operation_id: str,
    by: Person,
    now: datetime,
    *,
    late: bool = False,
) -> int:
    if not changed:
        return 0
    mine = (Score.nomination_id == nomination.id, Score.person_id == by.id)
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
    drafts = delete(ScoreDraft).where(ScoreDraft.nomination_id == nomination.id, ScoreDraft.person_id == by.id)
    if not late:
        db.session.execute(drafts.where(ScoreDraft.criterion_id.in_(changed)))
    db.session.flush()
    audit.record(act, nomination, by=by, at=now, cycle_id=nomination.cycle_id, criteria=sorted(changed))
    return len(changed)
