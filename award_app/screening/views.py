"""Screening: the secretariat reads what was handed in.

GET       /screening                      the award years
GET       /screening/<year>?q=…&state=…   the files of one; as=csv, as=xlsx
GET  POST /screening/files/<ref>/declare  before opening a file
GET       /screening/files/<ref>          the file
In deciding/views.py: POST /screening/files/<ref>/accept · return · extend · propose · confirm · consent · conduct
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from award_app import access
from award_app.accounts.models import Person
from award_app.cycles import queries as cycle_queries
from award_app.domain.vocabulary import Action, Refusal
from award_app.nominations import queries as files
from award_app.nominations import screening
from award_app.reports.lists.views import as_file
from award_app.screening import listing, queries, web
from award_app.screening.deciding import views as deciding
from award_app.screening.forms import DeclareForm
from award_app.screening.web import bp as bp
from award_app.web.arrival import arrived
from award_app.web.guard import guarded, viewer
from award_app.web.i18n import signed_in_person
from award_app.web.once import once
from award_app.web.tasks import Task, add_tasks
from award_app.web.templating import NavItem, add_navigation


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
    nomination = web.screened(ref, person, now)
    verdict = access.may(person, Action.READ, nomination, now=now)
    if verdict.refusal is Refusal.DECLARE_FIRST:
        return redirect(url_for(".declare", ref=ref))
    access.require(person, Action.READ, nomination, now=now)
    return web.page(nomination)


# --- navigation and tasks --------------------------------------------------------------------------------------------


def _navigation() -> Iterator[NavItem]:
    if signed_in_person() and access.may(viewer(), Action.LIST_SCREENING, now=arrived()).allowed:
        yield NavItem(url_for("screening.index"), _("Screening"), request.blueprint == "screening")


def _tasks(person: Person, now: datetime) -> Iterator[Task]:
    if not access.may(person, Action.LIST_SCREENING, now=now).allowed:
        return
    for file in queries.withdrawals_asked(person):
        yield Task(
            _("Answer a mission that asks to withdraw its file"),
            _("It is about the file of %(name)s.", name=file.nominee_name),
            url_for("screening.file", ref=file.ref),
            _("Read the request"),
            count=1,
            year=file.cycle.award_year,
        )
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
    assert deciding.bp is bp  # its routes stand on the same blueprint
    app.register_blueprint(bp)
    add_navigation(app, _navigation)
    add_tasks(app, _tasks)
