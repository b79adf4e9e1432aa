"""People change. Each page says what follows, letters included, before it is done.

GET  /people/<ref>/address                    another address for somebody with an account; POST asks for it
POST /people/<ref>/address/cancel             takes the question back
GET  /people/<ref>/active                     what ends when the account is closed (POST: views.py)
GET  /people/<ref>/appointments/<id>/succeed  an authority is replaced, or gets a deputy; POST does it
GET  /people/panel?year=…                     chair and deputy of a panel; POST seats them
GET  /people/invitations/<ref>/address        a mistyped address; POST sends a new link
POST /people/invitations/<ref>/resend         the same link once more
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from award_app import access, clock, errors
from award_app.accounts import addresses, closing, invitations, queries, seats, succession, words
from award_app.accounts.models import Appointment, Invitation, Person
from award_app.accounts.people.changing.forms import MendForm, SeatsForm, SuccessorForm
from award_app.accounts.views import Answer, bp
from award_app.cycles import queries as cycle_queries
from award_app.cycles.models import Cycle
from award_app.db import transaction
from award_app.domain.vocabulary import Action, Refusal, Refused, Seat
from award_app.web.forms import Form
from award_app.web.guard import guarded, viewer
from award_app.web.once import once
from award_app.web.refusals import complain

NUMBER = "<int(max=2147483647):number>"


# --- addresses -------------------------------------------------------------------------------------------------------


@bp.get("/people/<ref>/address")
@guarded(Action.MEND_ADDRESS)
def people_address(ref: str) -> str:
    _require(Action.MEND_ADDRESS)
    return _address_page(queries.person(ref), MendForm(formdata=None))


@bp.post("/people/<ref>/address")
@guarded(Action.MEND_ADDRESS)
def people_ask_address(ref: str) -> Answer:
    _require(Action.MEND_ADDRESS)
    person, form, by, now = queries.person(ref), MendForm(), viewer(), clock.now()
    if not form.validate():
        return _address_page(person, form), 422

    def work() -> str:
        addresses.ask(queries.person(ref), form.email.data, by=by, now=now)
        return url_for(".people_address", ref=ref)

    done = _("The link is on its way to %(email)s. Until it is confirmed the old address holds.", email=form.email.data)
    return _once(form, work, done, lambda: _address_page(queries.person(ref), form))


@bp.post("/people/<ref>/address/cancel")
@guarded(Action.MEND_ADDRESS)
def people_cancel_address(ref: str) -> Response:
    _require(Action.MEND_ADDRESS)
    with transaction():
        waiting = addresses.open_changes(queries.person(ref), clock.now())
        if not waiting:
            raise Refused(Refusal.ALREADY_DONE)
        for change in waiting:
            addresses.cancel(change, by=viewer(), now=clock.now())
    flash(_("The new address is cancelled. Its link opens nothing any more."))
    return redirect(url_for(".people_address", ref=ref))


def _address_page(person: Person, form: MendForm) -> str:
    waiting = addresses.open_changes(person, clock.now())
    return render_template("accounts/people/address.html", somebody=person, form=form, waiting=waiting)


@bp.get("/people/invitations/<ref>/address")
@guarded(Action.MEND_ADDRESS)
def people_invitation_address(ref: str) -> str:
    _require(Action.MEND_ADDRESS)
    return _mend_page(queries.invitation(ref), MendForm(formdata=None))


@bp.post("/people/invitations/<ref>/address")
@guarded(Action.MEND_ADDRESS)
def people_mend_invitation(ref: str) -> Answer:
    _require(Action.MEND_ADDRESS)
    invitation, form, by, now = queries.invitation(ref), MendForm(), viewer(), clock.now()
    if not form.validate():
        return _mend_page(invitation, form), 422

    def work() -> str:
        invitations.mend(queries.invitation(ref), form.email.data, by=by, now=now)
        return url_for(".people")

    done = _(
        "The invitation is on its way to %(email)s. The earlier link opens nothing any more.", email=form.email.data
    )
    return _once(form, work, done, lambda: _mend_page(queries.invitation(ref), form))


def _mend_page(invitation: Invitation, form: MendForm) -> str:
    return render_template("accounts/people/mend.html", invitation=invitation, form=form, place=words.place)


@bp.post("/people/invitations/<ref>/resend")
@guarded(Action.INVITE)
def people_resend_invitation(ref: str) -> Response:
    _require(Action.INVITE)
    invitation = queries.invitation(ref)
    email = invitation.email
    try:
        with transaction():
            invitations.resend(queries.invitation(ref), by=viewer(), now=clock.now())
    except Refused as refused:
        if not refused.problems:
            raise
        flash(str(words.PROBLEMS[refused.problems[0]][1]))  # type: ignore[index]  # it comes from that operation
    else:
        flash(_("The invitation is on its way to %(email)s once more, with the same link.", email=email))
    return redirect(url_for(".people"))


# --- closing an account ----------------------------------------------------------------------------------------------


@bp.get("/people/<ref>/active")
@guarded(Action.APPOINT)
def people_closing(ref: str) -> str:
    _require(Action.APPOINT)
    person = queries.person(ref)
    more: dict[str, Any] = {"ending": closing.ending(person), "oneself": person.id == viewer().id}
    return render_template("accounts/people/closing.html", somebody=person, form=Form(), place=words.place, **more)


# --- authorities -----------------------------------------------------------------------------------------------------


@bp.get(f"/people/<ref>/appointments/{NUMBER}/succeed")
@guarded(Action.APPOINT)
def people_successor(ref: str, number: int) -> Answer:
    _require(Action.APPOINT)
    held = queries.appointment(queries.person(ref), number)
    if held.mission is None:  # only a mission has authorities
        return redirect(url_for(".people_person", ref=ref))
    return _successor_page(held, SuccessorForm(formdata=None))


@bp.post(f"/people/<ref>/appointments/{NUMBER}/succeed")
@guarded(Action.APPOINT)
def people_succeed(ref: str, number: int) -> Answer:
    _require(Action.APPOINT)
    form, by, now = SuccessorForm(), viewer(), clock.now()
    held = queries.appointment(queries.person(ref), number)
    if held.mission is None:
        return redirect(url_for(".people_person", ref=ref))
    form.offer()
    if not form.validate():
        return _successor_page(held, form), 422
    typed = {"stays": form.stays.data == "yes", "locale": form.locale.data}

    def work() -> str:
        again = queries.appointment(queries.person(ref), number)
        succession.succeed(again, form.email.data, form.name.data, **typed, by=by, now=now)
        return url_for(".people_person", ref=ref)

    def page() -> str:
        return _successor_page(queries.appointment(queries.person(ref), number), form)

    return _once(form, work, _("Done. The letter is on its way to %(email)s.", email=form.email.data), page)


def _successor_page(held: Appointment, form: SuccessorForm) -> str:
    form.offer()
    return render_template(
        "accounts/people/succeed.html", held=held, form=form, place=words.place, beside=succession.beside(held)
    )


# --- the panel's seats -----------------------------------------------------------------------------------------------


@bp.get("/people/panel")
@guarded(Action.APPOINT)
def people_panel() -> Answer:
    _require(Action.APPOINT)
    cycle = _panel_cycle()
    if cycle is None:
        return redirect(url_for(".people"))
    seated = {a.seat: a.person.ref for a in seats.members(cycle)}
    form = SeatsForm(formdata=None, chair=seated.get(Seat.CHAIR), deputy=seated.get(Seat.DEPUTY))
    return _panel_page(cycle, form)


@bp.post("/people/panel")
@guarded(Action.APPOINT)
def people_seat_panel() -> Answer:
    _require(Action.APPOINT)
    cycle, form, by, now = _panel_cycle(), SeatsForm(), viewer(), clock.now()
    if cycle is None:
        return redirect(url_for(".people"))
    year = cycle.award_year
    form.offer(seats.members(cycle))
    if not form.validate():
        return _panel_page(cycle, form), 422

    def work() -> str:
        chair = queries.person(form.chair.data)
        deputy = queries.person(form.deputy.data) if form.deputy.data else None
        seats.set_seats(cycle_queries.of_year(year), chair=chair, deputy=deputy, by=by, now=now)
        return url_for(".people_panel", year=year)

    done = _("The seats are changed. Everybody whose seat changed gets a letter.")
    return _once(form, work, done, lambda: _panel_page(cycle_queries.of_year(year), form))


def _panel_cycle() -> Cycle | None:
    """The year that is named, else the newest. Raises NOT_FOUND."""
    named = request.args.get("year", "")
    if named:
        return cycle_queries.of_year(int(named) if named.isdecimal() and len(named) <= 4 else 0)
    return next(iter(cycle_queries.every()), None)


def _panel_page(cycle: Cycle, form: SeatsForm) -> str:
    panel = seats.members(cycle)
    form.offer(panel)
    years = [one.award_year for one in cycle_queries.every()]
    return render_template(
        "accounts/people/panel.html", cycle=cycle, form=form, panel=panel, role=words.role, years=years
    )


# ---------------------------------------------------------------------------------------------------------------------


def _require(action: Action) -> None:
    access.require(viewer(), action, now=clock.now())


def _once(form: Any, work: Callable[[], str], done: str, page: Callable[[], str]) -> Answer:
    """Do it and go on; or show the page again with the reason, everything typed kept."""
    try:
        onward = once(form.once.data, work, by=viewer(), now=clock.now())
    except Refused as refused:
        if errors.STATUS[refused.refusal] == 404:
            raise
        status = complain(form, refused, words.PROBLEMS)
        return page(), status
    flash(done)
    return redirect(onward)
