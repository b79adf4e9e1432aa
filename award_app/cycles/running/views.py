"""What the secretariat does while a year runs. Each page shows whom it writes to before anything goes.

GET  /cycles/<year>/call         the call as it reads, and who gets it; POST sends it
GET  /cycles/<year>/dates        the four moments; POST shows what would follow, and with `sure` moves them
GET  /cycles/<year>/extensions   more time for one mission; POST likewise
GET  /cycles/<year>/drafts       who has how many open drafts; POST hands those of one nominator to another
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from award_app import access, clock
from award_app.accounts import queries as people
from award_app.cycles import calling, handing_over, moving, queries, words
from award_app.cycles.handing_over import Desk
from award_app.cycles.models import Cycle, Mission
from award_app.cycles.running.forms import NAMES, ExtendForm, HandOverForm, dates_form
from award_app.cycles.views import YEAR, Answer, bp
from award_app.db import db
from award_app.domain.vocabulary import Action, Refusal, Refused
from award_app.notifications import message
from award_app.notifications.models import Letter
from award_app.notifications.rehearsal import Planned, rehearse
from award_app.web.forms import Form
from award_app.web.guard import guarded, viewer
from award_app.web.once import once
from award_app.web.refusals import complain


@dataclass(frozen=True)
class Act:
    """What one of these pages asks for, and what is said when it is done."""

    action: Action
    done: str


# --- the call --------------------------------------------------------------------------------------------------------


@bp.get(YEAR + "/call")
@guarded(Action.SEND_CALL)
def call(year: int) -> str:
    _cycle(year, Action.SEND_CALL)
    return _call_page(year, Form(formdata=None))


@bp.post(YEAR + "/call")
@guarded(Action.SEND_CALL)
def send_call(year: int) -> Answer:
    cycle, form, now, by = _cycle(year, Action.SEND_CALL), Form(), clock.now(), viewer()

    def work() -> str:
        calling.send(cycle, by=by, now=now)
        return url_for(".overview", year=year)

    try:
        onward = once(form.once.data, work, by=by, now=now)
    except Refused as refused:
        status = complain(form, refused, words.PROBLEMS)
        return _call_page(year, form), status
    flash(_("The call is on its way."))
    return redirect(onward)


def _call_page(year: int, form: Form) -> str:
    now, by = clock.now(), viewer()

    read: list[message.Text] = []

    def work() -> None:
        calling.send(queries.of_year(year), by=by, now=now)
        read.append(_first_call())

    planned: list[Planned] = []
    try:
        planned = rehearse(work)
    except Refused as refused:
        if refused.refusal is not Refusal.ALREADY_DONE:
            raise
    cycle = queries.by_year(year, seen_by=by, now=now)
    text = read[0] if read else None
    return render_template("cycles/call.html", cycle=cycle, form=form, planned=planned, text=text)


def _first_call() -> message.Text:
    """The newest of the calls that were just written, as its reader would read it."""
    db.session.flush()
    newest = select(Letter).where(Letter.template == "call").order_by(Letter.id.desc()).limit(1)
    return message.read(db.session.scalars(newest).one())


# --- dates -----------------------------------------------------------------------------------------------------------


@bp.get(YEAR + "/dates")
@guarded(Action.MOVE_DATE)
def dates(year: int) -> str:
    cycle = _cycle(year, Action.MOVE_DATE)
    return _dates_page(cycle, dates_form(cycle, moving.movable(cycle, clock.now()), formdata=None))


@bp.post(YEAR + "/dates")
@guarded(Action.MOVE_DATE)
def move_dates(year: int) -> Answer:
    cycle, now, by = _cycle(year, Action.MOVE_DATE), clock.now(), viewer()
    form = dates_form(cycle, moving.movable(cycle, now))
    if not form.validate():
        return _dates_page(cycle, form), 422
    wanted = {name: form[name].instant for name in NAMES if name in form and _typed(form[name], cycle)}

    def work() -> str:
        sure = form.less_time.data
        moving.move_dates(queries.of_year(year), wanted, form.reason.data, less_time=sure, by=by, now=now)
        return url_for(".dates", year=year)

    act = Act(Action.MOVE_DATE, _("The dates are moved, and those concerned get a letter."))
    return _carry_out(year, form, work, act, _dates_page)


def _typed(field: Any, cycle: Cycle) -> bool:
    """The page shows whole minutes: what was left as it was shown is not moved by its seconds."""
    shown: datetime = getattr(cycle, field.name)
    return bool(field.instant != shown.replace(second=0, microsecond=0))


def _dates_page(cycle: Cycle, form: Any, planned: list[Planned] | None = None) -> str:
    fixed = [(NAMES[name], getattr(cycle, name)) for name in NAMES if name not in form]
    return render_template(
        "cycles/dates.html",
        cycle=cycle,
        form=form,
        planned=planned,
        fixed=fixed,
        names=NAMES,
        moved=queries.moved(cycle),
    )


# --- more time for one mission ---------------------------------------------------------------------------------------


@bp.get(YEAR + "/extensions")
@guarded(Action.EXTEND)
def extensions(year: int) -> str:
    return _extensions_page(_cycle(year, Action.EXTEND), ExtendForm(formdata=None))


@bp.post(YEAR + "/extensions")
@guarded(Action.EXTEND)
def extend(year: int) -> Answer:
    cycle, form, now, by = _cycle(year, Action.EXTEND), ExtendForm(), clock.now(), viewer()
    form.offer(cycle)
    if not form.validate():
        return _extensions_page(cycle, form), 422
    acronym, until = form.mission.data, form.until.instant
    assert until is not None  # the form requires it

    def work() -> str:
        of = queries.by_year(year, seen_by=by, now=now)
        moving.extend(of, _called(of, acronym), until, form.reason.data, by=by, now=now)
        return url_for(".extensions", year=year)

    act = Act(Action.EXTEND, _("%(mission)s has more time, and its people get a letter.", mission=acronym))
    return _carry_out(year, form, work, act, _extensions_page)


def _extensions_page(cycle: Cycle, form: ExtendForm, planned: list[Planned] | None = None) -> str:
    form.offer(cycle)
    given = queries.extensions(cycle)
    rows = [(c.mission, given[c.mission_id]) for c in cycle.missions if c.mission_id in given]
    return render_template("cycles/extensions.html", cycle=cycle, form=form, planned=planned, rows=rows)


# --- drafts that change hands ----------------------------------------------------------------------------------------


@bp.get(YEAR + "/drafts")
@guarded(Action.HAND_OVER)
def drafts(year: int) -> str:
    return _drafts_page(_cycle(year, Action.HAND_OVER), None)


@bp.post(YEAR + "/drafts")
@guarded(Action.HAND_OVER)
def hand_over(year: int) -> Answer:
    cycle, now, by = _cycle(year, Action.HAND_OVER), clock.now(), viewer()
    form = HandOverForm()
    desk = _desk(cycle, form)
    if desk is None:  # they changed hands meanwhile
        form.form_errors.append(_("There is no open draft of this person in this mission any more."))
        return _drafts_page(cycle, form), 422
    form.offer(desk)
    if not form.validate():
        return _drafts_page(cycle, form), 422

    def work() -> str:
        giver, taker = people.person(form.giver.data), people.person(form.taker.data)
        handing_over.hand_over(queries.of_year(year), desk.mission, giver, taker, by=by, now=now)
        return url_for(".drafts", year=year)

    try:
        onward = once(form.once.data, work, by=by, now=now)
    except Refused as refused:
        status = complain(form, refused, words.PROBLEMS)
        return _drafts_page(_cycle(year, Action.HAND_OVER), form), status
    flash(
        ngettext(
            "%(num)s draft has a new nominator. Both get a letter.",
            "%(num)s drafts have a new nominator. Both get a letter.",
            desk.drafts,
        )
    )
    return redirect(onward)


def _desk(cycle: Cycle, form: HandOverForm) -> Desk | None:
    named = (form.mission.data, form.giver.data)
    return next((d for d in handing_over.desks(cycle) if (d.mission.acronym, d.nominator.ref) == named), None)


def _drafts_page(cycle: Cycle, sent: HandOverForm | None) -> str:
    rows = []
    for number, desk in enumerate(handing_over.desks(cycle)):
        mine = sent is not None and (sent.mission.data, sent.giver.data) == (desk.mission.acronym, desk.nominator.ref)
        form = sent if sent is not None and mine else HandOverForm(formdata=None)
        form.offer(desk)
        rows.append((number, desk, form))
    return render_template("cycles/drafts.html", cycle=cycle, rows=rows, form=sent)


# ---------------------------------------------------------------------------------------------------------------------


def _cycle(year: int, action: Action) -> Cycle:
    cycle = queries.by_year(year, seen_by=viewer(), now=clock.now())
    access.require(viewer(), action, cycle, now=clock.now())
    return cycle


def _called(cycle: Cycle, acronym: str) -> Mission:
    return next(called.mission for called in cycle.missions if called.mission.acronym == acronym)


def _carry_out(year: int, form: Any, work: Callable[[], str], act: Act, page: Callable[..., str]) -> Answer:
    """The first time what would follow is shown; sent again with `sure` it is done."""
    now, by = clock.now(), viewer()
    try:
        if "sure" not in request.form:
            planned = rehearse(work)
            return page(_cycle(year, act.action), form, planned)
        onward = once(form.once.data, work, by=by, now=now)
    except Refused as refused:
        if not refused.problems:
            raise
        status = complain(form, refused, words.PROBLEMS)
        return page(_cycle(year, act.action), form), status
    flash(act.done)
    return redirect(onward)
