"""The announcement while few may know it.

GET  /announcements/<year>              what will be published, in both languages, and who approved it
GET  /announcements/<year>/edit         its texts; POST the same: saves them and voids approvals
GET  /announcements/<year>/portrait.jpg the portrait, while it is prepared
POST /announcements/<year>/approve      one of the two approvals, by typing the laureate's name
POST /announcements/<year>/tell         the laureate's mission is told under embargo
POST /announcements/<year>/take-back    hides it at once, before its release or after it
GET  /nominations/<ref>/outcome         the outcome under embargo, for the authority of the laureate's mission
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from flask import Blueprint, Flask, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from award_app import access, clock, errors
from award_app.accounts.models import Person
from award_app.announcement import operations
from award_app.announcement import portrait as portraits
from award_app.announcement.embargo import operations as acts
from award_app.announcement.embargo import queries
from award_app.announcement.embargo import web as pages
from award_app.announcement.embargo.forms import (
    PROBLEMS,
    ApprovalForm,
    LaureateForm,
    NoAwardForm,
    PortraitForm,
    TakeBackForm,
    TellForm,
    as_it_stands,
    at_utc,
)
from award_app.announcement.models import Announcement
from award_app.announcement.queries import Portrait
from award_app.cycles.models import Cycle
from award_app.domain.vocabulary import Action, AppointmentRole, Refusal, Refused
from award_app.nominations import queries as nominations
from award_app.nominations.models import Nomination
from award_app.selection.changes.queries import laureate_of
from award_app.selection.queries import closed_cycles, cycle_of
from award_app.web import moments
from award_app.web.guard import guarded, viewer
from award_app.web.once import once
from award_app.web.refusals import complain
from award_app.web.tasks import Task, add_tasks

bp = Blueprint("announcements", __name__)
Answer = str | AnyResponse | tuple[str, int]
REWRITE = _l("The outcome or the announcement has changed since this was written. Write it anew first.")
APPROVING = {"typed": ("typed", errors.WORDS[Refusal.NAME_DIFFERS]), "rewrite": ("", REWRITE)}
TELLING = {
    "no_award": ("", _l("There is no laureate, so there is nobody to tell.")),
    "rewrite": ("", REWRITE),
    "past": ("", _l("The release is not ahead of now. Set a later instant first.")),
    "nobody": ("", _l("Her mission has no nominating authority in this award year. Appoint one first.")),
}
TAKING_BACK = {"reason": ("reason", _l("Say why it is taken back, in at most 2,000 characters."))}


@bp.get("/announcements/<int(max=9999):year>")
@guarded(Action.SEE_ANNOUNCEMENT)
def show(year: int) -> Answer:
    return pages.show(cycle_of(year))


@bp.get("/announcements/<int(max=9999):year>/portrait.jpg")
@guarded(Action.SEE_ANNOUNCEMENT)
def portrait(year: int) -> Answer:
    cycle = cycle_of(year)
    access.require(viewer(), Action.SEE_ANNOUNCEMENT, cycle, now=clock.now())
    announcement = queries.announcement_of(cycle)
    found = Portrait.read(announcement.portrait) if announcement else None
    if found is None:
        return redirect(url_for(".show", year=year))
    return Response(portraits.content(found), mimetype="image/jpeg")


@bp.get("/announcements/<int(max=9999):year>/edit")
@guarded(Action.PREPARE_ANNOUNCEMENT)
def edit(year: int) -> Answer:
    cycle, now = cycle_of(year), clock.now()
    access.require(viewer(), Action.PREPARE_ANNOUNCEMENT, cycle, now=now)
    stands, laureate = queries.announcement_of(cycle), laureate_of(cycle)
    if stands and queries.follows_the_outcome(stands, laureate):
        data = as_it_stands(stands)
    else:
        data = {**_first_draft(laureate), "release_at": at_utc(stands.release_at if stands else now)}
    return _edit_page(cycle, _form_of(laureate, data=data))


@bp.post("/announcements/<int(max=9999):year>/edit")
@guarded(Action.PREPARE_ANNOUNCEMENT)
def save(year: int) -> Answer:
    cycle, by, now = cycle_of(year), viewer(), clock.now()
    access.require(by, Action.PREPARE_ANNOUNCEMENT, cycle, now=now)
    form = _form_of(laureate_of(cycle))
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
    by, now = viewer(), clock.now()
    stands = queries.announcement_of(cycle_of(year))
    form = ApprovalForm(name=stands.name if stands else "")

    def work(announcement: Announcement) -> None:
        operations.approve(announcement, form.typed.data or "", version=form.read(), by=by, now=now)

    key = f"{form.read()}.{form.once.data}"  # each version is approved for itself
    return _act(year, Action.APPROVE_RELEASE, form, work, key, APPROVING, _("Your approval is recorded."))


@bp.post("/announcements/<int(max=9999):year>/tell")
@guarded(Action.TELL)
def tell(year: int) -> Answer:
    by, now, form = viewer(), clock.now(), TellForm()

    def work(announcement: Announcement) -> None:
        acts.tell(announcement, by=by, now=now)

    said = _("Her mission is told. The letter leaves within a minute.")
    return _act(year, Action.TELL, form, work, form.once.data, TELLING, said)


@bp.post("/announcements/<int(max=9999):year>/take-back")
@guarded(Action.TAKE_BACK)
def take_back(year: int) -> Answer:
    by, now, form = viewer(), clock.now(), TakeBackForm()

    def work(announcement: Announcement) -> None:
        acts.take_back(announcement, form.reason.data or "", by=by, now=now)

    said = _("It is hidden now. Those who were written to will get a letter.")
    return _act(year, Action.TAKE_BACK, form, work, form.once.data, TAKING_BACK, said)


@bp.get("/nominations/<ref>/outcome")
@guarded(Action.SEE_OUTCOME)
def outcome(ref: str) -> Answer:
    person, now = viewer(), clock.now()
    nomination = nominations.by_ref(ref, seen_by=person, now=now)
    access.require(person, Action.SEE_OUTCOME, nomination, now=now)
    return pages.outcome(nomination)


def _act(
    year: int,
    action: Action,
    form: Any,
    work: Callable[[Announcement], None],
    key: str,
    words: dict[str, Any],
    said: str,
) -> Answer:
    """One act upon the announcement as a whole; where it is refused, its page again with the reason and what was typed."""
    by, now = viewer(), clock.now()
    if not form.validate():
        access.require(by, action, cycle_of(year), now=now)
        return pages.show(cycle_of(year), form, 422)

    def whole() -> str:
        cycle = cycle_of(year)
        announcement = queries.announcement_of(cycle)
        if announcement is None:
            access.require(by, action, cycle, now=now)
            raise Refused(Refusal.UNFINISHED)
        work(announcement)
        return url_for(".show", year=year)

    try:
        address = once(key, whole, by=by, now=now)
    except Refused as refused:
        access.require(by, action, cycle_of(year), now=now)  # the page is for those who may read it
        return pages.show(cycle_of(year), form, complain(form, refused, words))
    flash(said)
    return redirect(address)


def _form_of(laureate: Nomination | None, **more: Any) -> NoAwardForm:
    if laureate is None:
        return NoAwardForm(**more)
    return (PortraitForm if portraits.photo_of(laureate) else LaureateForm)(**more)


def _first_draft(laureate: Nomination | None) -> dict[str, str]:
    """The country by its English name, which the secretariat may write otherwise."""
    if laureate is None:
        return {}
    return {**queries.first_draft(laureate), "country": moments.country_name(laureate.nominee_country)}


def _edit_page(cycle: Cycle, form: NoAwardForm, status: int = 200) -> Answer:
    laureate, stands = laureate_of(cycle), queries.announcement_of(cycle)
    return render_template(
        "announcement/edit.html",
        cycle=cycle,
        form=form,
        laureate=laureate,
        approvals=queries.approvals(stands) if stands else [],
        overtaken=stands is not None and not queries.follows_the_outcome(stands, laureate),
    ), status


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
                pages.task_sentence(announcement, given),
                url_for("announcements.show", year=cycle.award_year),
                _("To the announcement"),
                due=announcement.release_at if announcement else None,
                count=2 - given,
                year=cycle.award_year,
            )


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    add_tasks(app, _tasks)
