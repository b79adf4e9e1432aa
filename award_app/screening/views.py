"""Screening: the secretariat reads what was handed in.

GET       /screening                      the award years
GET       /screening/<year>?q=…&state=…   the files of one; as=csv, as=xlsx
GET  POST /screening/files/<ref>/declare  before opening a file
GET       /screening/files/<ref>          the file
POST      /screening/files/<ref>/accept · return · propose · confirm · consent
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from award_app import access
from award_app.accounts.models import Person
from award_app.cycles import queries as cycle_queries
from award_app.domain.vocabulary import Action, Refusal, Refused
from award_app.errors import STATUS, sentence
from award_app.nominations import dossier, labels, screening
from award_app.nominations import queries as files
from award_app.nominations.forms import ActForm
from award_app.nominations.models import Nomination
from award_app.reports.lists.views import as_file
from award_app.screening import listing, queries
from award_app.screening.forms import ConsentForm, DeclareForm, ProposeForm, ReturnForm
from award_app.web.arrival import arrived
from award_app.web.guard import guarded, viewer
from award_app.web.i18n import signed_in_person
from award_app.web.once import once
from award_app.web.tasks import Task, add_tasks
from award_app.web.templating import NavItem, add_navigation

bp = Blueprint("screening", __name__, url_prefix="/screening")

ACTIONS = (
    *(Action.ACCEPT, Action.RETURN, Action.PROPOSE_INELIGIBLE, Action.CONFIRM_INELIGIBLE),
    Action.RECORD_CONSENT,
)


@bp.get("")
@guarded(Action.LIST_CYCLES)
def index() -> str:
    person, now = viewer(), arrived()
    access.require(person, Action.LIST_CYCLES, now=now)
    waiting = queries.open_counts(person, now)
    return render_template("screening/index.html", cycles=cycle_queries.every(), waiting=waiting)


@bp.get("/<int(max=9999):year>")
@guarded(Action.LIST_SCREENING)
def cycle(year: int) -> str | Response:
    person, now = viewer(), arrived()
    access.require(person, Action.LIST_SCREENING, now=now)
    found = cycle_queries.of_year(year)
    missions = queries.drafts_by_mission(found)
    asked = listing.screening_bar(request.args, [acronym for acronym, _quota, _drafts in missions])
    page = queries.lines(found, person, now, asked.wanted)
    if asked.file:
        return as_file(asked, page, listing.screening_sheet(), by=person, now=now, cycle=found)
    return render_template(
        "screening/cycle.html", cycle=found, bar=asked, page=page, missions=missions, asks=listing.ASKS, listing=listing
    )


# --- declaring -------------------------------------------------------------------------------------------------------


@bp.get("/files/<ref>/declare")
@guarded(Action.DECLARE_AS_SECRETARIAT)
def declare(ref: str) -> str | Response:
    nomination = files.by_ref(ref, seen_by=viewer(), now=arrived(), action=Action.DECLARE_AS_SECRETARIAT)
    if screening.declaration(nomination, viewer()) is not None:
        return redirect(url_for(".file", ref=ref))
    return render_template("screening/declare.html", nomination=nomination, form=DeclareForm())


@bp.post("/files/<ref>/declare")
@guarded(Action.DECLARE_AS_SECRETARIAT)
def declare_post(ref: str) -> Any:
    person, now, form = viewer(), arrived(), DeclareForm()
    nomination = files.by_ref(ref, seen_by=person, now=now, action=Action.DECLARE_AS_SECRETARIAT)
    if not form.validate():
        return render_template("screening/declare.html", nomination=nomination, form=form), 422
    conflict, year = form.conflict.data == "yes", nomination.cycle.award_year

    def work() -> str:
        screening.declare_as_secretariat(nomination, conflict=conflict, reason=form.reason.data, by=person, now=now)
        return url_for(".cycle", year=year) if conflict else url_for(".file", ref=ref)

    address = once(form.once.data, work, by=person, now=now)
    if conflict:
        flash(_("Your conflict is noted. The file stays closed to you."))
    return redirect(address)


# --- one file --------------------------------------------------------------------------------------------------------


@bp.get("/files/<ref>")
@guarded(Action.READ)
def file(ref: str) -> str | Response:
    person, now = viewer(), arrived()
    nomination = _screened(ref, person, now)
    verdict = access.may(person, Action.READ, nomination, now=now)
    if verdict.refusal is Refusal.DECLARE_FIRST:
        return redirect(url_for(".declare", ref=ref))
    access.require(person, Action.READ, nomination, now=now)
    return _page(nomination)


def _screened(ref: str, person: Person, now: datetime) -> Nomination:
    """A file the secretariat may know of; these pages are nobody else's."""
    nomination = files.by_ref(ref, seen_by=person, now=now)
    access.require(person, Action.LIST_SCREENING, now=now)
    return nomination


def _page(nomination: Nomination, **forms: Any) -> str:
    person, now = viewer(), arrived()
    until = nomination.cycle.screening_ends_at
    return render_template(
        "screening/file.html",
        nomination=nomination,
        dossier=dossier.build(nomination, for_panel=False),
        survivor=files.answers(nomination, handed_in=True).get("identifies_survivor") == "yes",
        may={a.name: access.may(person, a, nomination, now=now).allowed for a in ACTIONS},
        proposer=queries.name_of(nomination.ineligible_by_id),
        own_proposal=nomination.ineligible_by_id == person.id,
        endorser=queries.name_of(_endorser(nomination)),
        labels=labels,
        default_deadline=until if until > now else None,
        **{**_forms(nomination), **forms},
    )


