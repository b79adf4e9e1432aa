"""What a browser is told whose session has ended: why, where that is harmless, and what became of the form it sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from werkzeug.wrappers import Response

from award_app import clock
from award_app.accounts import sessions
from award_app.accounts.keeping import web as keeping
from award_app.accounts.sessions import Past, Why
from award_app.web import typed

# Of a closed account nothing is said, nor of a session that its holder ended by signing out.
WORDS: Final[Mapping[Why, LazyString]] = {
    Why.TIME: _l("You were signed out because a session ends after a time without a new page. Please sign in again."),
    Why.RIGHTS: _l("You were signed out because your appointments changed. Sign in to see what they are now."),
    Why.PASSWORD: _l("You were signed out because your password was changed."),
    Why.FACTOR: _l("You were signed out because your second step of signing in was replaced."),
    Why.DEVICE: _l("You were signed out because this session was ended from your page of devices."),
}


def ask_to_sign_in() -> Response | tuple[str, int]:
    """After signing in a page is shown again. What a form held is kept for the person whose session it was; where nobody
    knows whose it was, it is given back to copy. It is never sent a second time."""
    token = session.get("_user_id")
    over = sessions.past(str(token), now=clock.now()) if token else None
    page = keeping.keep_for(over) if over and request.method == "POST" and request.endpoint else None
    texts = [] if page else typed.texts()
    if page or texts:
        onward = page or keeping.page_of_the_form()
        action = (url_for("accounts.sign_in", next=onward), _("Sign in"))
        return render_template("errors/signed_out.html", kept=texts, for_her=bool(page), action=action), 403
    if over and request.method == "GET":
        _say(over)
    onward = request.full_path.rstrip("?") if request.method == "GET" else keeping.page_of_the_form()
    return redirect(url_for("accounts.sign_in", next=onward))


def lead_to_second(person_id: int) -> Response | tuple[str, int]:
    """To the page where she sets up her second factor, the only one that is open to her. A form she sent waits for her."""
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("accounts.own_second", next=request.full_path.rstrip("?")))
    page = keeping.keep(person_id)
    action = (url_for("accounts.own_second", next=page or keeping.page_of_the_form()), _("Set up a second factor"))
    return render_template(
        "errors/second.html", kept=[] if page else typed.texts(), for_her=bool(page), action=action
    ), 403


def ask_to_prove(person_id: int) -> Response:
    """A step that counts: the password again. What was typed waits on its page."""
    if request.method == "POST":
        onward = keeping.keep(person_id) or keeping.page_of_the_form()
    else:
        onward = request.full_path.rstrip("?")
    return redirect(url_for("accounts.prove", next=onward))


def _say(over: Past) -> None:
    sentence = WORDS.get(over.why) if over.active else None
    waiting = [text for _kind, text in session.get("_flashes", [])]
    if sentence is not None and str(sentence) not in waiting:
        flash(str(sentence), "warn")
