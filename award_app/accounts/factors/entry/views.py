"""The second factor, after the password was right.

GET  /sign-in/second           what this account can show; POST: a code, or a recovery code
POST /sign-in/second/passkey   what the browser's passkey signed
"""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from award_app import clock
from award_app.accounts import landing, web, words
from award_app.accounts.factors import codes, passkeys, queries, showing
from award_app.accounts.factors.forms import CredentialForm, SecondForm
from award_app.accounts.factors.models import HalfSignIn
from award_app.accounts.limits import Door
from award_app.accounts.models import Person
from award_app.accounts.problems import Problem
from award_app.accounts.views import Answer, bp
from award_app.db import transaction
from award_app.web import i18n


@bp.get("/sign-in/second")
def second() -> Answer:
    half = _half()
    return _page(half, SecondForm()) if half else _from_the_start()


@bp.post("/sign-in/second")
def show_second() -> Answer:
    half, form, now = _half(), SecondForm(), clock.now()
    if half is None:
        return _from_the_start()
    if not form.validate():
        return _page(half, form), 422
    if form.recovery.data:
        return _enter(half, form, "recovery", lambda: showing.paper_code(half, form.recovery.data, now=now))
    step = codes.step_at(clock.untouched())
    return _enter(half, form, "code", lambda: showing.code(half, form.code.data or "", step=step, now=now))


@bp.post("/sign-in/second/passkey")
def show_passkey() -> Answer:
    half, form, sent = _half(), SecondForm(formdata=None), CredentialForm()
    if half is None:
        return _from_the_start()
    if not sent.validate():
        form.form_errors.extend(sent.form_errors)
        return _page(half, form), 422
    answer = sent.credential.data or ""
    return _enter(half, form, "", lambda: showing.passkey(half, answer, now=clock.now()))


def _half() -> HalfSignIn | None:
    """From here on the page speaks to her whose password it was."""
    half = web.half()
    if half is not None:
        i18n.prefer(half.person.locale)
    return half


def _enter(half: HalfSignIn, form: SecondForm, field: str, shows: Callable[[], bool]) -> Answer:
    """Counted for the account and the address, and for this half sign-in; a wrong one is in the ledger."""
    person = half.person
    account = person.email
    web.slow_down(account, Door.CODE)
    with transaction():
        right = shows()
    if right:
        return _in(person, account, by_paper=field == "recovery")
    again = _half()
    if again is None:
        return _from_the_start()
    if field:
        form[field].errors = [words.PROBLEMS[Problem.CODE_WRONG][1] if field == "code" else _paper_wrong()]
    else:
        form.form_errors.append(_("The passkey was not accepted. Try again, or use another way."))
    return _page(again, form), 422


def _in(person: Person, account: str, *, by_paper: bool) -> Response:
    web.let_in(person, second=True)
    web.it_was_right(account, Door.CODE)
    if by_paper:
        left = queries.codes_left(person)
        used = ngettext(
            "This recovery code is used up. You have %(num)s left.",
            "This recovery code is used up. You have %(num)s left.",
            left,
        )
        flash(used)
    return redirect(landing.local(request.args.get("next")) or url_for("accounts.start"))


def _paper_wrong() -> str:
    return _("This recovery code is not right, or it was used before. Try another one.")


def _from_the_start() -> Response:
    flash(_("Sign in with your password first. After ten minutes, or five wrong codes, it is asked for again."))
    return redirect(url_for("accounts.sign_in", next=landing.local(request.args.get("next"))))


def _page(half: HalfSignIn, form: SecondForm) -> str:
    held = queries.held(half.person)
    shown = current_app.extensions.get("shown_code")  # only the demonstration has one
    return render_template(
        "accounts/second/ask.html",
        form=form,
        held=held,
        credential=CredentialForm(formdata=None),
        options=passkeys.to_show(half.challenge or "", held.passkeys) if held.passkeys else "",
        onward=landing.local(request.args.get("next")),
        shown=shown(held.authenticator) if shown and held.authenticator else None,
    )
