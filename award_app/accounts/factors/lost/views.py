"""On a person's page, for the secretariat: her second factor is lost.

POST /people/<ref>/second/ask       one asks, with the reason
POST /people/<ref>/second/confirm   another one confirms
POST /people/<ref>/second/cancel    it is taken back
"""

from __future__ import annotations

from collections.abc import Callable

from flask import request
from flask_babel import gettext as _

from award_app import access, clock
from award_app.accounts import queries
from award_app.accounts.factors import queries as factors
from award_app.accounts.factors.forms import LostForm
from award_app.accounts.factors.lost import operations
from award_app.accounts.factors.models import FactorReset
from award_app.accounts.people.views import carry_out, person_page
from award_app.accounts.views import Answer, bp
from award_app.domain.vocabulary import Action, Refusal, Refused
from award_app.web.forms import Form
from award_app.web.guard import guarded, viewer


@bp.post("/people/<ref>/second/ask")
@guarded(Action.ASK_FACTOR_RESET)
def people_ask_reset(ref: str) -> Answer:
    access.require(viewer(), Action.ASK_FACTOR_RESET, now=clock.now())
    queries.person(ref)
    form = LostForm()
    if not form.validate():
        return person_page(ref, lost=form), 422

    def work() -> None:
        operations.ask(queries.person(ref), form.reason.data, by=viewer(), now=clock.now())

    return carry_out(
        ref, form, work, _("Now another person in the secretariat has to confirm it. All got a letter."), "lost"
    )


@bp.post("/people/<ref>/second/confirm")
@guarded(Action.CONFIRM_FACTOR_RESET)
def people_confirm_reset(ref: str) -> Answer:
    access.require(viewer(), Action.CONFIRM_FACTOR_RESET, now=clock.now())
    done = _("Her second factor is removed. She is signed out, and sets up a new one when she signs in.")
    return _answer(ref, lambda asked: operations.confirm(asked, by=viewer(), now=clock.now()), done)


@bp.post("/people/<ref>/second/cancel")
@guarded(Action.CANCEL_FACTOR_RESET)
def people_cancel_reset(ref: str) -> Answer:
    access.require(viewer(), Action.CANCEL_FACTOR_RESET, now=clock.now())
    done = _("It is taken back. Her second factor stays.")
    return _answer(ref, lambda asked: operations.cancel(asked, by=viewer(), now=clock.now()), done)


def _answer(ref: str, answer: Callable[[FactorReset], None], done: str) -> Answer:
    """To the request whose button was pressed; a later one is another question."""
    queries.person(ref)

    def work() -> None:
        asked = factors.open_reset(queries.person(ref))
        if asked is None or asked.ref != request.form.get("request"):
            raise Refused(Refusal.ALREADY_DONE)
        answer(asked)

    return carry_out(ref, Form(), work, done, "other")
