"""A file leaves the outcome after the round: proposed by the secretariat, confirmed by the chair.

GET  /results/<year>/changes                     what was proposed, what stands, what missions ask for
GET  /results/<year>/changes/propose             the form; POST the same: proposes
POST /results/<year>/changes/<number>/confirm    the second person agrees
POST /results/<year>/changes/<number>/turn-down  … or does not
POST /results/<year>/changes/<number>/take-back  the secretariat no longer proposes it
"""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from award_app import access, clock
from award_app.cycles.models import Cycle
from award_app.db import db, transaction
from award_app.domain.vocabulary import Action, ChangeKind, NominationState, Refusal, Refused
from award_app.nominations.models import Nomination
from award_app.selection.changes import operations, queries
from award_app.selection.changes.forms import KINDS, PROBLEMS, AnswerForm, ChangeForm, change_form
from award_app.selection.models import OutcomeChange
from award_app.selection.queries import cycle_of, people
from award_app.web.guard import guarded, viewer
from award_app.web.once import once
from award_app.web.refusals import complain

bp = Blueprint("changes", __name__)
Answer = str | Response | tuple[str, int]

SHOWN = (Action.SEE_SHORTLIST, Action.PROPOSE_CHANGE, Action.CONFIRM_CHANGE, Action.SEE_ANNOUNCEMENT)


@bp.get("/results/<int(max=9999):year>/changes")
@guarded(Action.SEE_SHORTLIST)
def index(year: int) -> Answer:
    cycle, now = cycle_of(year), clock.now()
    here = access.standing(viewer(), cycle, *SHOWN, now=now)
    here.require(Action.SEE_SHORTLIST)
    found = queries.changes_of(cycle)
    acted = {person for change in found for person in (change.proposed_by_id, change.confirmed_by_id) if person}
    return render_template(
        "selection/changes.html",
        cycle=cycle,
        changes=found,
        kinds=KINDS,
        names={person.id: person.name for person in people(acted)},
        requests=queries.requests(cycle) if here.may(Action.PROPOSE_CHANGE).allowed else [],
        form=AnswerForm(),
        may={action.name: here.may(action).allowed for action in SHOWN},
    )


@bp.get("/results/<int(max=9999):year>/changes/propose")
@guarded(Action.PROPOSE_CHANGE)
def propose(year: int) -> Answer:
    cycle = cycle_of(year)
    access.require(viewer(), Action.PROPOSE_CHANGE, cycle, now=clock.now())
    form = change_form(_files(cycle))
    form.file.data = request.args.get("file")
    asked = {file.ref: words for words, file in queries.requests(cycle)}.get(form.file.data or "")
    if asked:
        form.kind.data, form.reason.data = ChangeKind.WITHDRAWN.value, asked.reason
    return _form_page(cycle, form)


@bp.post("/results/<int(max=9999):year>/changes/propose")
@guarded(Action.PROPOSE_CHANGE)
def save(year: int) -> Answer:
    cycle, by, now = cycle_of(year), viewer(), clock.now()
    access.require(by, Action.PROPOSE_CHANGE, cycle, now=now)
    files = {file.ref: file for file in _files(cycle)}
    form = change_form(list(files.values()))
    if not form.validate():
        return _form_page(cycle, form, 422)

    def work() -> str:
        kind, file = ChangeKind(form.kind.data), files[form.file.data]
        operations.propose(cycle, file, kind, form.reason.data, ground=form.given_ground, by=by, now=now)
        return url_for(".index", year=year)

    try:
        address = once(form.once.data, work, by=by, now=now)
    except Refused as refused:
        return _form_page(cycle_of(year), form, complain(form, refused, PROBLEMS))
    flash(_("Proposed. Nothing changes before the chair has confirmed it."))
    return redirect(address)


@bp.post("/results/<int(max=9999):year>/changes/<int(max=999999999):number>/confirm")
@guarded(Action.CONFIRM_CHANGE)
def confirm(year: int, number: int) -> Answer:
    cycle, now = cycle_of(year), clock.now()
    change = _change(cycle, number, Action.CONFIRM_CHANGE, now)
    with transaction():
        operations.confirm(change, cycle, by=viewer(), now=now)
    flash(_("Confirmed. The file has left, and those behind it have moved up."))
    return redirect(url_for(".index", year=year))


@bp.post("/results/<int(max=9999):year>/changes/<int(max=999999999):number>/turn-down")
@guarded(Action.CONFIRM_CHANGE)
def turn_down(year: int, number: int) -> Answer:
    cycle, now = cycle_of(year), clock.now()
    change = _change(cycle, number, Action.CONFIRM_CHANGE, now)
    with transaction():
        operations.turn_down(change, cycle, by=viewer(), now=now)
    flash(_("Turned down. Everything stays as it was."))
    return redirect(url_for(".index", year=year))


@bp.post("/results/<int(max=9999):year>/changes/<int(max=999999999):number>/take-back")
@guarded(Action.PROPOSE_CHANGE)
def take_back(year: int, number: int) -> Answer:
    cycle, now = cycle_of(year), clock.now()
    change = _change(cycle, number, Action.PROPOSE_CHANGE, now)
    with transaction():
        operations.take_back(change, cycle, by=viewer(), now=now)
    flash(_("Taken back. Everything stays as it was."))
    return redirect(url_for(".index", year=year))


def _change(cycle: Cycle, number: int, action: Action, now: datetime) -> OutcomeChange:
    """A change is as secret as the shortlist: who may not answer one is not told whether there is one."""
    if not access.may(viewer(), action, cycle, now=now).allowed:
        raise Refused(Refusal.NOT_FOUND)
    return queries.change(cycle, number)


def _files(cycle: Cycle) -> list[Nomination]:
    """Those with the panel that have not left."""
    left = queries.left_of([cycle.id])
    found = (
        select(Nomination)
        .where(Nomination.cycle_id == cycle.id, Nomination.state == NominationState.ACCEPTED)
        .order_by(Nomination.nominee_name, Nomination.id)
        .options(joinedload(Nomination.mission))
    )
    return [file for file in db.session.scalars(found) if file.id not in left]


def _form_page(cycle: Cycle, form: ChangeForm, status: int = 200) -> Answer:
    return render_template("selection/propose_change.html", cycle=cycle, form=form), status
