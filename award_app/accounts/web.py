"""What signing in, accepting an invitation and changing a password do with the browser and its session."""

from __future__ import annotations

from flask import abort, request, session
from flask_login import current_user, login_user

from award_app import clock
from award_app.accounts import limits, sessions
from award_app.accounts.models import Person
from award_app.db import transaction
from award_app.web.guard import viewer


def let_in(person: Person) -> None:
    """A fresh session on both sides; one this browser had before ends."""
    email = person.email
    with transaction():
        if current_user.is_authenticated:
            sessions.end(viewer().session_token, now=clock.now())
        token = sessions.start(person, now=clock.now())
    the_password_was_right(email)
    remember(person, token)


def remember(person: Person, token: str) -> None:
    session.clear()
    person.session_token = token
    login_user(person)


def slow_down(account: str) -> None:
    """Before a password is looked at."""
    if limits.too_many(account, request.remote_addr or ""):
        abort(429)


def the_password_was_right(account: str) -> None:
    limits.forget(account, request.remote_addr or "")
