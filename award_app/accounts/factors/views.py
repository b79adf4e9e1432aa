"""What one shows besides the password: one's own pages.

GET  /account/second                          what there is; where one is needed and missing, the only page there is
GET  /account/second/authenticator            POST: a fresh secret; then its picture, and a field for a code
POST /account/second/authenticator/confirm    the first code of it
GET  /account/second/authenticator.svg        the picture
GET  /account/second/passkey                  POST: a challenge; then the button for the browser
POST /account/second/passkey/add              what the browser made
GET  /account/second/codes                    POST: ten new recovery codes, shown this once
GET  /account/second/remove?what=…            POST: removes one
POST /account/second/language                 in which the page speaks
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask import Response as FlaskResponse
from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from award_app import access, clock
from award_app.accounts import landing, own, web, words
from award_app.accounts.factors import codes, operations, passkeys, queries, sealing
from award_app.accounts.factors.forms import CodeForm, CredentialForm, LabelForm, LanguageForm, ProofForm
from award_app.accounts.factors.models import Authenticator, Passkey
from award_app.accounts.models import Person, SignIn
from award_app.accounts.views import Answer, bp
from award_app.db import db, transaction
from award_app.domain.vocabulary import Action, Refusal, Refused
from award_app.web.guard import guarded, lacks_second, viewer
from award_app.web.refusals import complain


@bp.get("/account/second")
@guarded(Action.SEE_ACCOUNT)
def own_second() -> Answer:
    person = _viewer()
    return render_template(
        "accounts/second/own.html",
        held=queries.held(person),
        needed=queries.needs_one(person),
        lacking=lacks_second(viewer()),
        language=LanguageForm(formdata=None, locale=person.locale),
        onward=_onward(),
    )


@bp.post("/account/second/language")
@guarded(Action.SEE_ACCOUNT)
def own_second_language() -> Answer:
    person, form = _viewer(), LanguageForm()
    if form.validate():
        wanted = own.Preferences(person.name, form.locale.data, person.timezone)
        with transaction():
            own.change_preferences(viewer(), wanted, now=clock.now())
    return _back()


# --- an authenticator ------------------------------------------------------------------------------------------------


@bp.get("/account/second/authenticator")
@guarded(Action.SEE_ACCOUNT)
def authenticator() -> Answer:
    _viewer()
    return _signed_in_half() or _authenticator_page(
        ProofForm(formdata=None, ask=_asks_password()), CodeForm(formdata=None)
    )


@bp.post("/account/second/authenticator")
@guarded(Action.SEE_ACCOUNT)
def begin_authenticator() -> Answer:
    _viewer()
    form = ProofForm(ask=_asks_password())
    refused = _refused(form, lambda: operations.begin_authenticator(viewer(), now=clock.now()))
    if refused:
        return _authenticator_page(form, CodeForm(formdata=None)), refused
    return redirect(url_for(".authenticator", next=_onward()))


@bp.post("/account/second/authenticator/confirm")
@guarded(Action.SEE_ACCOUNT)
def confirm_authenticator() -> Answer:
    _viewer()
    form, step, first = CodeForm(), codes.step_at(clock.untouched()), []

    def work() -> None:
        first.append(operations.confirm_authenticator(viewer(), form.code.data, step=step, now=clock.now()))

    refused = _refused(form, work, slow=True)
    if refused:
        return _authenticator_page(ProofForm(formdata=None, ask=_asks_password()), form), refused
    return _added(_("Your authenticator app is set up."), first[0])


@bp.get("/account/second/authenticator.svg")
@guarded(Action.SEE_ACCOUNT)
def authenticator_picture() -> FlaskResponse:
    """Only while it is being set up; afterwards nobody can see the secret any more."""
    import segno  # here, because it is needed once in a person's time with the award

    secret, picture = _secret_begun(_viewer()), BytesIO()
    if secret is None or _signed_in_half():
        raise Refused(Refusal.NOT_FOUND)
    segno.make(codes.for_apps(secret, viewer().email), error="m").save(
        picture, kind="svg", scale=5, border=4, dark="#000", light="#fff"
    )
    return FlaskResponse(picture.getvalue(), mimetype="image/svg+xml")


def _authenticator_page(form: ProofForm, code: CodeForm) -> str:
    person = viewer()
    secret = _secret_begun(person)
    begun, shown = queries.authenticator(person, confirmed=False), current_app.extensions.get("shown_code")
    return render_template(
        "accounts/second/authenticator.html",
        form=form if form.errors else code,
        proof=form,
        code=code,
        secret=codes.in_groups(secret) if secret else "",
        address=codes.for_apps(secret, person.email) if secret else "",
        replaces=queries.authenticator(person) is not None,
        onward=_onward(),
        shown=shown(begun) if shown and begun else None,
    )


def _secret_begun(person: Person) -> str | None:
    begun = queries.authenticator(person, confirmed=False)
    return sealing.unseal(begun.secret, of=person.id) if begun else None


# --- passkeys --------------------------------------------------------------------------------------------------------


@bp.get("/account/second/passkey")
@guarded(Action.SEE_ACCOUNT)
def passkey() -> Answer:
    _viewer()
    return _signed_in_half() or _passkey_page(
        LabelForm(formdata=None, ask=_asks_password()), request.args.get("label", "")
    )


@bp.post("/account/second/passkey")
@guarded(Action.SEE_ACCOUNT)
def begin_passkey() -> Answer:
    _viewer()
    form = LabelForm(ask=_asks_password())
    refused = _refused(form, lambda: operations.ask_passkey(viewer(), now=clock.now()))
    if refused:
        return _passkey_page(form), refused
    return redirect(url_for(".passkey", label=form.label.data, next=_onward()))


@bp.post("/account/second/passkey/add")
@guarded(Action.SEE_ACCOUNT)
def add_passkey() -> Answer:
    person, sent = _viewer(), CredentialForm()
    form = LabelForm(formdata=None, ask=_asks_password(), label=sent.label.data)
    if not sent.validate() or not sent.label.data or len(sent.label.data) > 60:
        return _passkey_page(form), 422
    with transaction():
        challenge = operations.take_challenge(person)
    if challenge is None:
        form.form_errors.append(_("This took too long, or was sent twice. Begin again."))
        return _passkey_page(form), 409
    answer: list[str] = [sent.credential.data or "", sent.label.data]
    first: list[bool] = []

    def work() -> None:
        first.append(operations.add_passkey(viewer(), *answer, challenge=challenge, now=clock.now()))

    try:
        with transaction():
            work()
    except Refused as refused:
        form.form_errors.append(
            _("The browser’s passkey was not accepted. Begin again, or set up an authenticator app.")
        )
        return _passkey_page(form), 422 if refused.refusal is Refusal.INVALID else 409
    return _added(_("Your passkey is added."), first[0])


def _passkey_page(form: LabelForm, label: str = "") -> str:
    """`label` is given once she has named it: then the browser is asked."""
    person = viewer()
    row = db.session.get(SignIn, person.session_id)
    challenge = row.challenge if row and label else None
    return render_template(
        "accounts/second/passkey.html",
        form=form,
        credential=CredentialForm(formdata=None, label=label),
        label=label,
        options=passkeys.to_create(person, challenge, queries.passkeys(person)) if challenge else "",
        onward=_onward(),
    )


# --- recovery codes, and removing ------------------------------------------------------------------------------------


@bp.get("/account/second/codes")
@guarded(Action.SEE_ACCOUNT)
def recovery_codes() -> Answer:
    _viewer()
    return _signed_in_half() or _codes_page(ProofForm(formdata=None))


@bp.post("/account/second/codes")
@guarded(Action.SEE_ACCOUNT)
def write_recovery_codes() -> Answer:
    _viewer()
    form, fresh = ProofForm(), []
    refused = _refused(form, lambda: fresh.extend(operations.write_paper_codes(viewer(), now=clock.now())))
    return (_codes_page(form), refused) if refused else _fresh_codes(fresh)


@bp.get("/account/second/remove")
@guarded(Action.SEE_ACCOUNT)
def remove_factor() -> Answer:
    _viewer()
    factor = _named(request.args.get("what", ""))
    return _signed_in_half() or (_remove_page(factor, ProofForm(formdata=None)) if factor else _back())


@bp.post("/account/second/remove")
@guarded(Action.SEE_ACCOUNT)
def remove_named_factor() -> Answer:
    _viewer()
    form, factor = ProofForm(), _named(request.args.get("what", ""))
    if factor is None:
        return _back()
    refused = _refused(form, lambda: operations.remove(viewer(), factor, now=clock.now()))
    if refused:
        return _remove_page(factor, form), refused
    flash(_("It is removed. A letter tells you so, in case it was not you."))
    return _back()


def _codes_page(form: ProofForm) -> str:
    return render_template("accounts/second/codes.html", form=form, left=queries.codes_left(viewer()), fresh=[])


def _fresh_codes(fresh: list[str]) -> str:
    return render_template("accounts/second/codes.html", form=None, fresh=fresh, onward=_onward() or url_for(".start"))


def _named(what: str) -> Authenticator | Passkey | None:
    held = queries.held(viewer())
    if what == "authenticator":
        return held.authenticator
    return next((key for key in held.passkeys if key.ref == what), None)


def _remove_page(factor: Authenticator | Passkey, form: ProofForm) -> str:
    held = queries.held(viewer())
    kept_in = held.count == 1 and queries.needs_one(viewer())
    return render_template(
        "accounts/second/remove.html", factor=factor, form=form, kept_in=kept_in, last=held.count == 1
    )


# ---------------------------------------------------------------------------------------------------------------------


def _viewer() -> Person:
    access.require(viewer(), Action.SEE_ACCOUNT, now=clock.now())
    return viewer()


def _asks_password() -> bool:
    """Not of her who has just given it and can go nowhere else."""
    return not lacks_second(viewer())


def _signed_in_half() -> Response | None:
    """She has a factor that this session has not shown: the first page says what to do."""
    person = viewer()
    return _back() if not person.second_shown and queries.has_any(person) else None


def _onward() -> str | None:
    return landing.local(request.args.get("next"))


def _back() -> Response:
    return redirect(url_for(".own_second", next=_onward()))


def _refused(form: Any, work: Callable[[], Any], *, slow: bool = False) -> int:
    """Do the work of a form; otherwise the status of the page that says why not."""
    if not form.validate():
        return 422
    asks = "current" in form
    if asks or slow:
        web.slow_down(viewer().email)
    try:
        with transaction():
            if asks:
                operations.require_password(viewer(), form.current.data)
            work()
    except Refused as refused:
        return complain(form, refused, words.PROBLEMS)
    if asks or slow:
        web.the_password_was_right(viewer().email)
    return 0


def _added(done: str, first: bool) -> Answer:
    """After the first one come the codes for the day it is lost, and the award opens."""
    person, now = viewer(), clock.now()
    if not first:
        flash(done)
        return _back()
    with transaction():
        token = operations.came_in_by_it(person, now=now)
        person.second_shown = True
        fresh = operations.write_paper_codes(person, now=now)
    web.remember(person, token)
    flash(done)
    return _fresh_codes(fresh)
