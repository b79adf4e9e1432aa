"""Scoring: the whole sheet from its button, or a part of it by itself. Finishing and progress have folders of their own.

POST /panel/<year>/<ref>/scores
GET  /panel/<year>/so-far                one's own scores across files, for her eyes only
"""

from __future__ import annotations

from datetime import datetime

from flask import Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from award_app import access, notes
from award_app.accounts.models import Person
from award_app.db import transaction
from award_app.domain.vocabulary import Action, Refusal, Refused
from award_app.errors import STATUS, sentence
from award_app.panel import queries as panel
from award_app.panel import web as desk
from award_app.reviews import forms, operations, queries, so_far, words
from award_app.reviews.finishing import views as finishing
from award_app.reviews.progress import views as progress
from award_app.reviews.saving import web as answers
from award_app.reviews.web import Page, bp
from award_app.web.arrival import arrived
from award_app.web.guard import guarded, viewer

_ON_A_PAGE_OF_ITS_OWN = {Refusal.CONFLICT, Refusal.DECLARE_FIRST, Refusal.NOT_YOURS, Refusal.WRONG_STATE}


@bp.post("/<int(max=9999):year>/<ref>/scores")
@guarded(Action.SCORE)
def score(year: int, ref: str) -> Page:
    """The whole sheet from its button, or a part of it from the module on the desk, which hears JSON."""
    now, member = arrived(), viewer()
    at = panel.at_desk(year, ref, seen_by=member, now=now)
    form = forms.sheet(queries.own_scores(member, at.nomination))
    if at.standing.may(Action.SCORE).allowed and not form.validate():
        return answers.invalid(form) if answers.wanted() else desk.page(at, seen_by=member, now=now, form=form)
    try:
        with transaction():
            operations.score(
                at.nomination,
                form.values,
                comments=form.comments,
                seen=form.seen,
                operation_id=form.once.data,
                by=member,
                now=now,
            )
    except Refused as no:
        return _not_saved(no, year, ref, form, member, now)
    if answers.wanted():
        return answers.saved(queries.own_scores(member, at.nomination), now)
    return _saved(year, ref, member)


@bp.get("/<int(max=9999):year>/so-far")
@guarded(Action.LIST_PANEL)
def own_so_far(year: int) -> Page:
    now, member, cycle = arrived(), viewer(), panel.cycle_of(year)
    access.require(member, Action.LIST_PANEL, cycle, now=now)
    mean = so_far.of(cycle, queries.own_list(member, cycle), queries.own(member, cycle.id))
    if mean.rows:
        notes.note("read_so_far", cycle, by=member, at=now, cycle_id=cycle.id)
    return render_template("reviews/so_far.html", cycle=cycle, so_far=mean)


def _saved(year: int, ref: str, member: Person) -> Page:
    if request.form.get("then") != "next":
        return redirect(url_for("panel.file", year=year, ref=ref, _anchor="sheet"))
    cycle = panel.cycle_of(year)
    following = panel.next_open(queries.own_list(member, cycle), ref, len(cycle.criteria))
    if following is None:
        flash(_("Your scores are saved. No file is open any more: please finish scoring."))
        return redirect(url_for("panel.files", year=year))
    return redirect(url_for("panel.file", year=year, ref=following.ref))


def _not_saved(no: Refused, year: int, ref: str, form: forms.SheetForm, member: Person, now: datetime) -> Page:
    """The desk again with the reason and what was typed; where the file is closed to her, only what she typed."""
    if no.refusal is Refusal.NOT_FOUND:
        raise no
    kept = no.refusal is Refusal.TOO_LATE and _keep_late(year, ref, form, member, now)
    if no.refusal is Refusal.CHANGED_MEANWHILE:
        return _both(no, year, ref, form, member, now)
    if answers.wanted():
        return answers.refused(no.refusal, kept_late=kept)
    if no.refusal in _ON_A_PAGE_OF_ITS_OWN:
        typed = "\n\n".join(comment.data for _c, _value, comment in form.lines if comment.data)
        page = "errors/403.html" if STATUS[no.refusal] == 403 else "errors/409.html"
        return render_template(page, reason=sentence(no.refusal), kept=typed), STATUS[no.refusal]
    at = panel.at_desk(year, ref, seen_by=member, now=now)
    return desk.page(at, seen_by=member, now=now, form=form, refused=no.refusal, kept_late=kept)


def _both(no: Refused, year: int, ref: str, form: forms.SheetForm, member: Person, now: datetime) -> Page:
    """What two windows of hers say, beside each other."""
    at = panel.at_desk(year, ref, seen_by=member, now=now)
    behind = [line for line in queries.own_scores(member, at.nomination) if line.criterion.id in no.problems]
    if answers.wanted():
        return answers.clashing(behind)
    for line in behind:
        form.face(line, words.elsewhere(line))
    return desk.page(at, seen_by=member, now=now, form=form, refused=no.refusal)


def _keep_late(year: int, ref: str, form: forms.SheetForm, member: Person, now: datetime) -> bool:
    """After the refused work has rolled back. What does not fit the sheet stays on the page only."""
    at = panel.at_desk(year, ref, seen_by=member, now=now)
    try:
        with transaction():
            written = operations.keep_late(at.nomination, form.values, operation_id=form.once.data, by=member, now=now)
    except Refused:
        return False
    return written > 0 or bool(form.values)


def init_app(app: Flask) -> None:
    assert finishing
    assert progress  # their routes stand on this blueprint
    app.register_blueprint(bp)
    app.jinja_env.globals.setdefault("round_closing", queries.closing)
