"""The authority withdraws a file; after the round has closed she asks for it.

GET  POST /nominations/<ref>/withdraw
GET  POST /nominations/<ref>/ask-withdrawal
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from award_app.accounts.models import Person
from award_app.domain.vocabulary import Action, Refusal, Refused
from award_app.nominations import operations, queries
from award_app.nominations.forms import AskWithdrawalForm, WithdrawForm
from award_app.nominations.models import Nomination
from award_app.nominations.operations import REASON_CHARS
from award_app.nominations.web import bp as bp
from award_app.nominations.web import standing
from award_app.nominations.withdrawing.operations import request_withdrawal
from award_app.web.arrival import arrived
from award_app.web.guard import guarded, viewer
from award_app.web.once import once

Asking = type[WithdrawForm] | type[AskWithdrawalForm]


@bp.get("/<ref>/withdraw")
@guarded(Action.WITHDRAW)
def withdraw(ref: str) -> str:
    nomination = queries.by_ref(ref, seen_by=viewer(), now=arrived(), action=Action.WITHDRAW)
    return _page(nomination, WithdrawForm())


@bp.post("/<ref>/withdraw")
@guarded(Action.WITHDRAW)
def withdraw_post(ref: str) -> Any:
    def work(nomination: Nomination, reason: str, person: Person, now: datetime) -> str:
        operations.withdraw(nomination, reason, by=person, now=now)
        return url_for(".file", ref=ref)

    return _with_its_reason(ref, WithdrawForm, work, _("The file is withdrawn."))


@bp.get("/<ref>/ask-withdrawal")
@guarded(Action.REQUEST_WITHDRAWAL)
def ask_withdrawal(ref: str) -> str:
    nomination = queries.by_ref(ref, seen_by=viewer(), now=arrived(), action=Action.REQUEST_WITHDRAWAL)
    return _page(nomination, AskWithdrawalForm())


@bp.post("/<ref>/ask-withdrawal")
@guarded(Action.REQUEST_WITHDRAWAL)
def ask_withdrawal_post(ref: str) -> Any:
    def work(nomination: Nomination, reason: str, person: Person, now: datetime) -> str:
        request_withdrawal(nomination, reason, by=person, now=now)
        return url_for(".ask_withdrawal", ref=ref)

    return _with_its_reason(ref, AskWithdrawalForm, work, "")


def _with_its_reason(
    ref: str, asking: Asking, work: Callable[[Nomination, str, Person, datetime], str], said: str
) -> Any:
    """Do it; without a reason that can be read, the form again. `said` afterwards, where the next page does not say it."""
    person, now, form = viewer(), arrived(), asking()
    nomination = queries.by_ref(ref, seen_by=person, now=now)
    try:
        address = once(
            form.once.data, lambda: work(nomination, form.reason.data or "", person, now), by=person, now=now
        )
    except Refused as refused:
        if refused.refusal is not Refusal.INVALID:
            raise
        again = asking(formdata=None, reason=form.reason.data)
        again.reason.errors = [_("Give a reason, in at most %(n)s characters.", n=REASON_CHARS)]
        return _page(queries.by_ref(ref, seen_by=person, now=now), again), 422
    if said:
        flash(said)
    return redirect(address)


def _page(nomination: Nomination, form: WithdrawForm | AskWithdrawalForm) -> str:
    template = "withdraw" if isinstance(form, WithdrawForm) else "ask_withdrawal"
    return render_template(f"nominations/{template}.html", at=standing(nomination, viewer(), arrived()), form=form)
