"""What the module on the desk hears when it saves: the same acts as the button's, told as JSON."""

from __future__ import annotations

from datetime import datetime

from flask import jsonify, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from award_app.domain.vocabulary import Refusal
from award_app.errors import STATUS, sentence
from award_app.reviews import words
from award_app.reviews.forms import SheetForm
from award_app.reviews.queries import Line

Answer = tuple[Response, int]


def wanted() -> bool:
    return request.accept_mimetypes.best == "application/json"


def saved(lines: list[Line], now: datetime) -> Answer:
    """With the marks that the next save has seen."""
    return jsonify(said=words.saved(now, now), marks={line.criterion.id: line.mark for line in lines}), 200


def invalid(form: SheetForm) -> Answer:
    """Beside which criterion stands what."""
    wrong = {c.id: " ".join(map(str, [*v.errors, *t.errors])) for c, v, t in form.lines if v.errors or t.errors}
    return jsonify(said=_("Not saved yet. Please look at what is marked."), fields=wrong), 422


def clashing(lines: list[Line]) -> Answer:
    """What another window saved, so that both can be seen."""
    both = {
        line.criterion.id: {
            "said": words.elsewhere(line),
            "value": line.value,
            "comment": line.comment,
            "mark": line.mark,
        }
        for line in lines
    }
    said = _("Not saved yet. You changed this in another window too.")
    return jsonify(said=said, clashes=both), STATUS[Refusal.CHANGED_MEANWHILE]


def refused(refusal: Refusal, *, kept_late: bool) -> Answer:
    """For good: what stands on the page stays there, and is sent no more."""
    late = _("What you sent is kept, marked as late. Only you can see it. It does not count in the result.")
    said = f"{sentence(refusal)} {late}" if kept_late else sentence(refusal)
    return jsonify(said=said, final=True), STATUS[refusal]
