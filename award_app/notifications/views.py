"""The outbox, for the secretariat.

GET  /letters?q=…&state=…&kind=…&year=…&page=…   what goes to whom, when and why; as=csv, as=xlsx
GET  /letters/<ref>                              one letter with its text, links masked
POST /letters/<ref>/hold, /release               wait for a person; leave with the next sweep
POST /letters/<ref>/skip, /again                 with a reason: do not send; send once more as a letter of its own
GET  /letters/remind/<year>                      whom a reminder would go to; POST sends it
POST /letters/remind/<year>/days                 how many days before a deadline Laurel reminds by itself
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Blueprint, Flask, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from award_app import access, clock, errors
from award_app.accounts.models import Person
from award_app.cycles import queries as cycle_queries
from award_app.cycles.models import Cycle
from award_app.db import transaction
from award_app.domain.vocabulary import END_STATES, Action, Refused
from award_app.notifications import listing, operations, queries, reading, reminders, words
from award_app.notifications.forms import DAYS_WRONG, Again, Days, Press, Skip
from award_app.notifications.queries import Line
from award_app.notifications.rehearsal import rehearse
from award_app.reports.lists.views import as_file
from award_app.web.guard import guarded, viewer
from award_app.web.i18n import signed_in_person
from award_app.web.once import once
from award_app.web.refusals import complain
from award_app.web.tasks import Task, add_tasks
from award_app.web.templating import NavItem, add_navigation

bp = Blueprint("letters", __name__)


@bp.get("/letters")
@guarded(Action.SEE_LETTERS)
def index() -> str | Response:
    person, now = viewer(), clock.now()
    access.require(person, Action.SEE_LETTERS, now=now)
    cycles = cycle_queries.every()
    asked = listing.letters_bar(request.args, queries.kinds(person), [cycle.award_year for cycle in cycles])
    page = queries.page(person, asked.wanted)
    if asked.file:
        return as_file(asked, page, listing.letters_sheet(), by=person, now=now)
    remind = [cycle for cycle in cycles if cycle.opened_at and not cycle.round_closed_at]  # its page asks the policy
    return render_template(
        "notifications/letters.html", bar=asked, page=page, words=words, ended=END_STATES, remind=remind
    )


@bp.get("/letters/<ref>")
@guarded(Action.SEE_LETTERS)
def letter(ref: str) -> str:
    return _page(queries.by_ref(ref, seen_by=viewer(), now=clock.now()), clock.now())


@bp.post("/letters/<ref>/hold")
@guarded(Action.MANAGE_LETTER)
def hold(ref: str) -> AnyResponse:
    with transaction():
        operations.hold(_managed(ref).letter, by=viewer(), now=clock.now())
    flash(_("The letter is held. It leaves when somebody releases it."))
    return redirect(url_for(".letter", ref=ref))


@bp.post("/letters/<ref>/release")
@guarded(Action.MANAGE_LETTER)
def release(ref: str) -> AnyResponse:
    with transaction():
        operations.release(_managed(ref).letter, by=viewer(), now=clock.now())
    flash(_("The letter is released. It leaves within a few seconds."))
    return redirect(url_for(".letter", ref=ref))


@bp.post("/letters/<ref>/skip")
@guarded(Action.MANAGE_LETTER)
def skip(ref: str) -> AnyResponse | tuple[str, int]:
    return _with_reason(ref, Skip(), lambda form, person, now: _skip(ref, form.skip_reason.data, person, now))


@bp.post("/letters/<ref>/again")
@guarded(Action.MANAGE_LETTER)
def again(ref: str) -> AnyResponse | tuple[str, int]:
    return _with_reason(ref, Again(), lambda form, person, now: _again(ref, form.again_reason.data, person, now))


@bp.get("/letters/remind/<int:year>")
@guarded(Action.REMIND)
def remind(year: int) -> str:
    return _remind_page(_cycle(year), Press(formdata=None))


@bp.post("/letters/remind/<int:year>")
@guarded(Action.REMIND)
def remind_post(year: int) -> AnyResponse | tuple[str, int]:
    person, now, form = viewer(), clock.now(), Press()
    cycle = _cycle(year)
    if not form.validate_on_submit():
        return _remind_page(cycle, form), 422

    def work() -> str:
        written = reminders.remind_now(cycle, by=person, now=now)
        flash(ngettext("%(num)s reminder was written.", "%(num)s reminders were written.", written))
        return url_for(".index", kind=queries.REMINDER, year=year)

    return redirect(once(form.once.data, work, by=person, now=now))


@bp.post("/letters/remind/<int:year>/days")
@guarded(Action.REMIND)
def remind_days(year: int) -> AnyResponse | tuple[str, int]:
    cycle, form = _cycle(year), Days()
    if not form.validate_on_submit():
        return _remind_page(cycle, Press(formdata=None), form), 422
    try:
        with transaction():
            reminders.set_days(cycle, form.numbers, by=viewer(), now=clock.now())
    except Refused as refused:
        status = complain(form, refused, {"days": ("days", DAYS_WRONG)})
        return _remind_page(_cycle(year), Press(formdata=None), form), status
    flash(_("Saved. Laurel reminds on these days and on the last day."))
    return redirect(url_for(".remind", year=year))


def _remind_page(cycle: Cycle, form: Press, days: Days | None = None) -> str:
    person, now = viewer(), clock.now()
    days = days or Days(formdata=None, days=", ".join(map(str, reminders.days_of(cycle))))
    planned = rehearse(lambda: reminders.remind_now(cycle, by=person, now=now))
    open_ = reminders.open_count(cycle, now)
    return render_template("notifications/remind.html", cycle=cycle, planned=planned, open_=open_, form=form, days=days)


def _cycle(year: int) -> Cycle:
    cycle = cycle_queries.by_year(year, seen_by=viewer(), now=clock.now())
    access.require(viewer(), Action.REMIND, cycle, now=clock.now())
    return cycle


def _skip(ref: str, reason: str, person: Person, now: datetime) -> str:
    operations.skip(_managed(ref).letter, reason, by=person, now=now)
    flash(_("Written down: the letter does not leave."))
    return url_for(".letter", ref=ref)


def _again(ref: str, reason: str, person: Person, now: datetime) -> str:
    copy = operations.send_again(_managed(ref).letter, reason, by=person, now=now)
    flash(_("A new letter was written. It leaves within a few seconds."))
    return url_for(".letter", ref=queries.reference(copy))


def _with_reason(ref: str, form: Any, work: Any) -> AnyResponse | tuple[str, int]:
    person, now = viewer(), clock.now()
    line = _managed(ref)
    if not form.validate_on_submit():
        return _page(line, now, form), 422
    try:
        return redirect(once(form.once.data, lambda: work(form, person, now), by=person, now=now))
    except Refused as refused:
        form.form_errors.append(_refusal(refused))
        return _page(_managed(ref), now, form), errors.STATUS[refused.refusal]


def _refusal(refused: Refused) -> str:
    """Where the letter would not leave now, the reason in words."""
    codes = [words.note(str(problem)) for problem in refused.problems]
    return " ".join([errors.sentence(refused.refusal), *codes])


def _managed(ref: str) -> Line:
    return queries.by_ref(ref, seen_by=viewer(), now=clock.now(), action=Action.MANAGE_LETTER)


def _page(line: Line, now: datetime, form: Any = None) -> str:
    """`form` is the one that was sent and has to be shown again."""
    return render_template(
        "notifications/letter.html",
        line=line,
        read=reading.read(line, now),
        offered=operations.offered(line.letter) if access.may(viewer(), Action.MANAGE_LETTER, now=now).allowed else (),
        handlings=queries.handlings(line.letter),
        original=queries.original_of(line.letter),
        reference=queries.reference,
        words=words,
        ended=END_STATES,
        press=Press(formdata=None),
        skip=form if isinstance(form, Skip) else Skip(formdata=None),
        again=form if isinstance(form, Again) else Again(formdata=None),
        form=form,
    )


def _navigation() -> Iterator[NavItem]:
    if signed_in_person() and access.may(viewer(), Action.SEE_LETTERS, now=clock.now()).allowed:
        yield NavItem(url_for("letters.index"), _("Letters"), request.blueprint == "letters")


def _tasks(person: Person, now: datetime) -> Iterator[Task]:
    if not access.may(person, Action.SEE_LETTERS, now=now).allowed:
        return
    waiting = queries.troubles(person)
    if waiting:
        sentence = ngettext("%(num)s letter waits for a person.", "%(num)s letters wait for a person.", waiting)
        yield Task(_("Letters"), sentence, url_for("letters.index", state="trouble"), _("Look at them"), count=waiting)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    add_navigation(app, _navigation)
    add_tasks(app, _tasks)
