"""Steps that count ask for the password again.

GET  POST /account/prove
"""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for

from award_app import access, clock
from award_app.accounts import landing, web, words
from award_app.accounts.factors import codes, queries
from award_app.accounts.proving import operations
from award_app.accounts.proving.forms import ProveByCodeForm, ProveForm
from award_app.accounts.views import Answer, bp
from award_app.db import transaction
from award_app.domain.vocabulary import Action, Refused
from award_app.web.guard import guarded, viewer
from award_app.web.refusals import complain


@bp.get("/account/prove")
@guarded(Action.SEE_ACCOUNT)
def prove() -> Answer:
    access.require(viewer(), Action.SEE_ACCOUNT, now=clock.now())
    return _page(_form())


@bp.post("/account/prove")
@guarded(Action.SEE_ACCOUNT)
def prove_post() -> Answer:
    form, person = _form(), viewer()
    email, onward = person.email, landing.local(request.args.get("next"))
    web.slow_down(email)
    if not form.validate():
        return _page(form), 422
    code = form.code.data or "" if "code" in form else ""
    try:
        with transaction():
            token = operations.prove(
                person,
                password=form.current.data or "",
                code=code,
                step=codes.step_at(clock.untouched()),
                now=clock.now(),
            )
    except Refused as refused:
        return _page(form), complain(form, refused, words.PROBLEMS)
    web.the_password_was_right(email)
    session["_user_id"] = viewer().session_token = token  # forms in her other tabs stay good
    return redirect(onward or url_for(".start"))


def _form() -> ProveForm:
    return ProveByCodeForm() if queries.authenticator(viewer()) else ProveForm()


def _page(form: ProveForm) -> str:
    return render_template("accounts/prove.html", form=form)
