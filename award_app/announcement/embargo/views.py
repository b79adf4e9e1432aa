"""The announcement while few may know it.

GET  /announcements/<year>          what will be published, and who approved it
GET  /announcements/<year>/edit     its texts; POST the same: saves them and voids approvals
POST /announcements/<year>/approve  one of the two approvals, by typing the laureate's name
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from award_app import access, clock, errors
from award_app.accounts.models import Person
from award_app.announcement import operations
from award_app.announcement import queries as public
from award_app.announcement.embargo import queries
from award_app.announcement.embargo.forms import (
    PROBLEMS,
    ApprovalForm,
    LaureateForm,
    NoAwardForm,
    as_it_stands,
    at_utc,
)
from award_app.announcement.models import Announcement
from award_app.cycles.models import Cycle
from award_app.domain.vocabulary import Action, AppointmentRole, Refusal, Refused
from award_app.nominations.models import Nomination
from award_app.selection.queries import closed_cycles, cycle_of
from award_app.web import moments
from award_app.web.guard import guarded, viewer
from award_app.web.once import once
from award_app.web.refusals import complain
from award_app.web.tasks import Task, add_tasks

bp = Blueprint("announcements", __name__)
Answer = str | Response | tuple[str, int]
APPROVING = {"typed": ("typed", errors.WORDS[Refusal.NAME_DIFFERS])}


@bp.get("/announcements/<int(max=9999):year>")
@guarded(Action.SEE_ANNOUNCEMENT)
def show(year: int) -> Answer:
    cycle = cycle_of(year)
    access.require(viewer(), Action.SEE_ANNOUNCEMENT, cycle, now=clock.now())
    return _page(cycle, ApprovalForm(formdata=None))


@bp.get("/announcements/<int(max=9999):year>/edit")
@guarded(Action.PREPARE_ANNOUNCEMENT)
def edit(year: int) -> Answer:
    cycle, now = cycle_of(year), clock.now()
    access.require(viewer(), Action.PREPARE_ANNOUNCEMENT, cycle, now=now)
    stands, laureate = queries.announcement_of(cycle), queries.laureate_of(cycle)
    data = as_it_stands(stands) if stands else {**_first_draft(laureate), "release_at": at_utc(now)}
    return _edit_page(cycle, _form_of(laureate, data=data))


@bp.post("/announcements/<int(max=9999):year>/edit")
@guarded(Action.PREPARE_ANNOUNCEMENT)
def save(year: int) -> Answer:
    cycle, by, now = cycle_of(year), viewer(), clock.now()
    access.require(by, Action.PREPARE_ANNOUNCEMENT, cycle, now=now)
    form = _form_of(queries.laureate_of(cycle))
    if not form.validate():
        return _edit_page(cycle, form, 422)

    def work() -> str:
        operations.prepare(cycle, **form.texts(), by=by, now=now)
        return url_for(".show", year=year)

    try:
        address = once(form.once.data, work, by=by, now=now)
    except Refused as refused:
        return _edit_page(cycle_of(year), form, complain(form, refused, PROBLEMS))
    flash(_("The announcement is saved. Approvals given before count no more."))
    return redirect(address)


@bp.post("/announcements/<int(max=9999):year>/approve")
@guarded(Action.APPROVE_RELEASE)
def approve(year: int) -> Answer:
    cycle, by, now = cycle_of(year), viewer(), clock.now()
    form = ApprovalForm()
    if not form.validate():
        access.require(by, Action.APPROVE_RELEASE, cycle, now=now)
        return _page(cycle, form, 422)

    def work() -> str:
        announcement = queries.announcement_of(cycle)
        if announcement is None:
            access.require(by, Action.APPROVE_RELEASE, cycle, now=now)
            raise Refused(Refusal.UNFINISHED)
        operations.approve(announcement, form.typed.data or "", version=form.read(), by=by, now=now)
        return url_for(".show", year=year)

    try:
        address = once(f"{form.read()}.{form.once.data}", work, by=by, now=now)  # each version is approved for itself
    except Refused as refused:
        access.require(by, Action.APPROVE_RELEASE, cycle_of(year), now=now)  # the page is for those who may read it
        return _page(cycle_of(year), form, complain(form, refused, APPROVING))
    released = queries.is_released(cycle_of(year), clock.now())
    flash(_("Released: everybody can read it now.") if released else _("Your approval is recorded."))
    return redirect(address)


def _form_of(laureate: Nomination | None, **more: Any) -> NoAwardForm:
    return (LaureateForm if laureate else NoAwardForm)(**more)


def _first_draft(laureate: Nomination | None) -> dict[str, str]:
    """The country by its English name, which the secretariat may write otherwise."""
    if laureate is None:
        return {}
    return {**queries.first_draft(laureate), "country": moments.country_name(laureate.nominee_country)}


def _edit_page(cycle: Cycle, form: NoAwardForm, status: int = 200) -> Answer:
    laureate = queries.laureate_of(cycle)
    approvals = queries.approvals(stands) if (stands := queries.announcement_of(cycle)) else []
    page = "announcement/edit.html"
    return render_template(page, cycle=cycle, form=form, laureate=laureate, approvals=approvals), status


def _page(cycle: Cycle, form: ApprovalForm, status: int = 200) -> Answer:
    now, announcement = clock.now(), queries.announcement_of(cycle)
    here = access.standing(viewer(), cycle, Action.PREPARE_ANNOUNCEMENT, Action.APPROVE_RELEASE, now=now)
    approvers = queries.approvers(announcement) if announcement else []
    if announcement:
        form.version.data = str(announcement.version)
    mine = viewer().id in {person.id for person, _at in approvers}
    return render_template(
        "announcement/show.html",
        cycle=cycle,
        announcement=announcement,
        laureate=queries.laureate_of(cycle),
        runners_up=public.public_runners_up([cycle.id]).get(cycle.id, ()),
        approvers=approvers,
        form=form,
        mine=mine,
        released=queries.is_released(cycle, now),
        consent=_consent(announcement),
        may_edit=here.may(Action.PREPARE_ANNOUNCEMENT).allowed,
        may_approve=here.may(Action.APPROVE_RELEASE).allowed and len(approvers) < 2 and not mine,
    ), status


def _consent(announcement: Announcement | None) -> str:
    if announcement is None or announcement.nomination is None:
        return ""
    return str(_CONSENT[announcement.nomination.consent or ""])


_CONSENT = {
    "": _l("Not recorded"),
    "given": _l("Given"),
    "not_told": _l("Not told yet"),
    "refused": _l("Refused"),
}


def _tasks(person: Person, now: datetime) -> Iterator[Task]:
    """For the secretariat, from the decision to the release."""
    if not any(a.role is AppointmentRole.SECRETARIAT for a in access.appointments(person)):
        return
    for cycle in closed_cycles():
        if access.may(person, Action.APPROVE_RELEASE, cycle, now=now).allowed:
            announcement = queries.announcement_of(cycle)
            given = len(queries.approvals(announcement)) if announcement else 0
            yield Task(
                _("Announcement of %(year)s", year=cycle.award_year),
                _("%(given)s of 2 people have approved the release.", given=given)
                if announcement
                else _("The decision has been recorded. Write what the public will read."),
                url_for("announcements.show", year=cycle.award_year),
                _("To the announcement"),
                due=announcement.release_at if announcement else None,
                count=2 - given,
                year=cycle.award_year,
            )


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    add_tasks(app, _tasks)
