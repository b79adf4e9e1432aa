"""The result, computed once by the worker and stored. The only file of the features that brings scipy with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, union

from award_app import access, audit
from award_app.accounts.models import Appointment
from award_app.cycles.models import Criterion, Cycle
from award_app.db import db
from award_app.domain import ranking
from award_app.domain.vocabulary import RAISED, AppointmentRole, CriterionKind, NominationState, Refusal, Refused
from award_app.nominations.models import Nomination
from award_app.panel.models import Recusal
from award_app.reviews.models import barred, effective_scores
from award_app.selection import queries
from award_app.selection.models import Result, ResultRow


def compute(cycle: Cycle, *, now: datetime) -> None:
    """Store a result for every set of files that is kept from somebody. Harmless to repeat.

    Until the decision everything is computed anew. After it, what the decision rests on stays as it was, and only sets
    that have no result yet get one.
    """
    db.session.flush()  # what the caller changed is not to be read away
    db.session.refresh(cycle, with_for_update=True)
    if cycle.round_closed_at is None:
        raise Refused(Refusal.TOO_EARLY)
    wanted = queries.sets_needed(cycle)
    if access.decision_of(cycle) is None:
        _forget(cycle)
    else:
        have = set(db.session.scalars(select(Result.without).where(Result.cycle_id == cycle.id)))
        wanted = {without: files for without, files in wanted.items() if without not in have}
    sheet = _sheet(cycle)
    for without, files in sorted(wanted.items()):
        db.session.add(_result(cycle, sheet, without, files, now))
    cycle.result_due = False
    audit.record("compute_result", cycle, by=None, at=now, cycle_id=cycle.id, results=len(wanted))
    db.session.flush()


@dataclass(frozen=True)
class _Sheet:
    """All that counts in a cycle, per file where it is counted."""

    files: tuple[int, ...]
    scores: tuple[ranking.Score, ...]
    weights: Mapping[int, float]
    concerns: Mapping[int, int]
    recusals: Mapping[int, int]


def _forget(cycle: Cycle) -> None:
    old = select(Result.id).where(Result.cycle_id == cycle.id)
    db.session.execute(delete(ResultRow).where(ResultRow.result_id.in_(old)))
    db.session.execute(delete(Result).where(Result.cycle_id == cycle.id))
    db.session.expire_all()


def _sheet(cycle: Cycle) -> _Sheet:
    accepted = select(Nomination.id).where(
        Nomination.cycle_id == cycle.id, Nomination.state == NominationState.ACCEPTED
    )
    weights = {criterion.id: criterion.weight for criterion in cycle.criteria if criterion.weight}
    s = effective_scores.c
    given = db.session.execute(
        select(s.nomination_id, s.person_id, s.criterion_id, s.value)
        .where(s.cycle_id == cycle.id, s.round == 1)
        .order_by(s.nomination_id, s.person_id, s.criterion_id)
    ).all()
    return _Sheet(
        files=tuple(db.session.scalars(accepted.order_by(Nomination.id))),
        scores=tuple(ranking.Score(*row) for row in given if row.criterion_id in weights),
        weights=weights,
        concerns=_concerns(cycle),
        recusals=_recusals(cycle),
    )


def _concerns(cycle: Cycle) -> Counter[int]:
    """How many members raised a concern about conduct, per file."""
    s = effective_scores.c
    raised = (
        select(s.nomination_id)
        .join(Criterion, Criterion.id == s.criterion_id)
        .where(s.cycle_id == cycle.id, s.round == 1, s.value == RAISED, Criterion.kind == CriterionKind.CONCERN)
    )
    return Counter(db.session.scalars(raised))


def _recusals(cycle: Cycle) -> Counter[int]:
    """How many of the sitting members are out of a file, by their own word or by the bar."""
    sitting = select(Appointment.person_id).where(
        Appointment.cycle_id == cycle.id,
        Appointment.role == AppointmentRole.MEMBER,
        Appointment.ended_at.is_(None),
    )
    out = union(
        select(Recusal.nomination_id, Recusal.person_id).where(Recusal.person_id.in_(sitting)),
        select(barred.c.nomination_id, barred.c.person_id).where(barred.c.person_id.in_(sitting)),
    ).subquery()
    return Counter(db.session.scalars(select(out.c.nomination_id)))


def _result(cycle: Cycle, sheet: _Sheet, without: str, kept: frozenset[int], now: datetime) -> Result:
    scores = [score for score in sheet.scores if score.nominee not in kept]
    model = ranking.additive_model(scores, sheet.weights)
    lines = ranking.summarise(scores, sheet.weights, model)
    rows = [_row(sheet, file, lines.get(file)) for file in sheet.files if file not in kept]
    return Result(cycle_id=cycle.id, without=without, computed_at=now, model=_kept_model(model), rows=rows)


def _row(sheet: _Sheet, file: int, line: ranking.Summary | None) -> ResultRow:
    counts = {"concerns": sheet.concerns.get(file, 0), "recusals": sheet.recusals.get(file, 0)}
    if line is None:
        return ResultRow(nomination_id=file, scores=0, **counts)
    return ResultRow(
        nomination_id=file,
        position=line.mean_rank,
        weighted_mean=line.mean,
        adjusted_position=line.adjusted_rank,
        adjusted_mean=line.adjusted,
        scores=line.n_scores,
        lowest=line.lowest,
        highest=line.highest,
        **counts,
    )


def _kept_model(model: ranking.Additive) -> dict[str, Any]:
    """As JSON: its keys are texts."""
    return {
        "severity": {str(person): value for person, value in model.severity.items()},
        "criteria": {str(criterion): value for criterion, value in model.criteria.items()},
        "identified": model.identified,
        "components": model.components,
        "shrinkage": model.ridge,
        "shrinkage_estimated": model.ridge_estimated,
    }
