"""What a refusal looks like: its status for a program, its sentence for a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import structlog
from flask import Flask, g, has_request_context, render_template
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException, SecurityError

from award_app.db import db
from award_app.domain.vocabulary import Refusal, Refused
from award_app.web import typed

log = structlog.get_logger()

STATUS: Final[Mapping[Refusal, int]] = {
    Refusal.NOT_FOUND: 404,
    Refusal.NOT_YOURS: 403,
    Refusal.DECLARE_FIRST: 403,
    Refusal.CONFLICT: 403,
    Refusal.SAME_PERSON: 403,
    Refusal.WRONG_STATE: 409,
    Refusal.TOO_EARLY: 409,
    Refusal.TOO_LATE: 409,
    Refusal.CHANGED_MEANWHILE: 409,
    Refusal.ALREADY_DONE: 409,
    Refusal.QUOTA_FULL: 409,
    Refusal.SURVIVOR: 409,
    Refusal.UNFINISHED: 409,
    Refusal.NO_CONSENT: 409,
    Refusal.NO_CLEARANCE: 409,
    Refusal.UNDER_QUORUM: 409,
    Refusal.NAME_DIFFERS: 409,
    Refusal.INCOMPLETE: 409,
    Refusal.INVALID: 400,
    Refusal.SPENT: 410,
}

WORDS: Final[Mapping[Refusal, LazyString]] = {
    Refusal.NOT_FOUND: _l("There is nothing at this address."),
    Refusal.NOT_YOURS: _l("This step belongs to somebody else's part in the award."),
    Refusal.DECLARE_FIRST: _l("Before you open this file, please say whether you have a conflict of interest in it."),
    Refusal.CONFLICT: _l("You have a conflict of interest in this file, so it stays closed to you."),
    Refusal.SAME_PERSON: _l("This needs a second person. You have already done the first part."),
    Refusal.WRONG_STATE: _l("This step does not fit where the file stands now."),
    Refusal.TOO_EARLY: _l("It is too early for this. The time for this step has not begun."),
    Refusal.TOO_LATE: _l("It is too late for this. The time for this step has passed."),
    Refusal.CHANGED_MEANWHILE: _l("Somebody changed this at the same moment. Nothing of yours was carried out."),
    Refusal.ALREADY_DONE: _l("This has been done already. It does not need to be done again."),
    Refusal.QUOTA_FULL: _l("Your mission has already handed in as many files as its quota allows."),
    Refusal.SURVIVOR: _l("This file says that its text identifies a survivor. Return it for rewording first."),
    Refusal.UNFINISHED: _l("Something is still missing before this can be done."),
    Refusal.NO_CONSENT: _l("Nothing is published without the nominee's recorded consent."),
    Refusal.NO_CLEARANCE: _l("A file on the shortlist has no conduct clearance yet."),
    Refusal.UNDER_QUORUM: _l("A file has fewer scores than the quorum."),
    Refusal.NAME_DIFFERS: _l("The name you typed is not the name of the laureate. Nothing has been released."),
    Refusal.INCOMPLETE: _l("The file is not complete yet."),
    Refusal.INVALID: _l("Something in the form is not as it should be."),
    Refusal.SPENT: _l("This link has been used, has expired or was replaced by a newer one."),
}


# When nothing else can be shown: in both working languages, for nobody knows any more which one is wanted.
LAST_WORDS: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Laurel</title></head>
<body><main><h1>Something went wrong on our side</h1>
<p>What you had saved before is safe. Try again in a few minutes.</p>
<p lang="fr">Une erreur est survenue de notre côté. Ce que vous aviez enregistré est en sécurité. Réessayez dans quelques minutes.</p>
</main></body></html>
"""


def sentence(refusal: Refusal) -> str:
    """Why not, in words; what a person is told is what the ledger says of it (web/recording.py)."""
    if has_request_context():
        g.refused = refusal
    return str(WORDS[refusal])


def _refused(error: Refused) -> tuple[str, int]:
    status, reason = STATUS[error.refusal], sentence(error.refusal)
    page = status if status in {400, 403, 404, 409, 410} else 409
    return render_template(f"errors/{page}.html", reason=reason, kept=typed.texts()), status


def _collided(error: IntegrityError) -> tuple[str, int]:
    """The database held an invariant that two people reached for at once: the loser hears so, and nothing was done."""
    db.session.rollback()
    log.warning("constraint held", constraint=_constraint(error))
    page = render_template("errors/409.html", reason=sentence(Refusal.CHANGED_MEANWHILE), kept=typed.texts())
    return page, 409


def _constraint(error: IntegrityError) -> str:
    """The constraint's name; never the row, which holds people's words."""
    diagnosis = getattr(error.orig, "diag", None)
    return str(getattr(diagnosis, "constraint_name", None) or str(error.orig).split("\n")[0][:120])


def _http(error: HTTPException) -> tuple[str, int, dict[str, str]] | HTTPException:
    if isinstance(error, SecurityError):
        return error  # a host name we do not answer to: no page, for its links would name that host
    code = error.code or 500
    if code == 500:
        return _broken()
    if code in {400, 403, 404, 405, 409, 410, 413, 429}:
        page = render_template(f"errors/{code}.html", reason=None, kept=typed.texts(), wait=_wait(error))
        return page, code, _headers(error)
    return error


def _broken() -> tuple[str, int, dict[str, str]]:
    """What broke may be what knows people: this page asks for nobody. It may also be what pages are made of."""
    g.nobody = True
    try:
        db.session.rollback()
        return render_template("errors/500.html", reason=None, kept=typed.texts()), 500, {}
    except Exception:  # whatever it was: somebody still gets an answer, and it tells nothing
        log.exception("the page that says so is broken too")
        return LAST_WORDS, 500, {}


def _wait(error: HTTPException) -> int:
    """After how many minutes to try again, where somebody tried too often."""
    seconds = getattr(error, "retry_after", None)
    return max(1, -(-seconds // 60)) if isinstance(seconds, int) else 0


def _headers(error: HTTPException) -> dict[str, str]:
    """A 405 says what would be allowed, a 429 when to come back."""
    allowed, seconds = getattr(error, "valid_methods", None), getattr(error, "retry_after", None)
    if isinstance(seconds, int):
        return {"Retry-After": str(seconds)}
    return {"Allow": ", ".join(allowed)} if allowed else {}


def init_app(app: Flask) -> None:
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(IntegrityError, _collided)
    app.register_error_handler(HTTPException, _http)
