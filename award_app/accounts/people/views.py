"""The secretariat's pages about people.

GET  /people?q=…&role=…&year=…&account=…     everybody with an account, and invitations that wait; as=csv, as=xlsx
GET  /people/invite                           POST the same: one link to one address
GET  /people/<ref>                            one person: appointments and, for the panel, the profile
POST /people/<ref>/appoint                    one more appointment
POST /people/<ref>/profile                    for conflict rules 1 to 3
POST /people/<ref>/active                     closes the account or opens it again
POST /people/<ref>/appointments/<id>/end
POST /people/invitations/<ref>/cancel
Addresses, seats, successors: changing/views.py
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from award_app import access, clock, errors
from award_app.accounts import operations, own, queries, words
from award_app.accounts.factors.forms import LostForm
from award_app.accounts.factors.lost.queries import LostPart
from award_app.accounts.forms import ProfileForm
from award_app.accounts.people import listing
from award_app.accounts.people.forms import AppointForm, InviteForm
from award_app.accounts.profile import fill_profile, keep_profile
from award_app.accounts.views import Answer, bp
from award_app.cycles import queries as cycle_queries
from award_app.db import transaction
from award_app.domain.vocabulary import Action, Refusal, Refused
from award_app.reports.lists.views import as_file
from award_app.web.forms import Form
from award_app.web.guard import guarded, viewer
from award_app.web.once import once
from award_app.web.refusals import complain


@bp.get("/people")
@guarded(Action.SEE_PEOPLE)
def people() -> Answer:
    now = clock.now()
    access.require(viewer(), Action.SEE_PEOPLE, now=now)
    asked = listing.people_bar(request.args, cycle_queries.every())
    found = queries.people(asked.wanted)
    if asked.file:
        return as_file(asked, found, listing.people_sheet(), by=viewer(), now=now)
    may_invite = access.may(viewer(), Action.INVITE, now=now).allowed
    return render_template(
        "accounts/people.html",
        bar=asked,
        page=found,
        invitations=queries.invitations(),
        may_invite=may_invite,
        form=Form(),
        place=words.place,
    )


@bp.get("/people/invite")
@guarded(Action.INVITE)
def people_invite() -> str:
    access.require(viewer(), Action.INVITE, now=clock.now())
    return render_template("accounts/invite.html", form=_offered(InviteForm()))


@bp.post("/people/invite")
@guarded(Action.INVITE)
def people_send_invitation() -> Answer:
    access.require(viewer(), Action.INVITE, now=clock.now())
    form = _offered(InviteForm())
    if not form.validate():
        return render_template("accounts/invite.html", form=form), 422
    now, by = clock.now(), viewer()

    def work() -> str:
        role, cycle, mission, seat = form.place
        places: dict[str, Any] = {"cycle": cycle, "mission": mission, "seat": seat, "locale": form.locale.data}
        operations.invite(form.email.data, form.name.data, role, **places, by=by, now=now)
        return url_for(".people")

    try:
        onward = once(form.once.data, work, by=by, now=now)
    except Refused as refused:
        form = _offered(form)
        status = complain(form, refused, words.PROBLEMS)
        return render_template("accounts/invite.html", form=form), status
    flash(_("The invitation is on its way to %(email)s.", email=form.email.data))
    return redirect(onward)


@bp.get("/people/<ref>")
@guarded(Action.SEE_PEOPLE)
def people_person(ref: str) -> str:
    access.require(viewer(), Action.SEE_PEOPLE, now=clock.now())
    return person_page(ref)


@bp.post("/people/<ref>/appoint")
@guarded(Action.APPOINT)
def people_appoint(ref: str) -> Answer:
    access.require(viewer(), Action.APPOINT, now=clock.now())
    form = _offered(AppointForm())
    if not form.validate():
        return person_page(ref, appoint=form), 422

    def work() -> None:
        role, cycle, mission, seat = form.place
        person = queries.person(ref)
        operations.appoint(person, role, cycle=cycle, mission=mission, seat=seat, by=viewer(), now=clock.now())

    return carry_out(ref, form, work, _("The appointment is made."), "appoint")


@bp.post("/people/<ref>/profile")
@guarded(Action.APPOINT)
def people_profile(ref: str) -> Answer:
    access.require(viewer(), Action.APPOINT, now=clock.now())
    form = fill_profile(ProfileForm())
    if not form.validate():
        return person_page(ref, profile=form), 422

    def work() -> None:
        keep_profile(form, queries.person(ref), by=viewer(), now=clock.now())

    return carry_out(ref, form, work, _("The profile is saved."), "profile")


@bp.post("/people/<ref>/active")
@guarded(Action.APPOINT)
def people_active(ref: str) -> Answer:
    """Each button says which of the two it asks for: pressed twice, it does not undo itself."""
    access.require(viewer(), Action.APPOINT, now=clock.now())
    queries.person(ref)  # that nobody is there comes before what the form lacks
    form, wanted = Form(), {"yes": True, "no": False}.get(request.form.get("active", ""))
    if wanted is None:
        raise Refused(Refusal.INVALID)

    def work() -> None:
        own.set_active(queries.person(ref), wanted, by=viewer(), now=clock.now())

    return carry_out(ref, form, work, _("The account is changed."), "other")


@bp.post("/people/<ref>/appointments/<int(max=2147483647):number>/end")
@guarded(Action.APPOINT)
def people_end_appointment(ref: str, number: int) -> Answer:
    access.require(viewer(), Action.APPOINT, now=clock.now())
    form = Form()

    def work() -> None:
        found = queries.appointment(queries.person(ref), number)
        operations.end_appointment(found, by=viewer(), now=clock.now())

    return carry_out(ref, form, work, _("The appointment has ended."), "other")


@bp.post("/people/invitations/<ref>/cancel")
@guarded(Action.INVITE)
def people_cancel_invitation(ref: str) -> Response:
    access.require(viewer(), Action.INVITE, now=clock.now())
    with transaction():
        operations.cancel(queries.invitation(ref), by=viewer(), now=clock.now())
    flash(_("The invitation is cancelled. Its link opens nothing any more."))
    return redirect(url_for(".people"))


def carry_out(ref: str, form: Any, work: Callable[[], None], done: str, name: str) -> Answer:
    """Do it and go back to the person's page; or show that page with the reason why not."""
    try:
        with transaction():
            work()
    except Refused as refused:
        if errors.STATUS[refused.refusal] == 404:
            raise
        status = complain(form, refused, words.PROBLEMS)
        return person_page(ref, **{name: form}), status
    flash(done)
    return redirect(url_for(".people_person", ref=ref))


def person_page(ref: str, **given: Any) -> str:
    found = queries.person(ref)
    forms = {
        "appoint": given.get("appoint") or _offered(AppointForm(formdata=None)),
        "profile": given.get("profile") or fill_profile(ProfileForm(formdata=None), found),
        "other": given.get("other") or Form(formdata=None),
        "lost": given.get("lost") or LostForm(formdata=None),
    }
    may_appoint = access.may(viewer(), Action.APPOINT, now=clock.now()).allowed
    may_mend = access.may(viewer(), Action.MEND_ADDRESS, now=clock.now()).allowed
    sent = next(iter(given.values()), None)
    return render_template(
        "accounts/person.html",
        somebody=found,
        forms=forms,
        form=sent,
        place=words.place,
        may_appoint=may_appoint,
        may_mend=may_mend,
        beside=queries.beside(found),
        lost=LostPart.of(found, viewer()),
    )


def _offered(form: Any) -> Any:
    form.offer(cycle_queries.every(), queries.missions())
    return form
