"""A translation beside the original, page by page.

GET  POST /nominations/<ref>/translate/<step>?to=fr
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from award_app import access
from award_app.accounts.keeping import offering
from award_app.domain.form import STEPS
from award_app.domain.vocabulary import Action, Refusal, Refused, Role
from award_app.errors import STATUS, sentence
from award_app.nominations import changes, labels
from award_app.nominations import queries as files
from award_app.nominations.forms import TranslateForm
from award_app.nominations.models import Nomination
from award_app.nominations.translations import operations, queries
from award_app.nominations.web import bp as bp
from award_app.web.arrival import arrived
from award_app.web.guard import guarded, viewer
from award_app.web.once import once

PREFIX = "to."
INTO = "seen_into"  # the language of the page: its address names it, and a form that waits is found by its path alone


@dataclass(frozen=True)
class Line:
    key: str
    label: str
    original: str
    text: str
    long: bool
    by_mission: bool | None  # None: not translated yet


@bp.get("/<ref>/translate/<step>")
@guarded(Action.TRANSLATE)
def translate(ref: str, step: str) -> str:
    _known(step)
    nomination = files.by_ref(ref, seen_by=viewer(), now=arrived(), action=Action.TRANSLATE)
    language = _language(nomination)
    if offering.mark(INTO) != language:
        return _page(nomination, step, language, {})
    return _page(nomination, step, language, offering.boxes(PREFIX), seen=offering.mark("seen"))


@bp.post("/<ref>/translate/<step>")
@guarded(Action.TRANSLATE)
def translate_post(ref: str, step: str) -> Any:
    _known(step)
    person, now, form = viewer(), arrived(), TranslateForm()
    nomination = files.by_ref(ref, seen_by=person, now=now)
    language = _language(nomination)
    typed = {name.removeprefix(PREFIX): text for name, text in request.form.items() if name.startswith(PREFIX)}

    def work() -> str:
        operations.translate(nomination, language, typed, seen=form.seen.seen(), by=person, now=now)
        return url_for(".translate", ref=ref, step=_after(nomination, step), to=language)

    try:
        address = once(form.once.data, work, by=person, now=now)
    except Refused as refused:
        return _not_saved(ref, step, language, typed, refused)
    flash(_("The translation is saved. It is no part of the file: nothing has to be endorsed again."))
    return redirect(address)


def _known(step: str) -> None:
    if step not in STEPS:
        abort(404)


def _language(nomination: Nomination) -> str:
    """What it is translated into: as asked, else English, or French for an English original."""
    offered = queries.targets(nomination)
    asked = request.args.get("to") or next(code for code in ("en", "fr") if code in offered)
    if asked not in offered:
        abort(404)
    return asked


def _originals(nomination: Nomination) -> dict[str, str]:
    """The mission translates what it writes, the secretariat what was handed in."""
    mine = Role.NOMINATOR in access.nomination_roles(viewer(), nomination)
    return files.answers(nomination, handed_in=not mine)


def _after(nomination: Nomination, step: str) -> str:
    there = queries.steps(nomination, _originals(nomination))
    later = [other for other in there if STEPS.index(other) > STEPS.index(step)]
    return later[0] if later else step


def _not_saved(ref: str, step: str, language: str, typed: Mapping[str, str], refused: Refused) -> Any:
    if refused.refusal in (Refusal.NOT_FOUND, Refusal.NOT_YOURS, Refusal.CONFLICT, Refusal.DECLARE_FIRST):
        raise refused
    nomination = files.by_ref(ref, seen_by=viewer(), now=arrived(), action=Action.READ)
    unfit = frozenset(str(key) for key in refused.problems)
    status = 422 if unfit else STATUS[refused.refusal]
    return _page(nomination, step, language, typed, unfit=unfit, reason=sentence(refused.refusal)), status


def _page(
    nomination: Nomination, step: str, language: str, typed: Mapping[str, str], *, seen: str = "", **more: Any
) -> str:
    """`seen`: which revisions the page had shown when this was typed; those of now where it is typed anew."""
    answers, standing = _originals(nomination), queries.into(nomination, language)
    lines = [
        Line(
            item.key,
            changes.name(nomination, item.key),
            answers[item.key],
            typed.get(item.key, standing[item.key].text if item.key in standing else ""),
            item.max_words is not None,
            standing[item.key].by_mission if item.key in standing and standing[item.key].text else None,
        )
        for item in queries.answers_to_translate(nomination, answers, step)
    ]
    shown = {line.key: standing[line.key].revision for line in lines if line.key in standing}
    return render_template(
        "nominations/translate.html",
        nomination=nomination,
        of_mission=Role.NOMINATOR in access.nomination_roles(viewer(), nomination),
        form=TranslateForm(formdata=None, seen=seen or json.dumps(shown)),
        lines=lines,
        step=step,
        steps=queries.steps(nomination, answers),
        original=queries.language_of(nomination),
        language=language,
        targets=queries.targets(nomination),
        labels=labels,
        **{"unfit": frozenset(), "reason": "", **more},
    )
