"""The desk: the file on the start side, the score sheet on the end side."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import render_template

from award_app import access
from award_app.accounts.models import Person
from award_app.domain.vocabulary import Action, Refusal
from award_app.errors import STATUS, sentence
from award_app.nominations import dossier
from award_app.panel.queries import AtDesk, beside, progress_of
from award_app.reviews import queries, words
from award_app.reviews.forms import SheetForm, sheet


def page(
    at: AtDesk,
    *,
    seen_by: Person,
    now: datetime,
    form: SheetForm | None = None,
    refused: Refusal | None = None,
    kept_late: bool = False,
) -> tuple[str, int]:
    """`form` as it was sent, where it could not be saved; `refused` is why. Status 200, 422 or that of the refusal."""
    at.standing.require(Action.READ)
    nomination, cycle = at.nomination, at.nomination.cycle
    scoring = at.standing.may(Action.SCORE)
    mine = queries.own_in(seen_by, nomination)
    files = queries.own_list(seen_by, cycle)
    lines = mine.lines(nomination)
    before, after = beside(files, nomination.ref)
    saved_at = [line.at for line in lines if line.at]
    status = STATUS[refused] if refused else 422 if form else 200
    html = render_template(
        "panel/desk.html",
        nomination=nomination,
        cycle=cycle,
        dossier=dossier.build(nomination, shows=access.parts(at.standing.situation.roles, nomination)),
        lines=lines,
        late=mine.late(nomination) if scoring.refusal is Refusal.TOO_LATE else {},
        open=scoring.allowed and not at.finished,
        too_early=scoring.refusal is Refusal.TOO_EARLY,
        finished_at=at.finished_at,
        form=form or (sheet(lines) if scoring.allowed and not at.finished else None),
        reason=sentence(refused) if refused else None,
        kept_late=kept_late,
        loose=_loose(form, kept_late) if form else [],
        may_step_out=at.standing.may(Action.RECUSE).allowed,
        saved=words.saved(max(saved_at), now) if saved_at else "",
        before=before,
        after=after,
        progress=progress_of(files, len(cycle.criteria)),
        left=words.time_left(cycle.review_ends_at, now),
    )
    return html, status


def _loose(form: SheetForm, kept_late: bool) -> list[tuple[Any, Any, Any]]:
    """What was sent and is kept nowhere: nothing may be lost before its author could copy it."""
    kept = form.values if kept_late else {}
    return [(c, value, text) for c, value, text in form.lines if (value.data or text.data) and c.id not in kept]
