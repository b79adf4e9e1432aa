"""Refusals and reads of what is secret, written into the ledger when the work is over and before the answer leaves.

One place for all routes: each names its action, and `access` says what it was asked about. If a note cannot be written,
the answer is the page that something broke, and what was to be read is not shown (decision 12).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

import structlog
from flask import Flask, Response, current_app, g, request
from sqlalchemy import inspect, select
from sqlalchemy.exc import SQLAlchemyError

from award_app import access, clock, notes
from award_app.accounts.models import Person
from award_app.db import db
from award_app.domain.vocabulary import Action, Refusal
from award_app.notes import About

log = structlog.get_logger()

# An answer to one of these shows a score or the outcome.
READS: Final[Mapping[Action, str]] = {
    Action.SEE_RESULT: "read_result",
    Action.SEE_SHORTLIST: "read_shortlist",
    Action.PROPOSE_SHORTLIST: "read_shortlist",
    Action.DECIDE: "read_decision",
    Action.SEE_DECISION: "read_decision",
    Action.PROPOSE_CHANGE: "read_changes",
    Action.SEE_ANNOUNCEMENT: "read_announcement",
    Action.PREPARE_ANNOUNCEMENT: "read_announcement",
    Action.APPROVE_RELEASE: "read_announcement",
    Action.TELL: "read_announcement",
    Action.TAKE_BACK: "read_announcement",
    Action.SEE_OUTCOME: "read_outcome",
}
_SHOWN: Final = frozenset({200, 422})
_REFUSED: Final = {403: Refusal.NOT_YOURS, 404: Refusal.NOT_FOUND, 409: Refusal.CHANGED_MEANWHILE}


def _record(response: Response) -> Response:
    person, action = _signed_in(), _action()
    if person is not None and action is not None and request.method != "OPTIONS":
        if response.status_code in _REFUSED:
            _note_refusal(person, action, _REFUSED[response.status_code])
        elif response.status_code in _SHOWN and action in READS:
            thing, cycle_id = _thing(action, person)
            act = "read_changes" if request.blueprint == "changes" else READS[action]
            notes.note(act, thing, by=person, at=clock.now(), cycle_id=cycle_id)
    notes.write()
    failed = g.pop("failed_sign_in", None)
    if failed is not None:
        app = current_app._get_current_object()  # type: ignore[attr-defined]  # of a proxy, which has no types
        response.call_on_close(partial(_write_failure, app, failed, clock.now()))
    return response


def failed_sign_in(email: str) -> None:
    """Of a known account it is written, once in a quarter of an hour; looked up and written when the answer has left, so
    that the time it takes does not tell whether there is such an account."""
    g.failed_sign_in = email


def _write_failure(app: Flask, email: str, at: datetime) -> None:
    """The person is shown nothing that depends on it: what fails here is logged."""
    with app.app_context():
        try:
            person = db.session.scalars(select(Person).where(Person.email == email.strip().lower())).one_or_none()
            if person is not None:
                notes.note("sign_in_failed", person, by=None, at=at)
                notes.write()
        except SQLAlchemyError as error:
            log.warning("a failed sign-in is not in the ledger", error=type(error).__name__)


def _note_refusal(person: About, action: Action, otherwise: Refusal) -> None:
    """With the reason she was told; where a view words its own, the one that goes with the status."""
    thing, cycle_id = _thing(action, person)
    refusal = g.get("refused") or otherwise
    notes.note_refusal(action.name.lower(), refusal, thing, by=person, at=clock.now(), cycle_id=cycle_id)


def _signed_in() -> About | None:
    """Without asking the database: whoever was loaded for this request."""
    user: Any = g.get("_login_user")
    if not isinstance(user, Person):  # whether she is active was asked when she was loaded; a commit has expired that
        return None
    return About("person", inspect(user).identity[0])


def _action() -> Action | None:
    if request.endpoint is None:
        return None
    found: Action | None = getattr(current_app.view_functions[request.endpoint], "policy_action", None)
    return found


def _thing(action: Action, person: About) -> tuple[About, int | None]:
    """What the policy was asked about; of nothing at all, the person herself."""
    asked = access.asked_about(action)
    return (About(asked.table, asked.id), asked.cycle_id) if asked else (person, None)


def init_app(app: Flask) -> None:
    app.after_request(_record)
