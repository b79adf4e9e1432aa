"""The result, and the decision that people take with it in view.

GET  /results                          the award years whose result this person may read
GET  /results/<year>                   the result
GET  /results/<year>/decision          the decision
GET  /results/<year>/decision/record   the form; POST the same: records it
POST /results/<year>/decision/check    what is about to be recorded, once more
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from werkzeug.wrappers import Response

from award_app import access, clock
from award_app.accounts.models import Person
from award_app.cycles.models import Cycle
from award_app.domain.vocabulary import Action, AppointmentRole, Outcome, Refusal, Refused, Role, Seat
from award_app.errors import sentence
from award_app.nominations.models import Nomination
from award_app.selection import operations, queries
from award_app.selection.changes import queries as changes
from award_app.selection.changes.views import bp as changes_bp
from award_app.selection.forms import PROBLEMS, DecisionForm, decision_form
from award_app.selection.models import Result
from award_app.selection.picture import draw
from award_app.selection.shortlist import queries as shortlists
from award_app.selection.shortlist.views import bp as shortlist_bp
from award_app.selection.showing import shown, two
from award_app.web import i18n
from award_app.web.guard import guarded, viewer
from award_app.web.once import once
from award_app.web.refusals import complain
from award_app.web.tasks import Task, add_tasks
from award_app.web.templating import NavItem, add_navigation

bp = Blueprint("results", __name__)
Answer = str | Response | tuple[str, int]


@bp.get("/results")
@guarded(Action.SEE_HOME)
def index() -> str:
    now = clock.now()
    access.require(viewer(), Action.SEE_HOME, now=now)
    cycles = [cycle for cycle in queries.closed_cycles() if _may(Action.SEE_RESULT, cycle, now)]
    return render_template("selection/index.html", cycles=cycles)


@bp.get("/results/<int(max=9999):year>")
@guarded(Action.SEE_RESULT)
def result(year: int) -> Answer:
    cycle, person = queries.cycle_of(year), viewer()
    here = access.standing(person, cycle, *_ON_THE_RESULT, now=clock.now())
    if here.may(Action.SEE_RESULT).refusal is Refusal.TOO_EARLY:
        return render_template("selection/too_early.html", cycle=cycle), 409
    here.require(Action.SEE_RESULT)
    found, placed = queries.result_for(person, cycle) or (None, [])
    rows, knows_who = shown(placed), _knows_who(here)
    return render_template(
        "selection/result.html",
        cycle=cycle,
        result=found,
        rows=rows,
        picture=draw(rows),
        kept=bool(found and found.without),
        severities=_severities(found, knows_who),
        counts_recusals=knows_who,
        by_mean=[row for row in rows if row.position == 1],
        by_adjusted=[row for row in rows if row.adjusted_position == 1],
        moved=sum(row.position != row.adjusted_position for row in rows),
        may_decide=here.may(Action.DECIDE).allowed,
        may_shortlist=here.may(Action.PROPOSE_SHORTLIST).allowed,
        may_see_shortlist=here.may(Action.SEE_SHORTLIST).allowed,
        may_see_decision=here.may(Action.SEE_DECISION).allowed,
        two=two,
    )


_ON_THE_RESULT = (
    Action.SEE_RESULT,
    Action.DECIDE,
    Action.PROPOSE_SHORTLIST,
    Action.SEE_SHORTLIST,
    Action.SEE_DECISION,
)


@bp.get("/results/<int(max=9999):year>/decision")
@guarded(Action.SEE_DECISION)
def decision(year: int) -> Answer:
    cycle, now = queries.cycle_of(year), clock.now()
    try:
        found = queries.decision_for(viewer(), cycle, now=now)
    except Refused as refused:
        if refused.refusal is Refusal.TOO_EARLY and _may(Action.DECIDE, cycle, now):
            way_on = (url_for(".record", year=year), _("Record the decision"))
            return render_template("errors/409.html", reason=sentence(refused.refusal), action=way_on), 409
        raise
    present = {one.person_id for one in found.present} if found else set()
    return render_template(
        "selection/decision.html",
        cycle=cycle,
        decision=found,
        places=[(outcome, [p for p in found.places if p.outcome is outcome]) for outcome in Outcome] if found else [],
        present=queries.people(present),
        standing=_standing(cycle),
        may_see_shortlist=_may(Action.SEE_SHORTLIST, cycle, now),
        may_announce=_may(Action.SEE_ANNOUNCEMENT, cycle, now),
    )


@bp.get("/results/<int(max=9999):year>/decision/record")
@guarded(Action.DECIDE)
def record(year: int) -> Answer:
    cycle = queries.cycle_of(year)
    access.require(viewer(), Action.DECIDE, cycle, now=clock.now())
    return _form_page(cycle, *_form(cycle))


@bp.post("/results/<int(max=9999):year>/decision/check")
@guarded(Action.DECIDE)
def check(year: int) -> Answer:
    cycle, now = queries.cycle_of(year), clock.now()
    access.require(viewer(), Action.DECIDE, cycle, now=now)
    form, files, members = _form(cycle)
    if not form.validate():
        return _form_page(cycle, form, files, members, 422)
    if "change" in request.form:
        return _form_page(cycle, form, files, members)
    choice = form.chosen(files, members)
    try:
        operations.check(cycle, choice, by=viewer(), now=now)
    except Refused as refused:
        return _form_page(cycle, form, files, members, complain(form, refused, _words(members)))
    return render_template("selection/check.html", cycle=cycle, form=form, choice=choice)


@bp.post("/results/<int(max=9999):year>/decision/record")
@guarded(Action.DECIDE)
def save(year: int) -> Answer:
    cycle, by, now = queries.cycle_of(year), viewer(), clock.now()
    done = url_for(".decision", year=year)
    open_to_her = _may(Action.DECIDE, cycle, now)
    form, files, members = _form(cycle) if open_to_her else (DecisionForm(), [], [])
    if open_to_her and not form.validate():
        return _form_page(cycle, form, files, members, 422)

    def work() -> str:
        choice = form.chosen(files, members)
        operations.decide(
            cycle,
            laureate=choice.laureate,
            runners_up=choice.runners_up,
            reserve=choice.reserve,
            reasons=choice.reasons or "",
            present=choice.present,
            by=by,
            now=now,
        )
        return done

    try:
        address = once(form.once.data, work, by=by, now=now)
    except Refused as refused:
        if not open_to_her or refused.refusal is Refusal.TOO_LATE:
            raise
        form, files, members = _form(queries.cycle_of(year))
        return _form_page(queries.cycle_of(year), form, files, members, complain(form, refused, _words(members)))
    flash(_("The decision is recorded. Please keep it to those who know until the release."))
    return redirect(address)


def _standing(cycle: Cycle) -> list[tuple[Outcome, list[Nomination]]]:
    """The places as they stand now, where somebody has left since the decision; else nothing."""
    if not changes.left_of([cycle.id]):
        return []
    places = changes.standing_places([cycle.id]).get(cycle.id, [])
    return [(outcome, [place.file for place in places if place.outcome is outcome]) for outcome in Outcome]


def _may(action: Action, cycle: Cycle, now: datetime) -> bool:
    return access.may(viewer(), action, cycle, now=now).allowed


def _form(cycle: Cycle) -> tuple[DecisionForm, list[Nomination], list[Person]]:
    files = shortlists.finalists(cycle)
    members = [person for person in queries.panel(cycle) if person.id != viewer().id]
    return decision_form(files, members), files, members


def _form_page(
    cycle: Cycle, form: DecisionForm, files: list[Nomination], _members: list[Person], status: int = 200
) -> Answer:
    ready = not cycle.result_due
    return render_template("selection/record.html", cycle=cycle, form=form, files=files, ready=ready), status


def _words(members: list[Person]) -> dict[Any, tuple[str, LazyString]]:
    """Beside the codes of the decision: a member listed as present who is out of a file that is named."""
    out = {
        person.id: ("present", _l("%(name)s is out of a file that you name. List nobody who is.", name=person.name))
        for person in members
    }
    return {**PROBLEMS, **out}


def _severities(found: Result | None, knows_who: bool) -> list[tuple[str, float]]:
    """By name, harshest first, for those who may know who scored what; for others a spread without names."""
    if found is None:
        return []
    by_id = {int(person): value for person, value in found.model["severity"].items()}
    names = {person.id: person.name for person in queries.people(set(by_id))} if knows_who else {}
    return sorted(
        ((names.get(person, ""), value) for person, value in by_id.items()), key=lambda pair: (-pair[1], pair[0])
    )


def _knows_who(here: access.Standing) -> bool:
    """Who scored what, and that somebody declared a conflict, is for chair and secretariat."""
    return bool(here.situation.roles & {Role.CHAIR, Role.DEPUTY, Role.SECRETARIAT})


def _tasks(person: Person, now: datetime) -> Iterator[Task]:
    """For chair and deputy: decide, or read; for members present and the observer: read."""
    if not any(a.role in _READERS for a in access.appointments(person)):
        return
    for cycle in queries.closed_cycles():
        asked = (Action.SEE_RESULT, Action.PROPOSE_SHORTLIST, Action.DECIDE, Action.SEE_DECISION)
        here = access.standing(person, cycle, *asked, Action.PROPOSE_CHANGE, Action.CONFIRM_CHANGE, now=now)
        yield from _waiting_changes(cycle, here)
        if here.may(Action.PROPOSE_SHORTLIST).allowed and not here.may(Action.DECIDE).allowed:
            yield Task(
                _("Shortlist of %(year)s", year=cycle.award_year),
                _("The round is closed. Look at the result, then propose the shortlist and confirm it."),
                url_for("shortlist.show", year=cycle.award_year),
                _("See the shortlist"),
                count=1,
                year=cycle.award_year,
            )
        elif here.may(Action.DECIDE).allowed:
            yield Task(
                _("Record the decision of %(year)s", year=cycle.award_year),
                _("The shortlist is confirmed. Record whom the panel honours."),
                url_for("results.result", year=cycle.award_year),
                _("See the result"),
                count=1,
                year=cycle.award_year,
            )
        elif here.may(Action.SEE_RESULT).allowed:
            decided = here.may(Action.SEE_DECISION).allowed
            yield Task(
                _("Result of %(year)s", year=cycle.award_year),
                _("The decision has been recorded.") if decided else _("The round is closed and scores are counted."),
                url_for("results.result", year=cycle.award_year),
                _("See the result"),
                year=cycle.award_year,
            )


def _waiting_changes(cycle: Cycle, here: access.Standing) -> Iterator[Task]:
    """What the chair has to confirm, and what a mission asked the secretariat for."""
    waits = here.may(Action.CONFIRM_CHANGE).allowed and changes.waiting(cycle)
    asked = len(changes.requests(cycle)) if here.may(Action.PROPOSE_CHANGE).allowed else 0
    if waits or asked:
        yield Task(
            _("Files that leave the outcome of %(year)s", year=cycle.award_year),
            _("The secretariat proposed a change. It counts once you have confirmed it.")
            if waits
            else _("A mission asks for its file back after the round."),
            url_for("changes.index", year=cycle.award_year),
            _("See the changes"),
            count=waits or asked,
            year=cycle.award_year,
        )


_READERS = (AppointmentRole.MEMBER, AppointmentRole.SECRETARIAT, AppointmentRole.OBSERVER)


_OF_THE_RESULTS = {"results", "shortlist", "changes", "announcements"}


def _navigation() -> Iterator[NavItem]:
    """For those whose work it is; a member who was present finds her way from the start page."""
    person = i18n.signed_in_person()
    if person is None:
        return
    reads = {AppointmentRole.SECRETARIAT, AppointmentRole.OBSERVER}
    leads = {Seat.CHAIR, Seat.DEPUTY}
    if any(a.role in reads or a.seat in leads for a in access.appointments(person)):
        yield NavItem(url_for("results.index"), _("Results"), request.blueprint in _OF_THE_RESULTS)


def init_app(app: Flask) -> None:
    for part in (bp, shortlist_bp, changes_bp):
        app.register_blueprint(part)
    add_tasks(app, _tasks)
    add_navigation(app, _navigation)
