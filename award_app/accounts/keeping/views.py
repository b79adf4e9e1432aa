"""What was typed and came too late.

POST /account/kept   throws one of one's own kept forms away
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import Flask, flash, g, redirect, request, url_for
from flask_babel import gettext as _

from award_app import access, clock
from award_app.accounts.keeping import operations, queries, web
from award_app.accounts.models import Person
from award_app.accounts.views import Answer, bp
from award_app.db import transaction
from award_app.domain.vocabulary import Action
from award_app.web.guard import guarded, viewer
from award_app.web.tasks import Task, add_tasks


@bp.post("/account/kept")
@guarded(Action.SEE_ACCOUNT)
def throw_away() -> Answer:
    person, number = viewer(), request.form.get("kept", "")
    access.require(person, Action.SEE_ACCOUNT, now=clock.now())
    with transaction():
        known = number.isascii() and number.isdigit() and len(number) < 10
        page = operations.throw_away(person.id, int(number)) if known else None
    flash(_("It is thrown away."))
    return redirect(page or url_for(".start"))


def _tasks(person: Person, _now: datetime) -> Iterator[Task]:
    """Asked for only where the session says that something waits."""
    if g.get("keeps") != person.id:
        return
    for kept in queries.waiting(person.id):
        yield Task(
            _("Something you typed waits for you"),
            _("It came too late for its session and has not been sent. You find it in the fields of its page."),
            kept.path,
            _("Go to the page"),
            count=1,
        )


def init_app(app: Flask) -> None:
    web.init_app(app)
    add_tasks(app, _tasks)
