"""Coming in, and the start page.

GET  /sign-in               POST the same: begins a session, or asks for the second factor
POST /sign-out              ends it, in this browser and for every copy of its cookie
GET  /invitation/<token>    shows who invites to what; POST the same: accepts
GET  /home                  the start page
/sign-in/forgotten, /reset…: a new password: resetting/views.py
/account…, /address…        one's own account: account/views.py
/sign-in/second             the second factor: factors/entry/views.py; /account/second…: factors/views.py
/people…                    the secretariat's pages: people/views.py
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Flask, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from award_app import access, audit, clock
from award_app.accounts import landing, links, operations, queries, sessions, web, words
from award_app.accounts.forms import KnownForm, NewcomerForm, SignInForm
from award_app.accounts.limits import Door
from award_app.accounts.models import Invitation
from award_app.accounts.start import web as home
from award_app.db import transaction
from award_app.domain.vocabulary import Action, Refused
from award_app.web import headers, i18n, recording
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
    if request.method != "POST":  # HEAD asks like GET
        return redirect(onward) if current_user.is_authenticated else _sign_in_page(form)
    if not form.validate():
        return _sign_in_page(form, 422)
    web.slow_down(form.email.data)
    person = operations.authenticate(form.email.data, form.password.data)
    if person is None:
        recording.failed_sign_in(form.email.data)
        form.form_errors.append(_("The address or the password is not right. Check both and try again."))
        return _sign_in_page(form, 422)
    return web.admit(person, landing.local(request.args.get("next")))


@bp.post("/sign-out")
def sign_out() -> Response:
    if current_user.is_authenticated:
        with transaction():
            sessions.end(viewer().session_token, now=clock.now())
            audit.record("sign_out", viewer(), by=viewer(), at=clock.now())
    logout_user()
    session.clear()
    flash(_("You are signed out."))
    return redirect(url_for(".sign_in"))


@bp.get("/invitation/<token>")
def invitation(token: str) -> Answer:
    found = links.by_token(token)
    operations.require_open(found, now=clock.now())
    i18n.prefer(found.locale)
    form = KnownForm() if queries.has_account(found.email) else NewcomerForm(name=found.name)
    return _invitation_page(found, form)


@bp.post("/invitation/<token>")
def accept_invitation(token: str) -> Answer:
    found = links.by_token(token)
    has_account = queries.has_account(found.email)  # asked first: it may come with the acceptance that spends the link
    operations.require_open(found, now=clock.now())
    i18n.prefer(found.locale)
    form = KnownForm() if has_account else NewcomerForm()
    if not form.validate():
        return _invitation_page(found, form, 422)
    known = isinstance(form, KnownForm)
    web.slow_down(found.email, Door.PASSWORD if known else Door.INVITATION)
    name, password = ("", form.current.data) if known else (form.name.data, form.password.data)
    try:
        with transaction():
            person = operations.accept(found, name=name, password=password, now=clock.now())
    except Refused as refused:
        if not refused.problems:
            raise
        return _invitation_page(links.by_token(token), form, complain(form, refused, words.PROBLEMS))
    onward = web.admit(person)
    flash(_("Welcome. Your appointment: %(place)s.", place=words.place(found)))
    return onward


@bp.get("/home")
@guarded(Action.SEE_HOME)
def start() -> str:
    now = clock.now()
    access.require(viewer(), Action.SEE_HOME, now=now)
    cards = tasks(viewer(), now)
    others = [card for card in cards if card.year is None]
    return render_template("accounts/home.html", years=home.years(viewer(), cards, now), others=others)


def _sign_in_page(form: SignInForm, status: int = 200) -> tuple[str, int]:
    onward = landing.local(request.args.get("next"))
    return render_template("accounts/sign_in.html", form=form, onward=onward), status


def _invitation_page(found: Invitation, form: Form, status: int = 200) -> tuple[str, int]:
    inviter = queries.inviter(found)
    page = render_template(
        "accounts/invitation.html", invitation=found, inviter=inviter, place=words.place(found), form=form
    )
    return page, status


def _navigation() -> Iterator[NavItem]:
    if signed_in_person() is None:
        return
    here, now = request.endpoint or "", clock.now()
    yield NavItem(url_for("accounts.start"), _("Start"), here == "accounts.start")
    if access.may(viewer(), Action.SEE_PEOPLE, now=now).allowed:
        yield NavItem(url_for("accounts.people"), _("People"), here.startswith("accounts.people"))


def init_app(app: Flask) -> None:
    from award_app.accounts.account import views as own_views
    from award_app.accounts.devices import views as devices
    from award_app.accounts.factors import views as factors
    from award_app.accounts.factors.entry import views as entry
    from award_app.accounts.factors.lost import views as lost
    from award_app.accounts.keeping import views as keeping
    from award_app.accounts.people import views as people
    from award_app.accounts.people.changing import views as changing
    from award_app.accounts.proving import views as proving
    from award_app.accounts.resetting import views as resetting

    for routes in (own_views, people, changing, devices, proving, resetting, factors, entry, lost):
        assert routes  # they stand on the same blueprint
    secure = headers.secure_site(app)
    # A browser takes a cookie of this name only by https, for this host alone and for all of it.
    app.config["SESSION_COOKIE_NAME"] = "__Host-laurel" if secure else "laurel"
    app.config["SESSION_COOKIE_SECURE"] = secure
    app.config["SESSION_COOKIE_PATH"] = "/"
    app.register_blueprint(bp)
    add_navigation(app, _navigation)
    keeping.init_app(app)
