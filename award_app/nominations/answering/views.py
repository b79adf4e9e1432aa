"""The authority answers that her mission has no nominee this year.

GET  POST /nominations/answer/<year>/<mission>
     POST /nominations/answer/<year>/<mission>/take-back
"""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from award_app import access
from award_app.cycles import queries as cycle_queries
from award_app.cycles.models import CycleMission
from award_app.domain.vocabulary import Action, NominationState, Refusal, Refused
from award_app.errors import STATUS, sentence
from award_app.nominations import queries
from award_app.nominations.answering import operations
from award_app.nominations.forms import ActForm, AnswerForm
from award_app.nominations.operations import REASON_CHARS
from award_app.nominations.web import bp as bp
from award_app.web.arrival import arrived
from award_app.web.guard import guarded, viewer
from award_app.web.once import once


@bp.get("/answer/<int(max=9999):year>/<mission>")
@guarded(Action.ANSWER_CALL)
def answer(year: int, mission: str) -> str:
    person, now = viewer(), arrived()
    called = queries.called(person, year, mission)
    access.require(person, Action.ANSWER_CALL, called.cycle, now=now)
    return _page(called, AnswerForm())


@bp.post("/answer/<int(max=9999):year>/<mission>")
@guarded(Action.ANSWER_CALL)
def answer_post(year: int, mission: str) -> Any:
    person, now, form = viewer(), arrived(), AnswerForm()
    called = queries.called(person, year, mission)

    def work() -> str:
        operations.answer_call(called, form.reason.data or "", by=person, now=now)
        return url_for(".index")

    try:
        address = once(form.once.data, work, by=person, now=now)
    except Refused as refused:
        if refused.refusal in (Refusal.NOT_YOURS, Refusal.NOT_FOUND):
            raise
        again = AnswerForm(formdata=None, reason=form.reason.data)
        status = 422 if refused.refusal is Refusal.INVALID else STATUS[refused.refusal]
        return _page(queries.called(person, year, mission), again, reason=_why(refused.refusal)), status
    flash(_("Your answer is noted. The secretariat knows that your mission has no nominee this year."))
    return redirect(address)


@bp.post("/answer/<int(max=9999):year>/<mission>/take-back")
@guarded(Action.ANSWER_CALL)
def take_back(year: int, mission: str) -> Any:
    person, now, form = viewer(), arrived(), ActForm()
    called = queries.called(person, year, mission)

    def work() -> str:
        operations.take_back(called, by=person, now=now)
        return url_for(".index")

    address = once(form.once.data, work, by=person, now=now)
    flash(_("The answer is taken back."))
    return redirect(address)


def _why(refusal: Refusal) -> str:
    if refusal is Refusal.WRONG_STATE:
        return _("Your mission has handed in a file. Withdraw it first if there is no nominee after all.")
    if refusal is Refusal.INVALID:
        return _("At most %(n)s characters.", n=REASON_CHARS)
    return sentence(refusal)


def _page(called: CycleMission, form: AnswerForm, reason: str = "") -> str:
    files = queries.files_of(called)
    open_ = sum(n.state in (NominationState.DRAFT, NominationState.ENDORSED) for n in files)
    return render_template(
        "nominations/answer.html",
        called=called,
        form=form,
        reason=reason,
        drafts=open_,
        taken=queries.places_taken(called.cycle_id, called.mission_id),
        closes_at=cycle_queries.deadline_of(called.cycle, called.mission),
    )
