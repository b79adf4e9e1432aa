"""Scoring, finishing, and following the panel's work.

POST /panel/<year>/<ref>/scores
GET, POST /panel/<year>/finish
GET  /panel/<year>/progress
"""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from award_app import access
from award_app.accounts.models import Person
from award_app.cycles.models import Cycle
from award_app.db import transaction
from award_app.domain.vocabulary import Action, Refusal, Refused
from award_app.errors import STATUS, sentence
from award_app.panel import queries as panel
from award_app.panel import web as desk
from award_app.reviews import forms, operations, queries
from award_app.reviews.queries import ListedFile
from award_app.web.arrival import arrived
from award_app.web.forms import Form
from award_app.web.guard import guarded, viewer
from award_app.web.once import once

bp = Blueprint("reviews", __name__, url_prefix="/panel")

Page = str | Response | tuple[str, int]

_ON_A_PAGE_OF_ITS_OWN = {Refusal.CONFLICT, Refusal.DECLARE_FIRST, Refusal.NOT_YOURS, Refusal.WRONG_STATE}


@bp.post("/<int(max=9999):year>/<ref>/scores")
@guarded(Action.SCORE)
def score(year: int, ref: str) -> Page:
    now, member = arrived(), viewer()
    at = panel.at_desk(year, ref, seen_by=member, now=now)
    form = forms.sheet(queries.own_scores(member, at.nomination))
    if at.standing.may(Action.SCORE).allowed and not form.validate():
        return desk.page(at, seen_by=member, now=now, form=form)
    try:
        with transaction():
            operations.score(at.nomination, form.values, operation_id=form.once.data, by=member, now=now)
    except Refused as no:
        return _not_saved(no.refusal, year, ref, form, member, now)
    return _saved(year, ref, member)


def _saved(year: int, ref: str, member: Person) -> Page:
    if request.form.get("then") != "next":
        return redirect(url_for("panel.file", year=year, ref=ref, _anchor="sheet"))
    cycle = panel.cycle_of(year)
    files = panel.in_own_order(member, queries.own_list(member, cycle))
    following = panel.next_open(files, ref, len(cycle.criteria))
    if following is None:
        flash(_("Your scores are saved. No file is open any more: please finish scoring."))
        return redirect(url_for("panel.files", year=year))
    return redirect(url_for("panel.file", year=year, ref=following.ref))


def _not_saved(
    refusal: Refusal, year: int, ref: str, form: forms.SheetForm, member: Person, now: datetime
) -> tuple[str, int]:
    """The desk again with the reason and what was typed; where the file is closed to her, only what she typed."""
    if refusal in _ON_A_PAGE_OF_ITS_OWN:
        typed = "\n\n".join(text for _value, text in form.values.values() if text)
        page = "errors/403.html" if STATUS[refusal] == 403 else "errors/409.html"
        return render_template(page, reason=sentence(refusal), kept=typed), STATUS[refusal]
    if refusal is Refusal.NOT_FOUND:
        raise Refused(refusal)
    kept = refusal is Refusal.TOO_LATE and _keep_late(year, ref, form, member, now)
    at = panel.at_desk(year, ref, seen_by=member, now=now)
    return desk.page(at, seen_by=member, now=now, form=form, refused=refusal, kept_late=kept)


def _keep_late(year: int, ref: str, form: forms.SheetForm, member: Person, now: datetime) -> bool:
    """After the refused work has rolled back. What does not fit the sheet stays on the page only."""
    at = panel.at_desk(year, ref, seen_by=member, now=now)
    try:
        with transaction():
            written = operations.keep_late(at.nomination, form.values, operation_id=form.once.data, by=member, now=now)
    except Refused:
        return False
    return written > 0 or bool(form.values)


@bp.get("/<int(max=9999):year>/finish")
@guarded(Action.FINISH)
def summary(year: int) -> Page:
    now, member = arrived(), viewer()
    cycle = panel.cycle_of(year)
    access.require(member, Action.FINISH, cycle, now=now)
    return _summary_page(cycle, member, Form())


@bp.post("/<int(max=9999):year>/finish")
@guarded(Action.FINISH)
def finish(year: int) -> Page:
    now, member = arrived(), viewer()
    cycle, form = panel.cycle_of(year), Form()

    def work() -> str:
        operations.finish(cycle, by=member, now=now)
        return url_for("panel.files", year=year)

    try:
        address = once(form.once.data, work, by=member, now=now)
    except Refused as no:
        if no.refusal is not Refusal.UNFINISHED:
            raise
        return _summary_page(panel.cycle_of(year), member, form), STATUS[no.refusal]
    flash(_("You have finished scoring. Thank you."))
    return redirect(address)


def _summary_page(cycle: Cycle, member: Person, form: Form) -> str:
    files = panel.in_own_order(member, queries.own_list(member, cycle))
    highest, lowest = _extremes(files, queries.own_means(member, cycle))
    return render_template(
        "reviews/finish.html",
        cycle=cycle,
        form=form,
        left=queries.unfinished(files, len(cycle.criteria)),
        scored=sum(not (f.recused or f.barred) and f.scored == len(cycle.criteria) for f in files),
        recused=sum(f.recused or f.barred for f in files),
        highest=highest,
        lowest=lowest,
        finished_at=queries.ballot(member, cycle),
    )


def _extremes(files: list[ListedFile], means: dict[int, float]) -> tuple[list[ListedFile], list[ListedFile]]:
    """The files she scored highest and lowest; none where all stand alike."""
    if len(set(means.values())) < 2:
        return [], []
    top, bottom = max(means.values()), min(means.values())
    return [f for f in files if means.get(f.id) == top], [f for f in files if means.get(f.id) == bottom]


@bp.get("/<int(max=9999):year>/progress")
@guarded(Action.SEE_PROGRESS)
def progress(year: int) -> Page:
    cycle = panel.cycle_of(year)
    access.require(viewer(), Action.SEE_PROGRESS, cycle, now=arrived())
    found = queries.progress(cycle, seen_by=viewer())
    return render_template("reviews/progress.html", cycle=cycle, found=found)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
