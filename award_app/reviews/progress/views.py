"""How far the panel is, who cannot finish, and ending the round.

GET  /panel/<year>/progress?q=…&quorum=…    as=csv, as=xlsx: its files
POST /panel/<year>/answered
GET, POST /panel/<year>/close
"""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from award_app import access
from award_app.access import Standing
from award_app.accounts.models import Person
from award_app.cycles.models import Cycle
from award_app.domain.vocabulary import Action, Refusal, Refused, Role
from award_app.errors import STATUS, sentence
from award_app.panel import queries as panel
from award_app.reports.lists.views import as_file
from award_app.reviews import operations, queries
from award_app.reviews.finishing import operations as finishing
from award_app.reviews.progress import listing
from award_app.reviews.progress.forms import AnsweredForm, ClosingForm
from award_app.reviews.queries import Progress
from award_app.reviews.web import Page, bp
from award_app.web.arrival import arrived
from award_app.web.guard import guarded, viewer
from award_app.web.once import once


@bp.get("/<int(max=9999):year>/progress")
@guarded(Action.SEE_PROGRESS)
def progress(year: int) -> Page:
    now, cycle = arrived(), panel.cycle_of(year)
    asked = (Action.SEE_PROGRESS, Action.ANSWER_MEMBER, Action.CLOSE_ROUND)
    standing = access.standing(viewer(), cycle, *asked, now=now)
    standing.require(Action.SEE_PROGRESS)
    found = queries.progress(cycle, _kept(viewer(), cycle, standing))
    bar = listing.files_bar(request.args)
    page = listing.files_page(bar, found.files, cycle)
    if bar.file:
        return as_file(bar, page, listing.files_sheet(cycle), by=viewer(), now=now, cycle=cycle)
    return render_template(
        "reviews/progress.html",
        cycle=cycle,
        found=found,
        bar=bar,
        page=page,
        over=now >= cycle.review_ends_at,
        complete=_complete(found, cycle),
        closing=queries.closing(cycle) if cycle.round_closed_at else None,
        may_answer=standing.may(Action.ANSWER_MEMBER).allowed,
        kept_from_reasons=standing.may(Action.ANSWER_MEMBER).refusal is Refusal.CONFLICT,
        may_close=standing.may(Action.CLOSE_ROUND).allowed,
        answered=AnsweredForm(),
    )


def _kept(person: Person, cycle: Cycle, standing: Standing) -> frozenset[int]:
    """Roles say already whether there is anything to look for."""
    return access.kept_from(person, cycle) if Role.KEPT_FROM in standing.situation.roles else frozenset()


def _complete(found: Progress, cycle: Cycle) -> bool:
    return all(member.finished_at for member in found.members) and not _lacking(found, cycle)


def _lacking(found: Progress, cycle: Cycle) -> list[queries.FileProgress]:
    return [file for file in found.files if file.reviews < cycle.quorum]


@bp.post("/<int(max=9999):year>/answered")
@guarded(Action.ANSWER_MEMBER)
def answered(year: int) -> Page:
    now, cycle, form = arrived(), panel.cycle_of(year), AnsweredForm()
    access.require(viewer(), Action.ANSWER_MEMBER, cycle, now=now)  # who may not learns nothing of numbers
    number = form.number.data or ""
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise Refused(Refusal.INVALID)

    def work() -> str:
        finishing.answer(cycle, int(number), by=viewer(), now=now)
        return url_for(".progress", year=year)

    address = once(form.once.data, work, by=viewer(), now=now)
    flash(_("Noted: the member has been answered."))
    return redirect(address)


@bp.get("/<int(max=9999):year>/close")
@guarded(Action.CLOSE_ROUND)
def closing(year: int) -> Page:
    now, cycle = arrived(), panel.cycle_of(year)
    access.require(viewer(), Action.CLOSE_ROUND, cycle, now=now)
    return _closing_page(cycle, ClosingForm(), now)


@bp.post("/<int(max=9999):year>/close")
@guarded(Action.CLOSE_ROUND)
def close(year: int) -> Page:
    now, cycle, form = arrived(), panel.cycle_of(year), ClosingForm()
    if not form.validate():
        access.require(viewer(), Action.CLOSE_ROUND, cycle, now=now)
        return _closing_page(cycle, form, now), 422

    def work() -> str:
        operations.close_by_person(cycle, form.reasons.data or "", by=viewer(), now=now)
        return url_for(".progress", year=year)

    try:
        address = once(form.once.data, work, by=viewer(), now=now)
    except Refused as no:
        if no.refusal is Refusal.INVALID:
            form.reasons.errors = [_("Please give the reasons: some files have fewer scores than the quorum.")]
            return _closing_page(panel.cycle_of(year), form, now), 422
        if no.refusal not in (Refusal.UNDER_QUORUM, Refusal.UNFINISHED):
            raise
        form.form_errors.append(sentence(no.refusal))
        return _closing_page(panel.cycle_of(year), form, now), STATUS[no.refusal]
    flash(_("The round is closed. The result is being computed."))
    return redirect(address)


def _closing_page(cycle: Cycle, form: ClosingForm, now: datetime) -> str:
    """Whoever may close has no conflict in any file of the cycle: nothing is kept from her."""
    found = queries.progress(cycle)
    return render_template(
        "reviews/close.html",
        cycle=cycle,
        form=form,
        lacking=_lacking(found, cycle),
        unfinished=[member for member in found.members if not member.finished_at],
        complete=_complete(found, cycle),
        settled=not queries.with_the_secretariat(cycle, now),
        over=now >= cycle.review_ends_at,
    )
