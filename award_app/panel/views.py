"""The panel's pages: the list of files, the declaration card, the desk, and stepping out.

GET  /panel/<year>?state=               one's own list
GET  /panel/<year>/<ref>                the card before the declaration, the desk after it
POST /panel/<year>/<ref>/declaration
GET, POST /panel/<year>/<ref>/step-out
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from award_app import access, clock
from award_app.accounts.models import Person
from award_app.domain.conflicts import Rule
from award_app.domain.scoring import FileState
from award_app.domain.vocabulary import Action, ConflictKind, Refusal, Refused
from award_app.errors import STATUS, sentence
from award_app.panel import forms, operations, queries, words
from award_app.panel import web as desk
from award_app.panel.findings import findings
from award_app.panel.queries import AtDesk
from award_app.reviews import queries as scores
from award_app.reviews import web as tasks
from award_app.reviews import words as scoring_words
from award_app.web.arrival import arrived
from award_app.web.guard import guarded, viewer
from award_app.web.i18n import signed_in_person
from award_app.web.once import once
from award_app.web.tasks import add_tasks
from award_app.web.templating import NavItem, add_navigation

bp = Blueprint("panel", __name__, url_prefix="/panel")

Page = str | Response | tuple[str, int]


@bp.get("/<int(max=9999):year>")
@guarded(Action.LIST_PANEL)
def files(year: int) -> Page:
    now, member = arrived(), viewer()
    cycle = queries.cycle_of(year)
    standing = access.standing(member, cycle, Action.LIST_PANEL, Action.FINISH, Action.SEE_PROGRESS, now=now)
    standing.require(Action.LIST_PANEL)
    listed, criteria = scores.own_list(member, cycle), len(cycle.criteria)
    states = [(file, file.state(criteria)) for file in listed]
    wanted = _wanted_state()
    return render_template(
        "panel/files.html",
        cycle=cycle,
        files=[(file, state) for file, state in states if wanted in (None, state)],
        wanted=wanted,
        counts=Counter(state for _file, state in states),
        criteria=criteria,
        progress=queries.progress_of(listed, criteria),
        next_open=next(iter(scores.unfinished(listed, criteria)), None),
        some_scored=any(file.scored and not file.out for file in listed),
        left=scoring_words.time_left(cycle.review_ends_at, now),
        finished_at=scores.ballot(member, cycle),
        finishing=standing.may(Action.FINISH),
        too_early=standing.may(Action.FINISH).refusal is Refusal.TOO_EARLY,
        may_see_progress=standing.may(Action.SEE_PROGRESS).allowed,
    )


def _wanted_state() -> FileState | None:
    """The filter; an unknown word filters nothing."""
    found = request.args.get("state", "")
    return FileState(found) if found in set(FileState) else None


@bp.get("/<int(max=9999):year>/<ref>")
@guarded(Action.READ)
def file(year: int, ref: str) -> Page:
    now, member = arrived(), viewer()
    at = queries.at_desk(year, ref, seen_by=member, now=now)
    reading = at.standing.may(Action.READ)
    if reading.allowed:
        return desk.page(at, seen_by=member, now=now)
    if reading.refusal is Refusal.DECLARE_FIRST:
        return _card_page(at, _card(at, member, now))
    if reading.refusal is Refusal.CONFLICT:
        return _closed_page(at, member)
    raise Refused(reading.refusal or Refusal.NOT_FOUND)


@bp.post("/<int(max=9999):year>/<ref>/declaration")
@guarded(Action.DECLARE)
def declare(year: int, ref: str) -> Page:
    now, member = arrived(), viewer()
    at = queries.at_desk(year, ref, seen_by=member, now=now)
    form = _card(at, member, now)
    if not form.validate():
        at.standing.require(Action.DECLARE)  # an incomplete card is shown again only to whom it was shown before
        return _card_page(at, form), 422

    def work() -> str:
        if form.steps_out_as is None:
            operations.declare(at.nomination, reasons=form.reasons, by=member, now=now)
            return url_for("panel.file", year=year, ref=ref)
        operations.recuse(at.nomination, form.steps_out_as, form.reason.data, by=member, now=now)
        return url_for("panel.files", year=year)

    try:
        address = once(form.once.data, work, by=member, now=now)
    except Refused as no:
        return _not_kept(no.refusal, _typed(form.reason.data, *form.reasons.values()), year, ref)
    if form.steps_out_as:
        flash(_("You have stepped out of this file. It stays closed to you."))
    else:
        flash(_("Thank you. You have declared that you have no conflict of interest in this file."))
    return redirect(address)


@bp.get("/<int(max=9999):year>/<ref>/step-out")
@guarded(Action.RECUSE)
def step_out(year: int, ref: str) -> Page:
    at = queries.at_desk(year, ref, seen_by=viewer(), now=arrived())
    at.standing.require(Action.RECUSE)
    return _step_out_page(at, forms.RecuseForm())


@bp.post("/<int(max=9999):year>/<ref>/step-out")
@guarded(Action.RECUSE)
def recuse(year: int, ref: str) -> Page:
    now, member = arrived(), viewer()
    at = queries.at_desk(year, ref, seen_by=member, now=now)
    form = forms.RecuseForm()
    if not form.validate():
        at.standing.require(Action.RECUSE)
        return _step_out_page(at, form), 422

    def work() -> str:
        access.require(member, Action.RECUSE, at.nomination, now=now)
        operations.recuse(at.nomination, ConflictKind(form.kind.data), form.reason.data, by=member, now=now)
        return url_for("panel.files", year=year)

    try:
        address = once(form.once.data, work, by=member, now=now)
    except Refused as no:
        return _not_kept(no.refusal, form.reason.data, year, ref)
    flash(_("You have stepped out of this file. Scores you gave count no more."))
    return redirect(address)


def _card(at: AtDesk, member: Person, now: datetime) -> forms.CardForm:
    return forms.card(at.nomination, _rules(at, member, now))


def _rules(at: AtDesk, member: Person, now: datetime) -> Sequence[Rule]:
    return [found.rule for found in findings(at.nomination, member, on=now.date()) if not found.bar]


def _card_page(at: AtDesk, form: forms.CardForm) -> str:
    cycle = at.nomination.cycle
    may_declare = at.standing.may(Action.DECLARE)
    return render_template(
        "panel/card.html",
        nomination=at.nomination,
        cycle=cycle,
        form=form,
        may_declare=may_declare.allowed,
        why_not=sentence(may_declare.refusal) if may_declare.refusal else None,
    )


def _step_out_page(at: AtDesk, form: forms.RecuseForm) -> str:
    return render_template("panel/step_out.html", nomination=at.nomination, cycle=at.nomination.cycle, form=form)


def _closed_page(at: AtDesk, member: Person) -> tuple[str, int]:
    own = queries.recusal(member, at.nomination)
    kind = own.kind if own else ConflictKind.WROTE
    html = render_template(
        "panel/closed.html",
        nomination=at.nomination,
        cycle=at.nomination.cycle,
        kind=words.kind_in_words(kind),
        recusal=own,
    )
    return html, STATUS[Refusal.CONFLICT]


def _not_kept(refusal: Refusal, typed: str, year: int, ref: str) -> tuple[str, int]:
    """Why it was not done, with what was typed to copy from."""
    if refusal is Refusal.NOT_FOUND:
        raise Refused(refusal)
    back = (url_for("panel.file", year=year, ref=ref), _("Back to the file"))
    status = STATUS[refusal]
    page = "errors/403.html" if status == 403 else "errors/409.html"
    return render_template(page, reason=sentence(refusal), kept=typed, action=back), status


def _typed(*texts: str | None) -> str:
    return "\n\n".join(text for text in texts if text)


_PAGES = {"panel", "reviews"}  # by the room and not by the year: a year that is not there must look like one that is


def _navigation() -> Iterable[NavItem]:
    cycle = tasks.panel_of_now(viewer(), clock.now()) if signed_in_person() and request.endpoint else None
    if cycle is not None:
        href = url_for("panel.files", year=cycle.award_year)
        yield NavItem(href, _("Panel %(year)s", year=cycle.award_year), request.blueprint in _PAGES)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals.setdefault("conflict_words", words.kind_in_words)
    app.jinja_env.globals.setdefault("scoring", scoring_words)
    add_navigation(app, _navigation)
    add_tasks(app, tasks.tasks_of)
