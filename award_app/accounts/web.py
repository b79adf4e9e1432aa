"""What signing in, accepting an invitation and changing a password do with the browser and its session."""

from __future__ import annotations

from flask import redirect, request, session, url_for
from flask_login import current_user, login_user
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from award_app import clock
from award_app.accounts import limits, sessions
from award_app.accounts.devices import naming
from award_app.accounts.factors import halves
from award_app.accounts.factors import queries as factors
from award_app.accounts.factors.models import HalfSignIn
from award_app.accounts.models import Person
from award_app.db import transaction
from award_app.web.guard import viewer

_HALF = "half"


def admit(person: Person, onward: str | None = None) -> Response:
    """Her password was right. Who has a second factor is asked for it first; everybody else is in."""
    if not factors.has_any(person):
        let_in(person)
        return redirect(onward or url_for("accounts.start"))
    with transaction():
        _end_the_one_before()
        token = halves.begin(person, now=clock.now())
    session.clear()
    session[_HALF] = token
    return redirect(url_for("accounts.second", next=onward))


def half() -> HalfSignIn | None:
    """The sign-in of this browser that waits for a second factor."""
    token = session.get(_HALF)
    return halves.by_token(str(token), now=clock.now()) if token else None


def let_in(person: Person, *, second: bool = False) -> None:
    """A fresh session on both sides; one this browser had before ends."""
    email = person.email
    with transaction():
        _end_the_one_before()
        says = naming.browser(request.user_agent.string)
        token = sessions.start(person, now=clock.now(), second=second, browser=says)
    the_password_was_right(email)
    remember(person, token)


def _end_the_one_before() -> None:
    if current_user.is_authenticated:
        sessions.end(viewer().session_token, now=clock.now())


def remember(person: Person, token: str) -> None:
    session.clear()
    person.session_token = token
    login_user(person)


def slow_down(account: str, door: limits.Door = limits.Door.PASSWORD) -> None:
    """Before a password or a code is looked at."""
    seconds = limits.wait(account, request.remote_addr or "", door)
    if seconds:
        raise TooManyRequests(retry_after=seconds)


def it_was_right(account: str, door: limits.Door = limits.Door.PASSWORD) -> None:
    limits.forget(account, request.remote_addr or "", door)


def the_password_was_right(account: str) -> None:
    it_was_right(account)
