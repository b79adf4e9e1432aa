"""Coming in, the start page and one's own account.

GET  /sign-in               POST the same: begins a session
POST /sign-out              ends it, in this browser and for every copy of its cookie
GET  /invitation/<token>    shows who invites to what; POST the same: accepts
GET  /home                  the start page
GET  /account               name, language, time zone, password, profile; POST saves the first three
POST /account/password      a new password; ends every other session
POST /account/profile       what conflict rules need to know of a panel member
/people…                    the secretariat's pages: accounts/people/views.py
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from award_app import access, clock
from award_app.accounts import landing, limits, links, operations, own, queries, sessions, words
from award_app.accounts.forms import AccountForm, KnownForm, NewcomerForm, PasswordForm, ProfileForm, SignInForm
from award_app.accounts.models import Invitation, Person
from award_app.accounts.profile import fill_profile, keep_profile
from award_app.cycles import queries as cycle_queries
from award_app.cycles.words import phase_line
from award_app.db import transaction
from award_app.domain.vocabulary import Action, AppointmentRole, Refused
from award_app.web.forms import Form
from award_app.web.guard import guarded, viewer
from award_app.web.i18n import signed_in_person
from award_app.web.refusals import complain
from award_app.web.tasks import tasks
from award_app.web.templating import NavItem, add_navigation

bp = Blueprint("accounts", __name__)
Answer = str | Response | tuple[str, int]


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Answer:
    form = SignInForm()
    onward = landing.local(request.args.get("next")) or url_for(".start")
    if request.method == "GET":
        return redirect(onward) if current_user.is_authenticated else _sign_in_page(form)
    if not form.validate():
        return _sign_in_page(form, 422)
    _slow_down(form.email.data)
    person = operations.authenticate(form.email.data, form.password.data)
    if person is None:
        form.form_errors.append(_("The address or the password is not right. Check both and try again."))
        return _sign_in_page(form, 422)
    _let_in(person)
    return redirect(onward)


@bp.post("/sign-out")
def sign_out() -> Response:
    if current_user.is_authenticated:
        with transaction():
            sessions.end(viewer().session_token, now=clock.now())
    logout_user()
    session.clear()
    flash(_("You are signed out."))
    return redirect(url_for(".sign_in"))


@bp.get("/invitation/<token>")
def invitation(token: str) -> Answer:
    found = links.by_token(token)
    operations.require_open(found, now=clock.now())
    form = KnownForm() if queries.has_account(found.email) else NewcomerForm(name=found.name)
    return _invitation_page(found, form)


@bp.post("/invitation/<token>")
def accept_invitation(token: str) -> Answer:
    found = links.by_token(token)
    operations.require_open(found, now=clock.now())
    form = KnownForm() if queries.has_account(found.email) else NewcomerForm()
    if not form.validate():
        return _invitation_page(found, form, 422)
    known = isinstance(form, KnownForm)
    if known:
        _slow_down(found.email)
    name, password = ("", form.current.data) if known else (form.name.data, form.password.data)
    try:
        with transaction():
            person = operations.accept(found, name=name, password=password, now=clock.now())
    except Refused as refused:
        if not refused.problems:
            raise
        return _invitation_page(links.by_token(token), form, complain(form, refused, words.PROBLEMS))
    _let_in(person)
    flash(_("Welcome. Your appointment: %(place)s.", place=words.place(found)))
    return redirect(url_for(".start"))


@bp.get("/home")
@guarded(Action.SEE_HOME)
def start() -> str:
    now = clock.now()
    access.require(viewer(), Action.SEE_HOME, now=now)
    cards = sorted(tasks(viewer(), now), key=lambda card: not card.count)  # what waits for her before what only stands
    years = [
        (cycle, phase_line(cycle, now, seen_by=viewer()), [card for card in cards if card.year == cycle.award_year])
        for cycle in cycle_queries.of_person(viewer())
    ]
    years.sort(key=lambda year: not any(card.count for card in year[2]))  # where something waits for her comes first
    return render_template("accounts/home.html", years=years, others=[card for card in cards if card.year is None])


@bp.get("/account")
@guarded(Action.SEE_ACCOUNT)
def account() -> str:
    access.require(viewer(), Action.SEE_ACCOUNT, now=clock.now())
    return _account_page()


@bp.post("/account")
@guarded(Action.SEE_ACCOUNT)
def change_account() -> Answer:
    access.require(viewer(), Action.SEE_ACCOUNT, now=clock.now())
    form = AccountForm()
    if not form.validate():
        return _account_page(account=form), 422
    wanted = own.Preferences(form.name.data, form.locale.data, form.timezone.data)
    try:
        with transaction():
            own.change_preferences(viewer(), wanted, now=clock.now())
    except Refused as refused:
        return _account_page(account=form), complain(form, refused, words.PROBLEMS)
    flash(_("Your account is saved."))
    return redirect(url_for(".account"))


@bp.post("/account/password")
@guarded(Action.SEE_ACCOUNT)
def change_password() -> Answer:
    access.require(viewer(), Action.SEE_ACCOUNT, now=clock.now())
    form = PasswordForm()
    if not form.validate():
        return _account_page(password=form), 422
    person = viewer()
    _slow_down(person.email)
    try:
        with transaction():
            token = own.change_password(person, current=form.current.data, new=form.password.data, now=clock.now())
    except Refused as refused:
        status = complain(form, refused, words.PROBLEMS)
        return _account_page(password=form), status
    limits.forget(person.email, _address())
    _remember(person, token)
    flash(_("Your password is changed. Other browsers are signed out."))
    return redirect(url_for(".account"))


@bp.post("/account/profile")
@guarded(Action.SEE_ACCOUNT)
def change_profile() -> Answer:
    access.require(viewer(), Action.SEE_ACCOUNT, now=clock.now())
    form = fill_profile(ProfileForm())
    if not form.validate():
        return _account_page(profile=form), 422
    try:
        with transaction():
            keep_profile(form, viewer(), by=viewer(), now=clock.now())
    except Refused as refused:
        status = complain(form, refused, words.PROBLEMS)
        return _account_page(profile=form), status
    flash(_("Your profile is saved. It helps to find conflicts of interest."))
    return redirect(url_for(".account"))


def is_on_a_panel(person: Person) -> bool:
    return any(a.role is AppointmentRole.MEMBER for a in access.appointments(person))


def _let_in(person: Person) -> None:
    """A fresh session on both sides; one this browser had before ends."""
    email = person.email
    with transaction():
        if current_user.is_authenticated:
            sessions.end(viewer().session_token, now=clock.now())
        token = sessions.start(person, now=clock.now())
    limits.forget(email, _address())
    _remember(person, token)


def _remember(person: Person, token: str) -> None:
    session.clear()
    person.session_token = token
    login_user(person)


def _slow_down(account: str) -> None:
    if limits.too_many(account, _address()):
        abort(429)


def _address() -> str:
    return request.remote_addr or ""


def _sign_in_page(form: SignInForm, status: int = 200) -> tuple[str, int]:
    onward = landing.local(request.args.get("next"))
    return render_template("accounts/sign_in.html", form=form, onward=onward), status


def _invitation_page(found: Invitation, form: Form, status: int = 200) -> tuple[str, int]:
    inviter = queries.inviter(found)
    page = render_template(
        "accounts/invitation.html", invitation=found, inviter=inviter, place=words.place(found), form=form
    )
    return page, status


def _account_page(**given: Any) -> str:
    """The forms side by side; the one just sent keeps what was typed, the others show what is kept."""
    person = viewer()
    forms: dict[str, Any] = {
        "account": given.get("account") or AccountForm(formdata=None, obj=person),
        "password": given.get("password") or PasswordForm(formdata=None),
    }
    if is_on_a_panel(person):
        forms["profile"] = given.get("profile") or fill_profile(ProfileForm(formdata=None), person)
    sent = next(iter(given.values()), None)
    return render_template("accounts/account.html", forms=forms, form=sent)


def _navigation() -> Iterator[NavItem]:
    if signed_in_person() is None:
        return
    here, now = request.endpoint or "", clock.now()
    yield NavItem(url_for("accounts.start"), _("Start"), here == "accounts.start")
    if access.may(viewer(), Action.SEE_PEOPLE, now=now).allowed:
        yield NavItem(url_for("accounts.people"), _("People"), here.startswith("accounts.people"))


def init_app(app: Flask) -> None:
    from award_app.accounts.people import views as people

    assert people  # its routes stand on the same blueprint
    app.config["SESSION_COOKIE_NAME"] = "laurel"
    app.config["SESSION_COOKIE_SECURE"] = str(app.config.get("BASE_URL", "")).startswith("https://")
    app.register_blueprint(bp)
    add_navigation(app, _navigation)
