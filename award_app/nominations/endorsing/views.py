"""What the nominating authority does: vouch and hand in.

GET  POST /nominations/<ref>/endorse
GET  POST /nominations/<ref>/hand-in
"""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from award_app.domain.completeness import Problem
from award_app.domain.vocabulary import Action, Refusal, Refused
from award_app.errors import STATUS, sentence
from award_app.nominations import labels, operations, queries
from award_app.nominations.forms import ActForm, EndorseForm
from award_app.nominations.models import Nomination
from award_app.nominations.web import all_wrong, by_page, read_by_mission, standing
from award_app.nominations.web import bp as bp
from award_app.web.arrival import arrived
from award_app.web.guard import guarded, viewer
from award_app.web.once import once


@bp.get("/<ref>/endorse")
@guarded(Action.ENDORSE)
def endorse(ref: str) -> str:
    nomination = queries.by_ref(ref, seen_by=viewer(), now=arrived(), action=Action.ENDORSE)
    return _endorse_page(nomination, EndorseForm(read=queries.file_digest(nomination)))


@bp.post("/<ref>/endorse")
@guarded(Action.ENDORSE)
def endorse_post(ref: str) -> Any:
    person, now, form = viewer(), arrived(), EndorseForm()
    nomination = queries.by_ref(ref, seen_by=person, now=now)

    def work() -> str:
        operations.endorse(
            nomination,
            in_active_service=form.in_active_service.data,
            no_serious_sanction=form.no_serious_sanction.data,
            none_pending=form.none_pending.data,
            read=form.read.data or "",
            by=person,
            now=now,
        )
        return url_for(".hand_in", ref=ref)

    try:
        address = once(form.once.data, work, by=person, now=now)
    except Refused as refused:
        return _not_endorsed(ref, form, refused)
    flash(_("You have endorsed this file. One step is left: hand it in."))
    return redirect(address)


def _not_endorsed(ref: str, form: EndorseForm, refused: Refused) -> Any:
    if refused.refusal not in (Refusal.INCOMPLETE, Refusal.CHANGED_MEANWHILE):
        raise refused
    nomination = queries.by_ref(ref, seen_by=viewer(), now=arrived(), action=Action.ENDORSE)
    ticks = {name: form[name].data for name in labels.ATTESTATIONS}
    changed = refused.refusal is Refusal.CHANGED_MEANWHILE
    again = EndorseForm(formdata=None, read=queries.file_digest(nomination), **({} if changed else ticks))
    for problem in refused.problems:
        if isinstance(problem, Problem) and problem.field in labels.ATTESTATIONS:
            again[problem.field].errors = [labels.problem(problem)]
    reason = _("The file has changed since you opened this page. Please read it again before you endorse it.")
    return _endorse_page(nomination, again, reason if changed else None), STATUS[refused.refusal]


def _endorse_page(nomination: Nomination, form: EndorseForm, reason: str | None = None) -> str:
    wrong = all_wrong(nomination)
    return render_template(
        "nominations/endorse.html",
        at=standing(nomination, viewer(), arrived()),
        dossier=read_by_mission(nomination, viewer()),
        problems=by_page(wrong),
        wrong={found.key: found.sentence for found in wrong},
        form=form,
        reason=reason,
    )


@bp.get("/<ref>/hand-in")
@guarded(Action.HAND_IN)
def hand_in(ref: str) -> str:
    nomination = queries.by_ref(ref, seen_by=viewer(), now=arrived(), action=Action.HAND_IN)
    return _hand_in_page(nomination)


@bp.post("/<ref>/hand-in")
@guarded(Action.HAND_IN)
def hand_in_post(ref: str) -> Any:
    person, now, form = viewer(), arrived(), ActForm()
    nomination = queries.by_ref(ref, seen_by=person, now=now)

    def work() -> str:
        operations.hand_in(nomination, by=person, now=now)
        return url_for(".receipt", ref=ref)

    try:
        address = once(form.once.data, work, by=person, now=now)
    except Refused as refused:
        return _not_handed_in(ref, refused)
    flash(_("The file is handed in."))
    return redirect(address)


def _not_handed_in(ref: str, refused: Refused) -> Any:
    nomination = queries.by_ref(ref, seen_by=viewer(), now=arrived())
    if refused.refusal in (Refusal.NOT_FOUND, Refusal.NOT_YOURS, Refusal.CONFLICT, Refusal.DECLARE_FIRST):
        raise refused
    return _hand_in_page(nomination, sentence(refused.refusal)), STATUS[refused.refusal]


def _hand_in_page(nomination: Nomination, reason: str | None = None) -> str:
    return render_template(
        "nominations/hand_in.html",
        at=standing(nomination, viewer(), arrived()),
        called=queries.place(nomination.cycle_id, nomination.mission_id),
        taken=queries.places_taken(nomination.cycle_id, nomination.mission_id),
        files=queries.attachments(nomination),
        reason=reason,
    )
