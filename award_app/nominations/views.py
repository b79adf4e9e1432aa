"""A mission's files: the list, one file, its check.

GET  /nominations?q=…&state=…                  one's missions' files; as=csv, as=xlsx
POST /nominations/begin/<year>/<mission>       a new file
GET  /nominations/<ref>                        one file
GET  /nominations/<ref>/check                  every answer, and what is missing
GET  /files/<ref>                              an attached file
In writing/views.py:  /nominations/<ref>/edit/<step>, /nominations/<ref>/files
In endorsing/views.py: /nominations/<ref>/endorse, …/hand-in
In versions/views.py: /nominations/<ref>/versions/<step>
In withdrawing/views.py: /nominations/<ref>/withdraw, …/ask-withdrawal
In answering/views.py: /nominations/answer/<year>/<mission>
In remarks/views.py: /nominations/<ref>/send-back
In viewer/views.py: /files/<ref>/pages, …/pages/<number>
In translations/views.py: /nominations/<ref>/translate/<step>
In receipts/views.py: /nominations/<ref>/receipt, …/receipt.pdf
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from award_app import access, chance, notes
from award_app.accounts.models import Person
from award_app.announcement import queries as announcements
from award_app.cycles import queries as cycle_queries
from award_app.domain.vocabulary import (
    Action,
    AppointmentRole,
    NominationState,
    Role,
    Timing,
    Window,
)
from award_app.nominations import dossier, labels, listing, operations, queries, storage
from award_app.nominations.answering import views as answering
from award_app.nominations.desk import queries as desk
from award_app.nominations.endorsing import views as endorsing
from award_app.nominations.forms import ActForm
from award_app.nominations.models import Nomination
from award_app.nominations.receipts import views as receipts
from award_app.nominations.remarks import views as remarking
from award_app.nominations.translations import views as translating
from award_app.nominations.versions import views as versions
from award_app.nominations.viewer import views as viewing
from award_app.nominations.web import (
    all_wrong,
    bp,
    by_page,
    file_size,
    is_mission,
    is_nominator,
    kind_words,
    note_told,
    of_mission,
    read_by_mission,
    standing,
    step_lines,
    tongue,
)
from award_app.nominations.withdrawing import views as withdrawing
from award_app.nominations.writing import views as writing
from award_app.reports.lists.views import as_file
from award_app.web import i18n
from award_app.web.arrival import arrived
from award_app.web.guard import guarded, viewer
from award_app.web.i18n import signed_in_person
from award_app.web.once import once
from award_app.web.tasks import Task, add_tasks
from award_app.web.templating import NavItem, add_navigation

files = Blueprint("files", __name__, url_prefix="/files")

DESK_ACTIONS = (Action.LIST_MISSION_FILES, Action.CREATE, Action.ANSWER_CALL)


@bp.get("")
@guarded(Action.LIST_MISSION_FILES)
def index() -> str | Response:
    person, now = viewer(), arrived()
    entries = queries.mission_files(person)
    if not entries:
        access.require(person, Action.LIST_MISSION_FILES, now=now)
    found = desk.desks(entries)
    here_ = access.standings(person, desk.ends(found), *DESK_ACTIONS, now=now)
    asked = [(one, here_[one.entry.called.cycle_id]) for one in found]
    for _one, here in asked:
        here.require(Action.LIST_MISSION_FILES)
    open_to = [one for one, here in asked if _may(one, AppointmentRole.NOMINATOR, here, Action.CREATE, now)]
    may_answer = [one for one, here in asked if _may(one, AppointmentRole.AUTHORITY, here, Action.ANSWER_CALL, now)]
    files_of_all = [file for entry in entries for file in entry.files]
    outcomes = announcements.outcomes(files_of_all, now=now, seen_by=person)
    note_told(files_of_all, outcomes, person, now)
    rows = listing.rows(entries, outcomes)
    bar = listing.files_bar(request.args, rows)
    page = listing.files_page(bar, rows)
    if bar.file:
        return as_file(bar, page, listing.files_sheet(), by=person, now=now)
    return render_template(
        "nominations/index.html",
        bar=bar,
        page=page,
        shown={row.file.id for row in page.rows},
        desks=found,
        open_to=open_to,
        may_answer=may_answer,
        outcomes=outcomes,
        now_=now,
    )


def _may(at: desk.Desk, role: AppointmentRole, here: access.Standing, action: Action, now: datetime) -> bool:
    in_time = now < at.closes_at  # another mission of hers may have more
    return in_time and role in at.entry.roles and here.may(action).allowed


@bp.post("/begin/<int(max=9999):year>/<mission>")
@guarded(Action.CREATE)
def begin(year: int, mission: str) -> Response:
    form, person, now = ActForm(), viewer(), arrived()
    called = queries.called(person, year, mission)
    answered = queries.standing_answer(called.cycle_id, called.mission_id) is not None

    def work() -> str:
        nomination = operations.begin(called.cycle, called.mission, by=person, now=now)
        return url_for(".edit", ref=nomination.ref, step="nominee")

    address = once(form.once.data, work, by=person, now=now)
    if answered:
        flash(_("The answer that your mission has no nominee this year is taken back."), "warn")
    return redirect(address)


@bp.get("/<ref>")
@guarded(Action.READ)
def file(ref: str) -> str | Response:
    """A person of the mission sees where the file stands; who only reads it sees it as it was handed in."""
    person, now = viewer(), arrived()
    nomination = queries.by_ref(ref, seen_by=person, now=now)
    access.require(person, Action.READ, nomination, now=now)
    if is_mission(person, nomination):
        at = standing(nomination, person, now)
        return render_template(
            "nominations/file.html",
            at=at,
            steps=step_lines(nomination, at.remarks),
            late=_late(nomination, person),
            writes=is_nominator(person, nomination),
        )
    roles = access.nomination_roles(person, nomination)
    if Role.SECRETARIAT_CLEAR in roles:
        return redirect(url_for("screening.file", ref=ref))
    read = dossier.build(nomination, shows=access.parts(roles, nomination))
    return render_template("nominations/read.html", dossier=read)


def _late(nomination: Nomination, person: Person) -> list[tuple[str, str]]:
    rows = queries.late_answers(nomination, person)
    return [(labels.label(row.field, nomination.cycle, i18n.language()), row.text) for row in rows]


@bp.get("/<ref>/check")
@guarded(Action.READ)
def check(ref: str) -> str:
    person, now = viewer(), arrived()
    nomination = of_mission(ref, person, now)
    at = standing(nomination, person, now)
    wrong = all_wrong(nomination)
    return render_template(
        "nominations/check.html",
        at=at,
        dossier=read_by_mission(nomination, viewer()),
        problems=by_page(wrong),
        wrong={found.key: found.sentence for found in wrong},
        change=writing.change_address(ref) if Action.EDIT in at.may else None,
        writes=is_nominator(person, nomination),
    )


@files.get("/<ref>")
@guarded(Action.READ)
def download(ref: str) -> Response:
    """The bytes as they were checked, to be taken away, never opened here. How a file is boxed in: web/headers.py."""
    attachment = queries.attachment_by_ref(ref, seen_by=viewer(), now=arrived())
    path = storage.path_of(attachment.digest)
    if not path.is_file():
        abort(404)
    of = attachment.nomination
    notes.note("download", attachment, by=viewer(), at=arrived(), cycle_id=of.cycle_id, nomination=of.id)
    return send_file(
        BytesIO(path.read_bytes()),
        mimetype=attachment.media_type,
        as_attachment=True,
        download_name=attachment.filename,
        conditional=False,
        etag=False,
        max_age=0,
    )


# --- navigation and tasks --------------------------------------------------------------------------------------------


def _navigation() -> Iterator[NavItem]:
    if signed_in_person() and any(a.role in queries.MISSION_ROLES for a in access.appointments(viewer())):
        yield NavItem(url_for("nominations.index"), _("Nominations"), request.blueprint == "nominations")


def _tasks(person: Person, now: datetime) -> Iterator[Task]:
    entries = queries.mission_files(person)
    answered = desk.answers_of(entries)
    for entry in entries:
        cycle = entry.called.cycle
        for n in entry.files:
            if n.state is NominationState.RETURNED and n.return_deadline and now < n.return_deadline:
                yield _came_back(n, cycle.award_year)
        if (cycle.id, entry.called.mission_id) in answered:
            continue
        yield from (
            Task(title, sentence, url_for("nominations.index"), _("Open the list"), due, count, cycle.award_year)
            for title, sentence, due, count in _asked(person, entry, now)
        )


def _came_back(nomination: Nomination, year: int) -> Task:
    name = nomination.nominee_name or _("Nominee without a name yet")
    title, asks = _("A file came back: %(name)s", name=name), _("The secretariat asks for changes.")
    address = url_for("nominations.file", ref=nomination.ref)
    return Task(title, asks, address, _("Open the file"), nomination.return_deadline, 1, year)


def _asked(
    person: Person, entry: queries.MissionFiles, now: datetime
) -> Iterator[tuple[str, str, datetime | None, int | None]]:
    """What this mission still has to do in this cycle, for this person, beside what came back."""
    cycle = entry.called.cycle
    here = access.standing(person, cycle, Action.LIST_MISSION_FILES, now=now)
    due = cycle_queries.deadline_of(cycle, entry.called.mission)
    is_open = here.situation.timing[Window.NOMINATING] is Timing.OPEN and now < due
    if not (here.may(Action.LIST_MISSION_FILES).allowed and is_open):
        return
    drafts = sum(n.state is NominationState.DRAFT for n in entry.files)
    endorsed = sum(n.state is NominationState.ENDORSED for n in entry.files)
    places = _(
        "%(left)s of %(quota)s places of %(mission)s are free.",
        left=entry.left,
        quota=entry.called.quota,
        mission=entry.called.mission.acronym,
    )
    if AppointmentRole.NOMINATOR in entry.roles:
        yield _("Write the nominations"), places, due, drafts or None
    if AppointmentRole.AUTHORITY in entry.roles:
        yield _("Endorse and hand in"), places, due, drafts + endorsed or None


def init_app(app: Flask) -> None:
    parts = (writing, versions, endorsing, receipts, remarking, answering, withdrawing, translating)
    assert all(part.bp is bp for part in parts)  # their routes stand on the same blueprint
    app.register_blueprint(bp)
    app.register_blueprint(files)
    app.register_blueprint(viewing.bp)
    app.jinja_env.globals.update(tongue=tongue, kind_words=kind_words, file_size=file_size, fresh_key=chance.token)
    # An upload and the fields around it; beyond this the browser is told so at once.
    app.config["MAX_CONTENT_LENGTH"] = (int(app.config["UPLOAD_MEGABYTES"]) + 1) * 2**20
    add_navigation(app, _navigation)
    add_tasks(app, _tasks)
