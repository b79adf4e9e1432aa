"""The shortlist: a step of its own, between the result and the decision.

GET  /results/<year>/shortlist           who is on it, and what it waits for
GET  /results/<year>/shortlist/propose   the form; POST the same: a new version
POST /results/<year>/shortlist/confirm   from here on the decision can be recorded
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from award_app import access, clock
from award_app.cycles.models import Cycle
from award_app.db import transaction
from award_app.domain.vocabulary import Action, Refusal, Refused
from award_app.nominations.models import Nomination
from award_app.selection.changes.queries import left_of
from award_app.selection.queries import cycle_of, people
from award_app.selection.shortlist import operations, queries
from award_app.selection.shortlist.forms import PROBLEMS, ConfirmForm, ShortlistForm, shortlist_form
from award_app.web.guard import guarded, viewer
from award_app.web.once import once
from award_app.web.refusals import complain

bp = Blueprint("shortlist", __name__)
Answer = str | Response | tuple[str, int]

SHOWN = (Action.SEE_SHORTLIST, Action.PROPOSE_SHORTLIST, Action.CONFIRM_SHORTLIST, Action.DECIDE, Action.PROPOSE_CHANGE)


@bp.get("/results/<int(max=9999):year>/shortlist")
@guarded(Action.SEE_SHORTLIST)
def show(year: int) -> Answer:
    cycle, now = cycle_of(year), clock.now()
    here = access.standing(viewer(), cycle, *SHOWN, now=now)
    here.require(Action.SEE_SHORTLIST)
    found = queries.shortlist_of(cycle)
    rows = queries.standing(cycle, found) if found else []
    return render_template(
        "selection/shortlist.html",
        cycle=cycle,
        shortlist=found,
        rows=rows,
        ready=all(row.ready for row in rows),
        earlier=[one for one in queries.versions(cycle) if found and one.id != found.id],
        by=people({found.by_id})[0] if found else None,
        form=ConfirmForm(version=found.version) if found else None,
        may={action.name: here.may(action).allowed for action in SHOWN},
        knows_why=here.may(Action.PROPOSE_CHANGE).allowed or here.may(Action.CONFIRM_SHORTLIST).allowed,
    )


@bp.get("/results/<int(max=9999):year>/shortlist/propose")
@guarded(Action.PROPOSE_SHORTLIST)
def propose(year: int) -> Answer:
    cycle = cycle_of(year)
    access.require(viewer(), Action.PROPOSE_SHORTLIST, cycle, now=clock.now())
    files = queries.candidates(cycle)
    form, last = shortlist_form(files), queries.shortlist_of(cycle)
    if last:
        left = left_of([cycle.id])
        form.files.data = [one.nomination.ref for one in last.finalists if one.nomination_id not in left]
        form.reasons.data = last.reasons
    return _form_page(cycle, form, files)


@bp.post("/results/<int(max=9999):year>/shortlist/propose")
@guarded(Action.PROPOSE_SHORTLIST)
def save(year: int) -> Answer:
    cycle, by, now = cycle_of(year), viewer(), clock.now()
    access.require(by, Action.PROPOSE_SHORTLIST, cycle, now=now)
    files = queries.candidates(cycle)
    form = shortlist_form(files)
    if not form.validate():
        return _form_page(cycle, form, files, 422)

    def work() -> str:
        operations.propose(cycle, form.chosen(files), form.reasons.data, by=by, now=now)
        return url_for(".show", year=year)

    try:
        address = once(form.once.data, work, by=by, now=now)
    except Refused as refused:
        return _form_page(cycle_of(year), form, files, complain(form, refused, PROBLEMS))
    flash(_("The shortlist is kept. It counts once it is confirmed."))
    return redirect(address)


@bp.post("/results/<int(max=9999):year>/shortlist/confirm")
@guarded(Action.CONFIRM_SHORTLIST)
def confirm(year: int) -> Answer:
    cycle, now = cycle_of(year), clock.now()
    access.require(viewer(), Action.CONFIRM_SHORTLIST, cycle, now=now)
    form, newest = ConfirmForm(), queries.shortlist_of(cycle)
    if newest is None:
        raise Refused(Refusal.WRONG_STATE)
    if not form.validate() or form.version.data != newest.version:
        raise Refused(Refusal.CHANGED_MEANWHILE)
    with transaction():
        operations.confirm(newest, cycle, by=viewer(), now=now)
    flash(_("The shortlist is confirmed. The decision can be recorded."))
    return redirect(url_for(".show", year=year))


def _form_page(cycle: Cycle, form: ShortlistForm, files: list[Nomination], status: int = 200) -> Answer:
    return render_template("selection/propose_shortlist.html", cycle=cycle, form=form, files=files), status
