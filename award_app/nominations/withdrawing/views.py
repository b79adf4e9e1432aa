"""The authority asks for a file back after the round has closed.

GET  POST /nominations/<ref>/ask-withdrawal
"""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _

from award_app.domain.vocabulary import Action, Refusal, Refused
from award_app.nominations import queries
from award_app.nominations.forms import AskWithdrawalForm
from award_app.nominations.models import Nomination
from award_app.nominations.operations import REASON_CHARS
from award_app.nominations.web import bp as bp
from award_app.nominations.web import standing
from award_app.nominations.withdrawing import operations
from award_app.web.arrival import arrived
from award_app.web.guard import guarded, viewer
from award_app.web.once import once


@bp.get("/<ref>/ask-withdrawal")
@guarded(Action.REQUEST_WITHDRAWAL)
def ask_withdrawal(ref: str) -> str:
    nomination = queries.by_ref(ref, seen_by=viewer(), now=arrived(), action=Action.REQUEST_WITHDRAWAL)
    return _page(nomination, AskWithdrawalForm())


@bp.post("/<ref>/ask-withdrawal")
@guarded(Action.REQUEST_WITHDRAWAL)
def ask_withdrawal_post(ref: str) -> Any:
    person, now, form = viewer(), arrived(), AskWithdrawalForm()
    nomination = queries.by_ref(ref, seen_by=person, now=now)

    def work() -> str:
        operations.request_withdrawal(nomination, form.reason.data or "", by=person, now=now)
        return url_for(".ask_withdrawal", ref=ref)

    try:
        return redirect(once(form.once.data, work, by=person, now=now))
    except Refused as refused:
        if refused.refusal is not Refusal.INVALID:
            raise
        again = AskWithdrawalForm(formdata=None, reason=form.reason.data)
        again.reason.errors = [_("Give a reason, in at most %(n)s characters.", n=REASON_CHARS)]
        return _page(queries.by_ref(ref, seen_by=person, now=now), again), 422


def _page(nomination: Nomination, form: AskWithdrawalForm) -> str:
    at = standing(nomination, viewer(), arrived())
    return render_template("nominations/ask_withdrawal.html", at=at, form=form)
