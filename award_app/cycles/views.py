"""The award years of the secretariat.

GET  /cycles?q=…&stands=…       all of them; as=csv, as=xlsx
GET  /cycles/new                POST the same: a new one
GET  /cycles/copy               copying/views.py
GET  /cycles/<year>             where it stands, and whether it is ready
GET  /cycles/<year>/settings    titles, dates, quota; POST saves (while preparing)
GET  /cycles/<year>/criteria    weights and level descriptions; POST saves (while preparing)
GET  /cycles/<year>/missions    who is called, with quotas; POST saves (while preparing)
GET  /cycles/<year>/ready       each condition before opening, in words, with where it is mended
POST /cycles/<year>/open        opens the award year
/cycles/<year>/call, dates, extensions, drafts: running/views.py
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from award_app import access, clock, errors
from award_app.accounts.models import Person
from award_app.cycles import checklist, listing, operations, queries, readiness, words
from award_app.cycles.forms import CriteriaForm, SettingsForm, criteria_form, missions_form
from award_app.cycles.models import Cycle
from award_app.db import transaction
from award_app.domain.vocabulary import Action, Refusal, Refused
from award_app.reference.rubric import default_titles
from award_app.reports.lists.views import as_file
from award_app.web.forms import Form
from award_app.web.guard import guarded, viewer
from award_app.web.i18n import language, signed_in_person
from award_app.web.once import once
from award_app.web.refusals import complain
from award_app.web.tasks import Task, add_tasks
from award_app.web.templating import NavItem, add_navigation

bp = Blueprint("cycles", __name__, url_prefix="/cycles")
Answer = str | Response | tuple[str, int]
YEAR = "/<int(max=9999):year>"


@bp.get("")
@guarded(Action.LIST_CYCLES)
def every() -> Answer:
    person, now = viewer(), clock.now()
    access.require(person, Action.LIST_CYCLES, now=now)
    asked = listing.years_bar(request.args)
    page = queries.listed(asked.wanted, language(), now)
    phases = words.phases(page.rows, now, seen_by=person)
    if asked.file:
        return as_file(asked, page, listing.years_sheet(phases, language()), by=person, now=now)
    may_create = access.may(person, Action.CREATE_CYCLE, now=now).allowed
    return render_template("cycles/list.html", bar=asked, page=page, phases=phases, may_create=may_create)


@bp.get("/new")
@guarded(Action.CREATE_CYCLE)
def new() -> str:
    access.require(viewer(), Action.CREATE_CYCLE, now=clock.now())
    titles = default_titles()
    form = SettingsForm(title_en=titles["en"], title_fr=titles["fr"], default_quota=4, quorum=3)
    return render_template("cycles/settings.html", form=form, cycle=None)


@bp.post("/new")
@guarded(Action.CREATE_CYCLE)
def create() -> Answer:
    now, by = clock.now(), viewer()
    access.require(by, Action.CREATE_CYCLE, now=now)
    form = SettingsForm()
    if not form.validate():
        return render_template("cycles/settings.html", form=form, cycle=None), 422

    def work() -> str:
        cycle = operations.create(**form.values, by=by, now=now)
        return url_for(".overview", year=cycle.award_year)

    try:
        onward = once(form.once.data, work, by=by, now=now)
    except Refused as refused:
        status = complain(form, refused, words.PROBLEMS)
        return render_template("cycles/settings.html", form=form, cycle=None), status
    flash(_("The award year is created. Now check its criteria and call the missions."))
    return redirect(onward)


@bp.get(YEAR)
@guarded(Action.MANAGE_CYCLE)
def overview(year: int) -> str:
    return _overview_page(_managed(year, Action.MANAGE_CYCLE))


@bp.route(YEAR + "/settings", methods=["GET", "POST"])
@guarded(Action.EDIT_CYCLE)
def settings(year: int) -> Answer:
    if request.method != "POST":  # HEAD asks like GET
        cycle = _managed(year, Action.EDIT_CYCLE)
        titles = {"title_en": cycle.titles.get("en"), "title_fr": cycle.titles.get("fr")}
        return render_template("cycles/settings.html", form=SettingsForm(obj=cycle, data=titles), cycle=cycle)
    form = SettingsForm()

    def work(cycle: Cycle) -> None:
        operations.edit(cycle, **form.values, by=viewer(), now=clock.now())

    return _save(year, form, "cycles/settings.html", work, _("The settings are saved."))


@bp.route(YEAR + "/criteria", methods=["GET", "POST"])
@guarded(Action.EDIT_CYCLE)
def criteria(year: int) -> Answer:
    if request.method != "POST":  # HEAD asks like GET
        cycle = _managed(year, Action.EDIT_CYCLE)
        return render_template("cycles/criteria.html", form=criteria_form(cycle), cycle=cycle)
    form = CriteriaForm()

    def work(cycle: Cycle) -> None:
        operations.set_criteria(cycle, form.drafts(cycle), by=viewer(), now=clock.now())

    return _save(year, form, "cycles/criteria.html", work, _("The criteria are saved."))


@bp.route(YEAR + "/missions", methods=["GET", "POST"])
@guarded(Action.EDIT_CYCLE)
def missions(year: int) -> Answer:
    cycle = queries.by_year(year, seen_by=viewer(), now=clock.now())
    called = {c.mission_id: c for c in cycle.missions}
    today = queries.missions_on(clock.now().date())
    offered = [*today, *(c.mission for c in cycle.missions if c.mission not in today)]
    if request.method != "POST":  # HEAD asks like GET
        access.require(viewer(), Action.EDIT_CYCLE, cycle, now=clock.now())
        form = missions_form(offered, called, cycle.default_quota, formdata=None)
        return render_template("cycles/missions.html", form=form, cycle=cycle, missions=offered)
    form = missions_form(offered, {}, cycle.default_quota)

    def work(cycle: Cycle) -> None:
        for mission in offered:
            if form[f"call_{mission.acronym}"].data:
                quota = form[f"quota_{mission.acronym}"].data
                operations.call_mission(cycle, mission, quota, by=viewer(), now=clock.now())
            else:
                operations.drop_mission(cycle, mission, by=viewer(), now=clock.now())

    return _save(year, form, "cycles/missions.html", work, _("The missions are saved."), missions=offered)


@bp.get(YEAR + "/ready")
@guarded(Action.OPEN_CYCLE)
def ready(year: int) -> str:
    return _ready_page(_managed(year, Action.OPEN_CYCLE), Form())


@bp.post(YEAR + "/open")
@guarded(Action.OPEN_CYCLE)
def open_cycle(year: int) -> Answer:
    form = Form()
    try:
        with transaction():
            cycle = queries.by_year(year, seen_by=viewer(), now=clock.now())
            operations.open_cycle(cycle, by=viewer(), now=clock.now())
    except Refused as refused:
        if not refused.problems:
            raise
        form.form_errors.append(errors.sentence(refused.refusal))  # what is missing stands in the table
        return _ready_page(_managed(year, Action.MANAGE_CYCLE), form), errors.STATUS[refused.refusal]
    flash(_("The award year is open. Now send the call to the missions."))
    return redirect(url_for(".overview", year=year))


def _managed(year: int, action: Action) -> Cycle:
    cycle = queries.by_year(year, seen_by=viewer(), now=clock.now())
    access.require(viewer(), action, cycle, now=clock.now())
    return cycle


def _save(year: int, form: Form, page: str, work: Callable[[Cycle], None], done: str, **more: Any) -> Answer:
    """Do it and go to the overview; or show the page again with the reason, everything typed kept."""
    cycle = queries.by_year(year, seen_by=viewer(), now=clock.now())
    refusal = access.may(viewer(), Action.EDIT_CYCLE, cycle, now=clock.now()).refusal
    if refusal is Refusal.NOT_YOURS:
        raise Refused(refusal)
    if refusal is None and not form.validate():
        return render_template(page, form=form, cycle=cycle, **more), 422
    try:
        if refusal is not None:
            raise Refused(refusal)
        with transaction():
            work(queries.by_year(year, seen_by=viewer(), now=clock.now()))
    except Refused as refused:
        status = complain(form, refused, words.PROBLEMS)
        cycle = queries.by_year(year, seen_by=viewer(), now=clock.now())
        return render_template(page, form=form, cycle=cycle, **more), status
    flash(done)
    return redirect(url_for(".overview", year=form.award_year.data if isinstance(form, SettingsForm) else year))


def _ready_page(cycle: Cycle, form: Form) -> str:
    of = readiness.facts(cycle, clock.now())
    found = readiness.conditions(of)
    return render_template(
        "cycles/readiness.html",
        cycle=cycle,
        form=form,
        lines=checklist.lines(cycle, found, of),
        missing=sum(one.blocks and not one.met for one in found),
    )


def _overview_page(cycle: Cycle) -> str:
    now = clock.now()
    here = access.standing(viewer(), cycle, *_ASKED, now=now)
    may_open = here.may(Action.OPEN_CYCLE).allowed
    phase = words.phase_of(cycle, now, seen_by=viewer())
    return render_template(
        "cycles/overview.html",
        cycle=cycle,
        phase=phase,
        line=words.phase_line(cycle, now, seen_by=viewer(), phase=phase),
        missing=len(readiness.blockers(cycle, now)) if may_open else 0,
        may_edit=here.may(Action.EDIT_CYCLE).allowed,
        may_open=may_open,
        steps=_steps(cycle, here),
        extended=queries.extensions(cycle),
        sees_progress=here.may(Action.SEE_PROGRESS).allowed,
        counts=[] if cycle.opened_at is None else queries.counts(cycle, viewer()),
    )


_STEPS = {Action.SEND_CALL: "call", Action.MOVE_DATE: "dates", Action.EXTEND: "extensions", Action.HAND_OVER: "drafts"}
_ASKED = (Action.OPEN_CYCLE, Action.EDIT_CYCLE, Action.SEE_PROGRESS, *_STEPS)


def _steps(cycle: Cycle, here: access.Standing) -> list[tuple[str, str]]:
    """What may be done in the running year: where, and in words."""
    said = {
        Action.SEND_CALL: _("The call: read it, and send it"),
        Action.MOVE_DATE: _("Move a date"),
        Action.EXTEND: _("Give a mission more time"),
        Action.HAND_OVER: _("Hand a nominator’s drafts to another"),
    }
    allowed = [action for action in _STEPS if here.may(action).allowed]
    return [(url_for(f"cycles.{_STEPS[action]}", year=cycle.award_year), said[action]) for action in allowed]


def _tasks(person: Person, now: datetime) -> Iterator[Task]:
    """The secretariat opens what stands in preparation."""
    if not access.may(person, Action.LIST_CYCLES, now=now).allowed:
        return
    if not queries.every():
        first, make = _("There is no award year yet. Create the first one."), _("Create an award year")
        yield Task(_("Begin an award year"), first, url_for("cycles.new"), make)
    for cycle in queries.preparing(now):
        opened = cycle.opened_at is not None
        yield Task(
            title=_("Wait for the opening") if opened else _("Prepare the award year"),
            sentence=_("The call is ready. Nominations open by themselves.")
            if opened
            else _("Check criteria, missions and people, then open it."),
            href=url_for("cycles.overview", year=cycle.award_year),
            link=_("Go to award year %(year)s", year=cycle.award_year),
            due=cycle.opens_at,
            year=cycle.award_year,
        )


def _navigation() -> Iterator[NavItem]:
    if signed_in_person() and access.may(viewer(), Action.LIST_CYCLES, now=clock.now()).allowed:
        yield NavItem(url_for("cycles.every"), _("Award years"), (request.endpoint or "").startswith("cycles."))


def init_app(app: Flask) -> None:
    from award_app.cycles.copying import views as copying
    from award_app.cycles.running import views as running

    for routes in (copying, running):
        assert routes  # they stand on the same blueprint

    app.register_blueprint(bp)
    add_navigation(app, _navigation)
    add_tasks(app, _tasks)
