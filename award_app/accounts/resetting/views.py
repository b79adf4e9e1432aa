"""A forgotten password.

GET  POST /sign-in/forgotten   asks for a letter with a link: the same answer for every address
GET  POST /reset/<token>       the link: a new password, once
"""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from award_app import clock
from award_app.accounts import links, web, words
from award_app.accounts.limits import Door
from award_app.accounts.resetting import operations
from award_app.accounts.resetting.forms import ForgottenForm, ResetForm
from award_app.accounts.resetting.models import PasswordReset
from award_app.accounts.views import Answer, bp
from award_app.db import transaction
from award_app.domain.vocabulary import Refused
from award_app.web import i18n
from award_app.web.refusals import complain


@bp.get("/sign-in/forgotten")
def forgotten() -> Answer:
    return _forgotten_page(ForgottenForm())


@bp.post("/sign-in/forgotten")
def ask_reset() -> Answer:
    form = ForgottenForm()
    if not form.validate():
        return _forgotten_page(form), 422
    web.slow_down(form.email.data, Door.RESET)
    with transaction():
        operations.ask(form.email.data, now=clock.now())
    return render_template("accounts/forgotten_asked.html", hours=operations.LASTS.seconds // 3600)


@bp.get("/reset/<token>")
def reset(token: str) -> Answer:
    found = _open(token)
    return _reset_page(found, ResetForm())


@bp.post("/reset/<token>")
def choose_password(token: str) -> Answer:
    found, form = _open(token), ResetForm()
    if not form.validate():
        return _reset_page(found, form), 422
    web.slow_down(found.email, Door.RESET)
    try:
        with transaction():
            operations.spend(found, form.password.data, now=clock.now())
    except Refused as refused:
        if not refused.problems:
            raise
        status = complain(form, refused, words.PROBLEMS)
        return _reset_page(links.password_reset(token), form), status
    flash(_("Your password is changed. Sign in with the new one."))
    return redirect(url_for(".sign_in"))


def _open(token: str) -> PasswordReset:
    """It speaks as the letter did."""
    found = links.password_reset(token)
    operations.require_open(found, now=clock.now())
    i18n.prefer(found.person.locale)
    return found


def _forgotten_page(form: ForgottenForm) -> str:
    return render_template("accounts/forgotten.html", form=form)


def _reset_page(found: PasswordReset, form: ResetForm) -> str:
    return render_template("accounts/reset.html", reset=found, form=form)
