"""The secretariat's cockpit.

GET  /reports                          leads to the running year that is furthest on
GET  /reports/<year>                   where it stands, what blocks it, who is late with what
GET  /reports/<year>/missions?q=…      its missions, filtered; as=csv, as=xlsx
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from award_app import access
from award_app.accounts.models import Person
from award_app.cycles import queries as cycle_queries
from award_app.cycles.models import Cycle
from award_app.cycles.words import phase_line
from award_app.domain.vocabulary import Action
from award_app.reports import cockpit, listing, picture, queries, words
from award_app.reports.lists.views import as_file
from award_app.web.arrival import arrived
from award_app.web.guard import guarded, viewer
from award_app.web.i18n import signed_in_person
from award_app.web.tasks import Task, add_tasks
from award_app.web.templating import NavItem, add_navigation

bp = Blueprint("reports", __name__, url_prefix="/reports")


@bp.get("")
@guarded(Action.LIST_CYCLES)
def index() -> Response:
    access.require(viewer(), Action.LIST_CYCLES, now=arrived())
    running = queries.running_years(arrived())
    return redirect(url_for(".year", year=running[0].award_year) if running else url_for("cycles.every"))


@bp.get("/<int(max=9999):year>")
@guarded(Action.SEE_COCKPIT)
def year(year: int) -> str:
    person, now = viewer(), arrived()
    cycle = _seen(year, person, now)
    found = cockpit.build(cycle, person, now)
    return render_template(
        "reports/cockpit.html",
        cycle=cycle,
        found=found,
        blocked=[words.line(one, year) for one in found.blocked],
        line=phase_line(cycle, now, seen_by=person),
        others=[one for one in queries.running_years(now) if one != cycle],
        draw=picture.draw,
        stands=listing.stands,
        here_and_now=now,
    )


@bp.get("/<int(max=9999):year>/missions")
@guarded(Action.SEE_COCKPIT)
def missions(year: int) -> str | Response:
    person, now = viewer(), arrived()
    cycle = _seen(year, person, now)
    asked = listing.missions_bar(request.args)
    page = queries.mission_lines(cycle, person, asked.wanted)
    if asked.file:
        return as_file(asked, page, listing.missions_sheet(), by=person, now=now, cycle=cycle)
    return render_template(
        "reports/missions.html", cycle=cycle, bar=asked, page=page, draw=picture.draw, stands=listing.stands
    )


def _seen(year: int, person: Person, now: datetime) -> Cycle:
    cycle = cycle_queries.of_year(year)
    access.require(person, Action.SEE_COCKPIT, cycle, now=now)
    return cycle


# --- navigation and tasks --------------------------------------------------------------------------------------------


def _navigation() -> Iterator[NavItem]:
    if signed_in_person() and access.may(viewer(), Action.LIST_CYCLES, now=arrived()).allowed:
        yield NavItem(url_for("reports.index"), _("Cockpit"), request.blueprint == "reports")


def _tasks(person: Person, now: datetime) -> Iterator[Task]:
    """The secretariat is led to where each running year stands."""
    if not access.may(person, Action.LIST_CYCLES, now=now).allowed:
        return
    for cycle in queries.running_years(now):
        yield Task(
            _("Where the year stands"),
            _("What blocks it today, who is late with what, and which missions are silent."),
            url_for("reports.year", year=cycle.award_year),
            _("Open the cockpit"),
            year=cycle.award_year,
        )


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    add_navigation(app, _navigation)
    add_tasks(app, _tasks)