def _endorser(nomination: Nomination) -> int | None:
    given = files.endorsement(nomination)
    return given.by_id if given else None


def _forms(nomination: Nomination) -> dict[str, Any]:
    return {
        "return_form": ReturnForm(formdata=None, prefix="return-"),
        "propose_form": ProposeForm(formdata=None, prefix="propose-"),
        "consent_form": ConsentForm(formdata=None, prefix="consent-", consent=nomination.consent),
        "reason": None,
    }


def _act(ref: str, key: str, work: Callable[[Nomination], object], said: str) -> Any:
    """Carry one act out once, and show the file again; a refusal stands on top of it."""
    person, now = viewer(), arrived()
    nomination = _screened(ref, person, now)

    def done() -> str:
        work(nomination)
        return url_for(".file", ref=ref)

    try:
        address = once(key, done, by=person, now=now)
    except Refused as refused:
        return _refused(ref, refused)
    flash(said)
    return redirect(address)


def _refused(ref: str, refused: Refused, **forms: Any) -> Any:
    nomination = _screened(ref, viewer(), arrived())
    if not access.may(viewer(), Action.READ, nomination, now=arrived()).allowed:
        raise refused
    return _page(nomination, reason=sentence(refused.refusal), **forms), STATUS[refused.refusal]


@bp.post("/files/<ref>/accept")
@guarded(Action.ACCEPT)
def accept(ref: str) -> Any:
    person, now, form = viewer(), arrived(), ActForm()
    said = _("The file is accepted. The panel can see it.")
    return _act(ref, form.once.data, lambda n: screening.accept(n, by=person, now=now), said)


@bp.post("/files/<ref>/return")
@guarded(Action.RETURN)
def send_back(ref: str) -> Any:
    person, now, form = viewer(), arrived(), ReturnForm(prefix="return-")
    nomination = _screened(ref, person, now)
    if not form.validate():
        return _unfit(nomination, Action.RETURN, return_form=form)
    deadline = form.deadline.instant
    if not screening.leaves_time(nomination, deadline, now):
        form.deadline.errors = [_("The deadline must lie in the future, and before the review ends.")]
        return _unfit(nomination, Action.RETURN, return_form=form)
    said = _("The file is returned to its mission.")

    def work(n: Nomination) -> None:
        screening.send_back(n, form.remarks.data, deadline, by=person, now=now)

    return _act(ref, form.once.data, work, said)


@bp.post("/files/<ref>/propose")
@guarded(Action.PROPOSE_INELIGIBLE)
def propose(ref: str) -> Any:
    person, now, form = viewer(), arrived(), ProposeForm(prefix="propose-")
    if not form.validate():
        return _unfit(_screened(ref, person, now), Action.PROPOSE_INELIGIBLE, propose_form=form)
    said = _("Your proposal is noted. A second person must confirm it.")
    return _act(ref, form.once.data, lambda n: screening.propose_ineligible(n, form.chosen, by=person, now=now), said)


@bp.post("/files/<ref>/confirm")
@guarded(Action.CONFIRM_INELIGIBLE)
def confirm(ref: str) -> Any:
    person, now, form = viewer(), arrived(), ActForm()
    said = _("The file is ruled ineligible. Its mission gets a letter.")
    return _act(ref, form.once.data, lambda n: screening.confirm_ineligible(n, by=person, now=now), said)


@bp.post("/files/<ref>/consent")
@guarded(Action.RECORD_CONSENT)
def consent(ref: str) -> Any:
    person, now, form = viewer(), arrived(), ConsentForm(prefix="consent-")
    if not form.validate():
        return _unfit(_screened(ref, person, now), Action.RECORD_CONSENT, consent_form=form)
    said = _("What the nominee says is noted.")
    return _act(ref, form.once.data, lambda n: screening.record_consent(n, form.chosen, by=person, now=now), said)


def _unfit(nomination: Nomination, action: Action, **forms: Any) -> Any:
    """An incomplete form: that the step is closed comes before what the form lacks."""
    refusal = access.may(viewer(), action, nomination, now=arrived()).refusal
    return _refused(nomination.ref, Refused(refusal), **forms) if refusal else (_page(nomination, **forms), 422)


# --- navigation and tasks --------------------------------------------------------------------------------------------


def _navigation() -> Iterator[NavItem]:
    if signed_in_person() and access.may(viewer(), Action.LIST_SCREENING, now=arrived()).allowed:
        yield NavItem(url_for("screening.index"), _("Screening"), request.blueprint == "screening")


def _tasks(person: Person, now: datetime) -> Iterator[Task]:
    if not access.may(person, Action.LIST_SCREENING, now=now).allowed:
        return
    for found, n in queries.open_counts(person, now).items():
        yield Task(
            _("Screen the files"),
            _("Files wait for your declaration, your check, a consent or a clearance."),
            url_for("screening.cycle", year=found.award_year),
            _("Open the list"),
            found.screening_ends_at if found.screening_ends_at > now else None,
            n,
            found.award_year,
        )


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    add_navigation(app, _navigation)
    add_tasks(app, _tasks)
