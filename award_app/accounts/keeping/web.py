"""Keeping what a form held that came too late: for its session, or for the time in which its sender had proved herself."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request

from award_app import clock
from award_app.accounts.keeping import offering, operations
from award_app.accounts.sessions import Past, Why
from award_app.db import db, transaction
from award_app.web import typed

# A session that ended by itself, or because she may do something else now, was hers to the end. After a sign-out, a new
# password or a closed account whoever still holds the cookie may be a stranger: nothing is kept from him.
KEPT_AFTER: Final = frozenset({Why.TIME, Why.RIGHTS})


def keep_for(past: Past) -> str | None:
    """Keep this request's form for the person of a session that is over. Returns the page to go on from."""
    if not past.active or past.why not in KEPT_AFTER or not past.lately:
        return None
    return keep(past.person_id)


def keep(person_id: int) -> str | None:
    """Only what was sent with a valid token against forgery comes here: the check runs before. What a module sends by
    itself stays on its own page."""
    fields, page = _fields(), page_of_the_form()
    if not fields or page is None or "json" in request.headers.get("Accept", ""):
        return None
    db.session.rollback()  # SQLite cannot turn reading into writing once somebody else has written
    with transaction():
        path = urlsplit(page).path
        kept = operations.keep(person_id, fields, path=path, action=request.path, now=clock.now())
    return page if kept else None


def page_of_the_form() -> str | None:
    """The page that shows the form: the one it came from, or its own address where that is a page too."""
    came = urlsplit(request.referrer or "")
    ours = came.netloc == request.host and came.path.startswith("/")
    if "GET" in current_app.create_url_adapter(request).allowed_methods():  # type: ignore[union-attr]  # none only outside a request
        return f"{request.path}?{came.query}" if ours and came.path == request.path and came.query else request.path
    return f"{came.path}?{came.query}" if ours and came.query else came.path if ours else None


def _fields() -> list[tuple[str, str]]:
    """Texts and choices: no passwords, codes, tokens or files. Empty where nobody typed or chose anything."""
    sent = [(name, value) for name, value in request.form.items(multi=True) if not typed.is_secret(name)]
    by_hand = [name for name, value in sent if value.strip() and name not in offering.BUTTONS]
    return sent if any(not name.startswith("seen") for name in by_hand) else []


def _forget_what_was_sent(response: Response) -> Response:
    """The page of a form that was kept went through now."""
    person_id = g.get("keeps")
    if person_id is not None and request.method == "POST" and response.status_code < 400 and not response.is_json:
        db.session.rollback()
        with transaction():
            operations.sent(person_id, request.path)
    return response


def init_app(app: Flask) -> None:
    app.after_request(_forget_what_was_sent)
    app.jinja_env.globals["kept_note"] = offering.note
