"""Writing a file, page by page.

GET  POST /nominations/<ref>/edit/<step>          one page of the form
POST      /nominations/<ref>/files/<kind>         attach a file
POST      /nominations/<ref>/files/<file>/remove  take one off
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from award_app import access
from award_app.accounts.keeping import offering
from award_app.accounts.models import Person
from award_app.db import db, transaction
from award_app.domain.completeness import check_value
from award_app.domain.form import OFFICIAL, ROW_GROUPS, STEPS, row_counts
from award_app.domain.vocabulary import Action, AttachmentKind, NominationState, Refusal, Refused
from award_app.errors import STATUS, sentence
from award_app.nominations import files, labels, operations, queries
from award_app.nominations.forms import ActForm, StepForm, UploadForm, rows_sent, step_fields, step_form
from award_app.nominations.models import Nomination
from award_app.nominations.translations import queries as translations
from award_app.nominations.web import anchor, by_kind, clock_words, is_mission, megabytes, standing
from award_app.nominations.web import bp as bp
from award_app.nominations.writing import web as saving
from award_app.web import i18n
from award_app.web.arrival import arrived
from award_app.web.guard import guarded, viewer
from award_app.web.once import once

KEPT_LATE = (Refusal.TOO_LATE, Refusal.TOO_EARLY, Refusal.WRONG_STATE, Refusal.CHANGED_MEANWHILE)


def change_address(ref: str) -> Callable[[str, str], str]:
    """Where an answer can be changed: its page, at its field."""
    return lambda step, key: url_for("nominations.edit", ref=ref, step=step, _anchor=anchor(key))


@bp.get("/<ref>/edit/<step>")
@guarded(Action.EDIT)
def edit(ref: str, step: str) -> str:
    _known(step)
    nomination = queries.by_ref(ref, seen_by=viewer(), now=arrived(), action=Action.EDIT)
    return _page(nomination, step, _fresh(nomination, step, more=request.args.get("more", "")))


@bp.post("/<ref>/edit/<step>")
@guarded(Action.EDIT)
def save(ref: str, step: str) -> Any:
    """What is incomplete or too long is saved too, and said so; nothing typed is lost, whatever the answer is."""
    _known(step)
    person, now = viewer(), arrived()
    nomination = queries.by_ref(ref, seen_by=person, now=now)
    form = _sent(nomination, step)
    typed = saving.parts(form.answers(request.form)) if saving.wanted() else form.answers(request.form)
    nomination_id, was_endorsed = nomination.id, nomination.state == NominationState.ENDORSED
    try:
        with transaction():
            saved = operations.save(
                nomination,
                typed,
                seen=form.seen.seen(),
                operation_id=form.once.data,
                language=_language_sent(form),
                by=person,
                now=now,
            )
    except Refused as refused:
        return _not_saved(nomination_id, step, form, typed, refused, now)
    if saving.wanted():
        return saving.saved(saved, now, voided=was_endorsed and nomination.state != NominationState.ENDORSED)
    if was_endorsed and nomination.state != NominationState.ENDORSED:
        flash(
            _("The endorsement no longer holds. Your nominating authority has to read and endorse the file again."),
            "warn",
        )
    return _saved(nomination, step, saved, now)


def _known(step: str) -> None:
    if step not in STEPS:
        abort(404)


def _rows(answers: dict[str, str], more: str) -> dict[str, int]:
    """As many as there are answers for, with one `more`; and those of a page that came too late."""
    late = rows_sent(offering.names())
    rows = {group: max(number, late.get(group, 0)) for group, number in row_counts(answers).items()}
    if more in rows:
        rows[more] += 1
    return rows


def _fresh(nomination: Nomination, step: str, more: str = "") -> StepForm:
    """The page as the file stands now."""
    rows = queries.current(nomination)
    answers = {key: row.text for key, row in rows.items()}
    seen = {key: row.revision for key, row in rows.items()}
    shown = step_fields(step, _rows(answers, more), queries.criteria_codes(nomination.cycle))
    form = step_form(nomination.cycle, shown, answers, seen, language=_asked_language(nomination, step))
    form.mark({item.key: labels.problem(p) for item in shown if (p := check_value(item, answers.get(item.key, "")))})
    return form


def _sent(nomination: Nomination, step: str) -> StepForm:
    """The page as it was sent, rows that the browser added included."""
    shown = step_fields(step, rows_sent(request.form), queries.criteria_codes(nomination.cycle))
    language = _asked_language(nomination, step)
    return step_form(nomination.cycle, shown, {}, {}, language=language, sent=request.form)


def _asked_language(nomination: Nomination, step: str) -> str:
    """The first page asks for it; the others do not."""
    return translations.language_of(nomination) if step == STEPS[0] else ""


def _language_sent(form: StepForm) -> str | None:
    """Anything but one of the six is nothing: no browser of ours sends it."""
    sent = request.form.get("language", "") if "language" in form else ""
    return sent if sent in OFFICIAL else None


def _page(nomination: Nomination, step: str, form: StepForm, **more: Any) -> str:
    rows = [(group, ROW_GROUPS[group]) for group in ROW_GROUPS if ROW_GROUPS[group].step == step]
    place = STEPS.index(step)
    blocks = _blocks(form)
    files, pages = by_kind(nomination) if step == "files" else ({}, {})
    return render_template(
        "nominations/edit.html",
        at=standing(nomination, viewer(), arrived()),
        step=step,
        number=place + 1,
        count=len(STEPS),
        title=labels.STEPS[step],
        note=labels.STEP_NOTES[step],
        form=form,
        blocks=blocks,
        groups=[group for group, _rows in rows if group not in {block[0] for block in blocks}],
        labels=labels,
        files=files,
        pages=pages,
        upload=more.pop("upload", None) or UploadForm(formdata=None),
        previous=STEPS[place - 1] if place else None,
        next=STEPS[place + 1] if place + 1 < len(STEPS) else None,
        megabytes=megabytes(),
        **more,
    )


def _blocks(form: StepForm) -> list[tuple[str, str, list[Any]]]:
    """The fields in runs: (group, heading of the row, fields); group and heading are empty outside rows."""
    runs: list[tuple[str, str, list[Any]]] = []
    for key in form.made_of:
        group, _dot, rest = key.partition(".")
        row = labels.row_title(group, int(rest.split(".")[0])) if group in ROW_GROUPS else ""
        here = group if row else ""
        if not runs or runs[-1][:2] != (here, row):
            runs.append((here, row, []))
        runs[-1][2].append(form[key])
    return runs


def _saved(nomination: Nomination, step: str, saved: operations.Saved, now: datetime) -> Any:
    go = request.form.get("go", "next")
    said = _("Your answers on “%(page)s” were saved at %(time)s.", page=labels.STEPS[step], time=clock_words(now))
    if go.startswith("add:") and not saved.overlaps:
        flash(said)
        group = go.removeprefix("add:")
        return redirect(url_for(".edit", ref=nomination.ref, step=step, more=group, _anchor=f"add-{group}"))
    form = _fresh(nomination, step)
    wrong = any(form[key].errors for key in form.made_of)
    if saved.overlaps or (wrong and go != "leave"):
        overlaps = [(labels.label(o.field, nomination.cycle, i18n.language()), o) for o in saved.overlaps]
        return _page(nomination, step, form, said=said, overlaps=overlaps)
    flash(said)
    return redirect(_after(nomination.ref, step, go))


def _after(ref: str, step: str, go: str) -> str:
    place = STEPS.index(step) + 1
    if go == "leave":
        return url_for(".file", ref=ref)
    return url_for(".edit", ref=ref, step=STEPS[place]) if place < len(STEPS) else url_for(".check", ref=ref)


def _not_saved(
    nomination_id: int, step: str, form: StepForm, typed: dict[str, str], refused: Refused, now: datetime
) -> Any:
    """Out of time or moved meanwhile: what was typed becomes a late draft of its author, and stands on the page."""
    nomination = db.session.get_one(Nomination, nomination_id)
    if not is_mission(viewer(), nomination):  # the page says where the file stands, which is its mission's to know
        raise refused
    kept = refused.refusal in KEPT_LATE and _keep(nomination_id, typed, viewer(), now)
    if saving.wanted():
        return saving.refused(refused.refusal, kept=kept)
    nomination = db.session.get_one(Nomination, nomination_id)
    texts = [(str(form[key].label.text), text) for key, text in typed.items() if text]
    page = render_template(
        "nominations/not_saved.html",
        at=standing(nomination, viewer(), now),
        reason=sentence(refused.refusal),
        texts=texts,
        kept=kept,
        step=step,
    )
    return page, STATUS[refused.refusal]


def _keep(nomination_id: int, typed: dict[str, str], person: Person, now: datetime) -> bool:
    try:
        with transaction():
            operations.keep_late(nomination_id, typed, by=person, now=now)
    except Refused:
        return False
    return True


# --- files -----------------------------------------------------------------------------------------------------------


@bp.post("/<ref>/files/<kind>")
@guarded(Action.EDIT)
def attach(ref: str, kind: str) -> Any:
    person, now, form = viewer(), arrived(), UploadForm()
    nomination = queries.by_ref(ref, seen_by=person, now=now)
    wanted = _kind(kind)
    sent = request.files.get("file")
    content: bytes | files.Fit = sent.read() if sent else b""
    open_ = access.may(person, Action.EDIT, nomination, now=now).allowed
    db.session.rollback()  # nobody waits for a lock while a paper is looked at

    def work() -> str:
        operations.attach(
            queries.by_ref(ref, seen_by=person, now=now),
            wanted,
            (sent.filename if sent else "") or "",
            content,
            author_name=form.author_name.data,
            author_email=form.author_email.data,
            by=person,
            now=now,
        )
        return url_for(".edit", ref=ref, step="files", _anchor=kind)

    try:
        if open_ and isinstance(content, bytes):
            content = files.fit(wanted, content)
        address = once(form.once.data, work, by=person, now=now)
    except Refused as refused:
        return _not_attached(ref, wanted, form, refused)
    flash(_("The file is attached."))
    return redirect(address)


def _kind(kind: str) -> AttachmentKind:
    if kind not in labels.FILES:
        abort(404)
    return AttachmentKind(kind)


def _not_attached(ref: str, kind: AttachmentKind, form: UploadForm, refused: Refused) -> Any:
    """The page again with the reason beside the file; a refusal that is not about the file is a page of its own."""
    if not refused.problems:
        raise refused
    person, now = viewer(), arrived()
    nomination = queries.by_ref(ref, seen_by=person, now=now)
    access.require(person, Action.EDIT, nomination, now=now)
    wrong = (kind, [labels.file_problem(p, megabytes()) for p in refused.problems])
    again = UploadForm(formdata=None, author_name=form.author_name.data, author_email=form.author_email.data)
    return _page(nomination, "files", _fresh(nomination, "files"), wrong_file=wrong, upload=again), 422


@bp.post("/<ref>/files/<file>/remove")
@guarded(Action.EDIT)
def remove(ref: str, file: str) -> Response:
    person, now, form = viewer(), arrived(), ActForm()
    attachment = queries.attachment_by_ref(file, of=ref, seen_by=person, now=now, action=Action.EDIT)

    def work() -> str:
        operations.remove_attachment(attachment, by=person, now=now)
        return url_for(".edit", ref=ref, step="files")

    address = once(form.once.data, work, by=person, now=now)
    flash(_("The file is taken off."))
    return redirect(address)
