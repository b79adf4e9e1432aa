"""Every route names its policy action or stands on the public list; anonymous people are asked to sign in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import LoginManager, current_user
from werkzeug.wrappers import Response as AnyResponse

from award_app import clock
from award_app.accounts import sessions
from award_app.accounts.models import Person
from award_app.db import db, transaction
from award_app.domain.vocabulary import Action
from award_app.web import typed

View = TypeVar("View", bound=Callable[..., Any])

# Everybody may ask for these. The architecture test reads this list.
PUBLIC = frozenset(
    {
        "static",
        "health.health",
        "metrics.metrics",  # asks for a token of its own
        "accounts.sign_in",
        "accounts.sign_out",
        "accounts.invitation",
        "accounts.accept_invitation",
        "accounts.address",
        "accounts.confirm_address",
        "public.root",
        "public.award",
        "public.laureates",
        "public.laureate",
        "public.portrait",
        "public.women",
        "public.atom",
        "public.about",
        "public.terms",
        "public.robots",
        "demo.mailbox",
        "demo.letter",
        "demo.move_clock",
        "demo.design",
    }
)
# What lies under these is private: an anonymous person is asked to sign in, whether the thing exists or not.
PRIVATE_PREFIXES = frozenset(
    {
        "home",
        "account",
        "cycles",
        "people",
        "nominations",
        "screening",
        "panel",
        "results",
        "reports",
        "announcements",
        "ledger",
        "letters",
        "files",
    }
)


def guarded(action: Action) -> Callable[[View], View]:
    """Name the policy action of a route. The view, or the operation it calls, asks it for the thing at hand."""

    def mark(view: View) -> View:
        view.policy_action = action  # type: ignore[attr-defined]
        return view

    return mark


def viewer() -> Person:
    """The signed-in person of a guarded route."""
    return cast(Person, current_user._get_current_object())


def _check() -> AnyResponse | tuple[str, int] | None:
    if "\x00" in request.path:  # no address of ours holds one, and PostgreSQL would refuse the question
        abort(404)
    if request.endpoint is None:
        return _ask_to_sign_in() if _is_private(request.path) and not current_user.is_authenticated else None
    if request.endpoint in PUBLIC:
        return None
    if not hasattr(current_app.view_functions[request.endpoint], "policy_action"):
        abort(404)
    return None if current_user.is_authenticated else _ask_to_sign_in()


def _is_private(path: str) -> bool:
    return path.lstrip("/").split("/")[0] in PRIVATE_PREFIXES


def _ask_to_sign_in() -> AnyResponse | tuple[str, int]:
    """After signing in a page is shown again; what a form held is given back to copy, and never sent a second time."""
    kept = typed.texts()
    if kept:
        action = (url_for("accounts.sign_in", next=_page_of_the_form()), _("Sign in"))
        return render_template("errors/signed_out.html", kept=kept, action=action), 403
    onward = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=onward))


def _page_of_the_form() -> str | None:
    """Where she can paste it; whoever reads `next` follows local addresses only."""
    return urlsplit(request.referrer).path if request.referrer else None


def _load(token: str) -> Person | None:
    row = sessions.resume(token, now=clock.now())
    if row is None:
        return None
    if sessions.is_stale(row, now=clock.now()):
        g.seen_sign_in = row.id
    return row.person


def _remember_seen(response: Response) -> Response:
    """The idle time counts from the last page; noted after the work, in a transaction of its own."""
    seen = g.pop("seen_sign_in", None)
    if seen is not None:
        db.session.rollback()  # SQLite cannot turn the page's reading into writing once somebody else has written
        with transaction():
            sessions.touch(seen, now=clock.now())
    return response


def init_app(app: Flask) -> None:
    # Set, not set by default: Flask has given them values already, and its own SameSite is none at all.
    app.config.update(SESSION_COOKIE_SAMESITE="Lax", SESSION_COOKIE_HTTPONLY=True, WTF_CSRF_TIME_LIMIT=None)
    manager = LoginManager(app, add_context_processor=False)  # templates say `person`: public pages know nobody
    manager.session_protection = None  # the row decides, not the browser's address
    manager.user_loader(_load)
    app.before_request(_check)
    app.after_request(_remember_seen)
