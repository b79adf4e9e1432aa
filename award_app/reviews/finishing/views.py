"""Finishing, after a last look at one's own scores; or saying that one cannot.

GET, POST /panel/<year>/finish
GET, POST /panel/<year>/cannot-finish
"""

from __future__ import annotations

from collections import Counter

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from award_app import access
from award_app.accounts.models import Person
from award_app.cycles.models import Cycle
from award_app.domain.vocabulary import Action, Refusal, Refused
from award_app.errors import STATUS, sentence
from award_app.panel import queries as panel
from award_app.reviews import operations, queries, so_far
from award_app.reviews.finishing import operations as finishing
from award_app.reviews.finishing.forms import CannotFinishForm
from award_app.reviews.web import Page, bp
from award_app.web.arrival import arrived
from award_app.web.forms import Form
from award_app.web.guard import guarded, viewer
from award_app.web.once import once


@bp.get("/<int(max=9999):year>/finish")
@guarded(Action.FINISH)
def summary(year: int) -> Page:
    now, member = arrived(), viewer()
    cycle = panel.cycle_of(year)
    access.require(member, Action.FINISH, cycle, now=now)
    return _summary_page(cycle, member, Form())


@bp.post("/<int(max=9999):year>/finish")
@guarded(Action.FINISH)
def finish(year: int) -> Page:
    now, member = arrived(), viewer()
    cycle, form = panel.cycle_of(year), Form()

    def work() -> str:
        operations.finish(cycle, by=member, now=now)
        return url_for("panel.files", year=year)

    try:
        address = once(form.once.data, work, by=member, now=now)
    except Refused as no:
        if no.refusal is not Refusal.UNFINISHED:
            raise
        return _summary_page(panel.cycle_of(year), member, form), STATUS[no.refusal]
    flash(_("You have finished scoring. Thank you."))
    return redirect(address)


def _summary_page(cycle: Cycle, member: Person, form: Form) -> str:
    mine, criteria = queries.own(member, cycle.id), len(cycle.criteria)
    files = queries.own_list(member, cycle)
    return render_template(
        "reviews/finish.html",
        cycle=cycle,
        form=form,
        left=queries.unfinished(files, criteria),
        so_far=so_far.of(cycle, files, mine),
        counts=Counter(file.state(criteria) for file in files),
        finished_at=queries.ballot(member, cycle),
        told_at=queries.told_that_she_cannot(member, cycle),
    )


@bp.get("/<int(max=9999):year>/cannot-finish")
@guarded(Action.CANNOT_FINISH)
def cannot(year: int) -> Page:
    cycle = panel.cycle_of(year)
    access.require(viewer(), Action.CANNOT_FINISH, cycle, now=arrived())
    return _cannot_page(cycle, viewer(), CannotFinishForm())


@bp.post("/<int(max=9999):year>/cannot-finish")
@guarded(Action.CANNOT_FINISH)
def say_cannot(year: int) -> Page:
    now, member = arrived(), viewer()
    cycle, form = panel.cycle_of(year), CannotFinishForm()
    access.require(member, Action.CANNOT_FINISH, cycle, now=now)
    if not form.validate():
        return _cannot_page(cycle, member, form), 422

    def work() -> str:
        finishing.cannot_finish(cycle, form.reason.data, by=member, now=now)
        return url_for("panel.files", year=year)

    try:
        address = once(form.once.data, work, by=member, now=now)
    except Refused as no:
        form.form_errors.append(sentence(no.refusal))
        return _cannot_page(panel.cycle_of(year), member, form), STATUS[no.refusal]
    flash(_("The secretariat has your message and will write to you. You can go on scoring meanwhile."))
    return redirect(address)


def _cannot_page(cycle: Cycle, member: Person, form: CannotFinishForm) -> str:
    return render_template(
        "reviews/cannot_finish.html",
        cycle=cycle,
        form=form,
        told_at=queries.told_that_she_cannot(member, cycle),
        finished_at=queries.ballot(member, cycle),
    )
