"""Every route names its policy action or stands on the public list; anonymous people are asked to sign in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, Response, abort, current_app, g, request
from flask_login import LoginManager, current_user
from werkzeug.wrappers import Response as AnyResponse

from award_app import access, clock
from award_app.accounts import sessions
from award_app.accounts.models import Person
from award_app.db import db, transaction
from award_app.domain import policy
from award_app.domain.policy import PROVED_ANEW
from award_app.domain.vocabulary import Action
from award_app.web import ended

View = TypeVar("View", bound=Callable[..., Any])

# Everybody may ask for these. The architecture test reads this list.
PUBLIC = frozenset(
    {
        "static",
        "health.health",
        "metrics.metrics",  # asks for a token of its own
        "accounts.sign_in",
        "accounts.sign_out",
        "accounts.second",
        "accounts.show_second",
        "accounts.show_passkey",
        "accounts.invitation",
        "accounts.accept_invitation",
        "accounts.forgotten",
        "accounts.ask_reset",
        "accounts.reset",
        "accounts.choose_password",
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
        "well_known.security",
        "public.sitemap",
        "demo.mailbox",
        "demo.letter",
        "demo.move_clock",
        "demo.design",
    }
)
# All there is for somebody who needs a second factor and has none yet.
WITHOUT_SECOND = frozenset(
    {
        "accounts.own_second",
        "accounts.own_second_language",
        "accounts.authenticator",
        "accounts.begin_authenticator",
        "accounts.confirm_authenticator",
        "accounts.authenticator_picture",
        "accounts.passkey",
        "accounts.begin_passkey",
        "accounts.add_passkey",
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
        return ended.ask_to_sign_in() if _is_private(request.path) and not current_user.is_authenticated else None
    if request.endpoint in PUBLIC:
        return None
    action = getattr(current_app.view_functions[request.endpoint], "policy_action", None)
    if action is None:
        abort(404)
    if not current_user.is_authenticated:
        return ended.ask_to_sign_in()
    if lacks_second(viewer()) and request.endpoint not in WITHOUT_SECOND:
        return ended.lead_to_second(viewer().id)
    return ask_to_prove() if action in PROVED_ANEW else None


def lacks_second(person: Person) -> bool:
    """Her part in the award needs a second factor, and in this session she has shown none. It asks the database nothing."""
    return not person.second_shown and policy.needs_second_factor(a.role for a in access.appointments(person))


def ask_to_prove() -> AnyResponse | None:
    """None for whoever has lately shown who she is."""
    return None if g.get("proved") else ended.ask_to_prove(viewer().id)


def _is_private(path: str) -> bool:
    return path.lstrip("/").split("/")[0] in PRIVATE_PREFIXES


def _load(token: str) -> Person | None:
    now = clock.now()
    g.keeps, g.proved = None, False
    found = sessions.resume(token, now=now)
    if found is None:
        return None
    if sessions.is_stale(found.row, now=now):
        g.seen_sign_in = found.row.id
    g.proved = sessions.proved_lately(found.row, now=now)
    g.keeps = found.row.person_id if found.keeps else None
    return found.row.person


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
