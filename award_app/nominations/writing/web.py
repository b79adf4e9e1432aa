"""What the module on a page of the form hears when it saves by itself: the acts of the button, told as JSON.

It sends some answers of a page, and names them as `part`: what is not named is not looked at, a box without a tick included.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import jsonify, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from award_app.domain.vocabulary import Refusal
from award_app.errors import STATUS, sentence
from award_app.nominations.operations import Saved
from award_app.nominations.web import clock_words

Answer = tuple[Response, int]


def wanted() -> bool:
    return request.accept_mimetypes.best == "application/json"


def parts(typed: Mapping[str, str]) -> dict[str, str]:
    """Of a page that was sent in part, the answers that it names."""
    named = set(request.form.getlist("part"))
    return {key: text for key, text in typed.items() if key in named}


def saved(saved: Saved, now: datetime, *, voided: bool) -> Answer:
    """With the revisions that the next save has seen. Where somebody else had written meanwhile, hers stands now and
    theirs comes along to choose from."""
    marks: dict[str, dict[str, object]] = {key: {"mark": revision} for key, revision in saved.revisions.items()}
    for overlap in saved.overlaps:
        said = _(
            "Somebody else, or another window of yours, changed this meanwhile. What you wrote stands now. They wrote:"
        )
        marks[overlap.field] |= {"said": said, "text": overlap.theirs}
    warning = _("The endorsement no longer holds: the file has to be endorsed again.") if voided else ""
    return jsonify(said=_("All changes saved %(time)s", time=clock_words(now)), warning=warning, units=marks), 200


def refused(refusal: Refusal, *, kept: bool) -> Answer:
    """For good: what stands on the page stays there, and is sent no more."""
    late = _("What you wrote is kept as a late draft. Only you can see it.")
    reason = _("Could not save: %(reason)s", reason=sentence(refusal))
    return jsonify(said=f"{reason} {late}" if kept else reason, final=True), STATUS[refusal]
